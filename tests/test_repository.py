"""What the repository says about itself is true: its commands run, and its sessions happen just so."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import novasim

ROOT = Path(__file__).parent.parent
FOR_USERS = [ROOT / "README.md", *sorted((ROOT / "novasim" / "manual").glob("*.md"))]
PAGES = sorted({*ROOT.glob("*.md"), *FOR_USERS})

# A block after the mark "run" is run: `sh` and `python` must succeed, `console` must print just what the page shows.
# A block after "continue" goes on where the one before it ended.
MARKED = re.compile(r"^<!-- (run|continue) -->\n```(sh|console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^(?:<!-- ([^\n]*) -->\n)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN_ELSEWHERE = ("test", "not run: ")  # by tests/clients, or by nobody and for this reason
BETWEEN = "=== the next block ===\n"


def chains(text: str) -> list[tuple[str, list[str]]]:
    """The blocks to run in a page: their kind, and the contents of those that go on from each other."""
    found: list[tuple[str, list[str]]] = []
    for mark, kind, content in MARKED.findall(text):
        if mark == "run":
            found.append((kind, [content]))
        else:
            assert found[-1][0] == kind == "console", "only sessions go on"
            found[-1][1].append(content)
    return found


BLOCKS = [
    pytest.param(page, kind, texts, id=f"{page.name}-{number}")
    for page in PAGES
    for number, (kind, texts) in enumerate(chains(page.read_text("utf-8")), 1)
]
FOREIGN = re.compile(
    r"(?<![\w.])/(work|root|tmp/nv|tmp/brief|opt/wheels|opt/pypi)\b"
    r"|\b(pypi\.org|pythonhosted\.org|npmjs\.(org|com)|(deb|security)\.debian\.org|golang\.org|crates\.io)\b"
)


def foreign_words(text: str) -> list[str]:
    """Paths of one machine and hosts of package registries, neither of which means anything to a reader."""
    return [match.group() for match in FOREIGN.finditer(text)]


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:  # a picture
        return ""


def run_in_shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run *script* in an empty folder, with this checkout's novasim as the command of that name."""
    command = folder / "bin" / "novasim"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m novasim "$@"\n')
    command.chmod(0o755)
    (folder / "empty").mkdir()
    started = subprocess.Popen(
        ["sh", "-c", script],
        cwd=folder / "empty",
        env={**os.environ, "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = started.communicate(timeout=120)
    finally:
        with suppress(ProcessLookupError):  # a server that it left behind would keep the output open
            os.killpg(started.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(script, started.returncode, printed)


def script_of_session(transcript: str) -> str:
    """A script that prints each of its commands behind a prompt, as a person would have seen them."""
    commands = [line[2:] for line in transcript.splitlines() if line.startswith("$ ")]
    return "\n".join(f"cat <<'END'\n$ {command}\nEND\n{command}" for command in commands)


@pytest.mark.skipif(os.name == "nt", reason="the pages show a POSIX shell")
@pytest.mark.parametrize(("page", "kind", "texts"), BLOCKS)
def test_a_page_shows_what_happens(page, kind, texts, tmp_path, update):
    if kind != "console":
        if "curl " in texts[0] and not shutil.which("curl"):
            pytest.skip("curl is not installed")
        script = texts[0] if kind == "sh" else f"PYTHONPATH={ROOT} {sys.executable} - <<'END'\n{texts[0]}END"
        done = run_in_shell(f"set -eu\n{script}", tmp_path)
        assert done.returncode == 0, done.stdout
        return
    script = f"\necho '{BETWEEN.strip()}'\n".join(map(script_of_session, texts))
    printed = re.sub(r" +$", "", run_in_shell(script, tmp_path).stdout, flags=re.MULTILINE).split(BETWEEN)
    if update:
        content = page.read_text("utf-8")
        for old, new in zip(texts, printed, strict=True):
            content = content.replace(old, new)
        page.write_text(content, "utf-8")
    else:
        assert printed == texts, "if that is as it should be: make generate"


@pytest.mark.parametrize("page", FOR_USERS, ids=lambda page: page.name)
def test_every_block_of_a_page_is_run(page):
    for mark, kind, content in BLOCK.findall(page.read_text("utf-8")):
        runs = mark in ("run", "continue") and kind in ("sh", "console", "python")
        assert runs or mark.startswith(RUN_ELSEWHERE), f"say <!-- run --> or <!-- not run: WHY -->:\n{content}"


def test_blocks_to_run_are_found():
    page = "<!-- run -->\n```console\n1\n```\n\n```sh\nnot marked\n```\n<!-- continue -->\n```console\n2\n```\n"
    assert chains(page) == [("console", ["1\n", "2\n"])]
    assert [mark for mark, _, _ in BLOCK.findall(page)] == ["run", "", "continue"]
    assert script_of_session("$ echo a\na\n$ echo b\nb\n").count("echo") == 4


@pytest.mark.skipif(os.name == "nt" or not shutil.which("ps"), reason="needs a POSIX shell, and ps")
def test_what_a_block_leaves_running_is_ended(tmp_path):
    pid = run_in_shell("sleep 600 >/dev/null 2>&1 & echo $!", tmp_path).stdout.strip()

    def state() -> str:
        done = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    assert any(state()[:1] in ("", "Z") for _ in range(1000)), "it goes on"


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_a_session_prints_its_own_transcript(tmp_path):
    transcript = "$ echo 'one  two'\none  two\n$ false || echo $?\n1\n"
    assert run_in_shell(script_of_session(transcript), tmp_path).stdout == transcript


def test_no_file_names_a_machine_or_a_registry():
    found = {path.relative_to(ROOT).as_posix(): foreign_words(read_text(path)) for path in tracked_files()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("text", ["cd /" + "work/main", "/" + "tmp/nv/bin/python", "https://" + "pypi." + "org/simple"])
def test_machines_and_registries_would_be_found(text):
    assert foreign_words(text)
    assert not foreign_words("a framework/part, https://example.com/work and ../shared")


def test_the_change_log_knows_this_version():
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## {re.escape(novasim.__version__)}\b", changes, re.MULTILINE)


@pytest.mark.parametrize("page", [*PAGES, ROOT / ".ci" / "run"], ids=lambda page: page.name)
def test_pages_name_only_targets_that_exist(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
    assert {first or second for first, second in named} <= targets


def test_links_between_pages_lead_somewhere():
    links = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text("utf-8"))]
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []
