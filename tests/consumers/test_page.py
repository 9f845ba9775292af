"""The files that the manual shows are those that the tests use."""

from __future__ import annotations

import re

from tests.pages import MANUAL, ROOT

SHOWN = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_manual_shows_the_files_of_the_tests():
    shown = SHOWN.findall((MANUAL / "ontop.md").read_text("utf-8"))
    assert shown == [(name, (ROOT / name).read_text("utf-8")) for name, _ in shown] != []
