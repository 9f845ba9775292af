"""The pages of the repository: their blocks run as shown, their links work, and no file names a machine or registry."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import novasim
from tests import each_case
from tests.pages import (
    BLOCK,
    PAGES,
    ROOT,
    SEPARATOR,
    USER_PAGES,
    build_script,
    build_session_script,
    find_runnable_blocks,
    run_in_terminal,
)

OTHER_MARKS = ("test", "pytest", "file: ", "not run: ")
"""Run by tests/clients, run below, compared with a file by tests/cli/openstack, or not run for the given reason."""

BLOCKS = [
    pytest.param(page, kind, texts, id=f"{page.name}-{number}")
    for page in PAGES
    for number, (kind, texts) in enumerate(find_runnable_blocks(page.read_text("utf-8")), 1)
]
FOREIGN_WORDS = re.compile(
    r"(?<![\w.])/(work|root|tmp/nv|tmp/brief|opt/wheels|opt/pypi)\b"
    r"|\b(pypi\.org|pythonhosted\.org|npmjs\.(org|com)|(deb|security)\.debian\.org|golang\.org|crates\.io)\b"
)


def find_foreign_words(text: str) -> list[str]:
    """Return paths of a machine and hosts of package registries, which have no meaning to readers."""
    return [match.group() for match in FOREIGN_WORDS.finditer(text)]


def list_tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:  # an image
        return ""


def find_missing_names(text: str) -> list[str]:
    """Return paths in backquotes that do not exist, and names "`X` of `file.py`" that the file does not define."""
    paths = [path for path in re.findall(r"`([\w/.]+/(?:\w+\.(?:py|md|txt))?)`", text) if not find_path(path)]
    names = re.findall(r"`([A-Z_]+)`\s+of\s+`([\w/.]+\.py)`", text)
    return paths + [name for name, path in names if not re.search(rf"^{name}\b", read_text(find_path(path)), re.M)]


def find_path(name: str) -> Path | None:
    root = ROOT / name
    return root if root.exists() else next((ROOT / "novasim").rglob(name), None)


def test_paths_and_names_in_contributing_exist():
    new = {"cli/nouns/compute/reservation.py"}  # of the example
    assert set(find_missing_names((ROOT / "CONTRIBUTING.md").read_text("utf-8"))) <= new
    assert find_missing_names("`tests/spec/test_courses.py`, `X_Y` of\n`tests/conftest.py`, `api/nothing/`") == [
        "tests/spec/test_courses.py",
        "api/nothing/",
        "X_Y",
    ]


UNPUBLISHED = re.compile(r"\b(surprises|real-clients|matrix_\w+|status_map|nova-facts)\b(?!\.json)")


def test_sources_cite_only_what_readers_can_find():
    cited = [path for path in (ROOT / "novasim").rglob("*.py") if UNPUBLISHED.search(read_text(path))]
    assert cited == []


@pytest.mark.skipif(os.name == "nt", reason="the pages show a POSIX shell")
@pytest.mark.parametrize(("page", "kind", "texts"), BLOCKS)
def test_blocks_of_a_page_run_as_shown(page, kind, texts, tmp_path, update):
    if "curl " in texts[0] and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    scripts = [build_script(kind, text) for text in texts]
    if kind != "console":
        done = run_in_terminal("\n".join(["set -eu", *scripts]), tmp_path)
        assert done.code == 0, done.text
        return
    output = run_in_terminal(f"\necho '{SEPARATOR.strip()}'\n".join(scripts), tmp_path).text.split(SEPARATOR)
    if update:
        content = page.read_text("utf-8")
        for old, new in zip(texts, output, strict=True):
            content = content.replace(old, new)
        page.write_text(content, "utf-8")
    else:
        assert output == texts, "if the new output is right, run make generate"


@each_case("page", USER_PAGES)
def test_every_block_of_a_page_is_marked(page):
    for mark, kind, content in BLOCK.findall(page.read_text("utf-8")):
        runs = mark in ("run", "continue") and kind in ("sh", "console", "python")
        assert runs or mark.startswith(OTHER_MARKS), f"mark it <!-- run --> or <!-- not run: REASON -->:\n{content}"


@each_case("page", USER_PAGES)
def test_sessions_share_no_cloud_and_leave_no_variables(page):
    """All pages are typed into one shell (tests/test_pages.py)."""
    sessions = ["".join(texts) for kind, texts in find_runnable_blocks(page.read_text("utf-8")) if kind == "console"]
    for session in sessions:
        assert session.startswith(f"$ export NOVASIM_CLOUD={page.stem.lower()}.json\n"), "a cloud of the page's own"
        assert session.splitlines()[-1] == "$ unset NOVASIM_CLOUD"
        assert session.count("$ export NOVASIM_") == 1, "use 'novasim cloud init --seed' and 'novasim clock set'"
    assert len(sessions) <= 1, "continue the session"


def test_runnable_blocks_are_found():
    page = "<!-- run -->\n```console\n1\n```\n\n```sh\nnot marked\n```\n<!-- continue -->\n```console\n2\n```\n"
    assert find_runnable_blocks(page) == [("console", ["1\n", "2\n"])]
    assert [mark for mark, _, _ in BLOCK.findall(page)] == ["run", "", "continue"]
    assert build_session_script("$ echo a\na\n$ echo b\nb\n").count("echo") == 4
    assert "\n$ cat <<E\n> x\n> E\nEND_OF_COMMAND\ncat <<E\nx\nE" in build_session_script("$ cat <<E\n> x\n> E\nx\n")


@pytest.mark.skipif(os.name == "nt" or not shutil.which("ps"), reason="needs a POSIX shell, and ps")
def test_processes_that_a_block_leaves_are_killed(tmp_path):
    pid = run_in_terminal("sleep 600 & echo $!", tmp_path).text.strip()

    def state() -> str:
        process = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False)
        return process.stdout.strip()

    assert any(state()[:1] in ("", "Z") for _ in range(1000)), "the process still runs"


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_a_session_script_prints_the_transcript(tmp_path):
    transcript = "$ echo 'one  two'\none  two\n$ false || echo $?\n1\n"
    assert run_in_terminal(build_session_script(transcript), tmp_path).text == transcript


def test_no_file_names_a_machine_or_a_registry():
    found = {path.relative_to(ROOT).as_posix(): find_foreign_words(read_text(path)) for path in list_tracked_files()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("text", ["cd /" + "work/main", "/" + "tmp/nv/bin/python", "https://" + "pypi." + "org/simple"])
def test_names_of_machines_and_registries_are_found(text):
    assert find_foreign_words(text)
    assert not find_foreign_words("a framework/part, https://example.com/work and ../shared")


def test_the_changelog_has_this_version():
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## {re.escape(novasim.__version__)}\b", changes, re.MULTILINE)


@each_case("page", [*PAGES, ROOT / ".ci" / "run"])
def test_pages_name_only_existing_make_targets(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
    assert {first or second for first, second in named} <= targets


def test_links_between_pages_have_targets():
    links = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text("utf-8"))]
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_each_entry_of_the_change_log_is_one_line():
    lines = (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("  ") or (line.startswith("- ") and len(line) > 120)] == []
