"""novasim manual: all pages, plain in a pipe and formatted on a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from novasim.cli.learning.manual import PAGES
from tests.cli.test_terminal import ESCAPES, typed

FOLDER = Path(__file__).parents[2] / "novasim" / "manual"


def test_the_list_names_every_page(user):
    names = [line.split()[0] for line in user("manual").stdout.splitlines()]
    assert sorted(names) == sorted(PAGES) == sorted(file.stem for file in FOLDER.glob("*.md"))


@pytest.mark.parametrize("page", PAGES)
def test_piped_page_is_plain(user, page):
    shown = user(f"manual {page}").stdout
    assert shown.startswith("# ") and "<!--" not in shown and "\x1b" not in shown


def test_page_is_formatted_on_a_terminal():
    def shown(**environment: str) -> str:
        return typed(["manual", "scripts"], columns=70, NOVASIM_PAGER="cat", **environment)[0]

    assert "\x1b[1m" in shown()
    plain = shown(NO_COLOR="1")
    assert not re.search(r"\x1b\[3\d", plain) and "## " not in plain
    assert all(len(ESCAPES.sub("", line).rstrip("\r")) <= 70 for line in plain.split("\n"))


def test_mistyped_page_gets_a_suggestion(user):
    assert "Did you mean tutorial?" in user("manual tutoral", code=2).stderr


def test_the_manual_needs_no_cloud(new_user):
    new_user("manual tutorial")
    assert not new_user.path.exists()


def test_help_fits_a_narrow_terminal():
    shown = ESCAPES.sub("", typed(["help", "record"], columns=36, NOVASIM_PAGER="cat")[0]).replace("\r", "")
    assert all(len(line) <= 36 for line in shown.splitlines())
    assert "\n  check\n        Check that the record is\n" in shown


def test_group_without_a_command_shows_whole_summaries(user):
    assert user("record", 2).stderr.strip() == user("record --help").stdout.strip()
