"""What the repository says about itself is true: its commands run, and its sessions happen just so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import novasim

ROOT = Path(__file__).parent.parent
PAGES = sorted(ROOT.glob("*.md"))

# A block after this mark is run: `sh` and `python` must succeed, `console` must print just what the page shows.
MARKED = re.compile(r"^<!-- run -->\n```(sh|console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(page, kind, text, id=f"{page.name}-{number}")
    for page in PAGES
    for number, (kind, text) in enumerate(MARKED.findall(page.read_text("utf-8")), 1)
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
    return subprocess.run(
        ["sh", "-c", script],
        cwd=folder / "empty",
        env={**os.environ, "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )


def script_of_session(transcript: str) -> str:
    """A script that prints each of its commands behind a prompt, as a person would have seen them."""
    commands = [line[2:] for line in transcript.splitlines() if line.startswith("$ ")]
    return "\n".join(f"cat <<'END'\n$ {command}\nEND\n{command}" for command in commands)


@pytest.mark.skipif(os.name == "nt", reason="the pages show a POSIX shell")
@pytest.mark.parametrize(("page", "kind", "text"), BLOCKS)
def test_a_page_shows_what_happens(page, kind, text, tmp_path, update):
    if kind != "console":
        script = text if kind == "sh" else f"PYTHONPATH={ROOT} {sys.executable} - <<'END'\n{text}END"
        done = run_in_shell(f"set -eu\n{script}", tmp_path)
        assert done.returncode == 0, done.stdout
        return
    printed = re.sub(r" +$", "", run_in_shell(script_of_session(text), tmp_path).stdout, flags=re.MULTILINE)
    if update:
        page.write_text(page.read_text("utf-8").replace(text, printed), "utf-8")
    else:
        assert printed == text, "if that is as it should be: make generate"


def test_blocks_to_run_are_found():
    assert MARKED.findall("<!-- run -->\n```sh\ntrue\n```\n\n```sh\nnot marked\n```\n") == [("sh", "true\n")]
    assert script_of_session("$ echo a\na\n$ echo b\nb\n").count("echo") == 4


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
