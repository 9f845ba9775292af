"""Tests that must fail with another kind of cloud, listed with reasons in files."""

from __future__ import annotations

from pathlib import Path

import pytest


def read_exceptions(path: Path) -> dict[str, str]:
    """The names of tests in a list, and the reasons, which are the lines without indentation before them."""
    reasons, reason = {}, ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("    "):
            reasons[line.strip()] = reason
        elif not line.startswith("#"):
            reason = line or reason
    return reasons


def mark_exceptions(items: list[pytest.Item], path: Path, folder: str) -> None:
    """
    Expect that the listed tests fail, and that no other test does.

    Args:
        path: The list. folder: The tests that it is for, as tests/cli; its names are those below that.
    """
    reasons = read_exceptions(path)
    for item in items:
        name = item.nodeid.removeprefix(f"{folder}/")
        if reason := reasons.get(name) or reasons.get(name.partition("[")[0]):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
