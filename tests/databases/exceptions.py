"""Tests that must fail with another kind of cloud than a file, listed with reasons."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
LISTS = {
    "http": TESTS / "remote/exceptions.txt",
    **dict.fromkeys(("sqlite", "postgresql"), TESTS / "databases/exceptions.txt"),
}
"""The lists by NOVASIM_TESTS_CLOUD, which names the kind of cloud."""


def mark_exceptions(items: list[pytest.Item]) -> None:
    """Expect that the tests listed for the kind of cloud fail, and that no other test does."""
    kind = os.environ.get("NOVASIM_TESTS_CLOUD")
    reasons = read_exceptions(LISTS[kind]) if kind else {}
    for item in items:
        name = item.nodeid.removeprefix("tests/")
        if reason := reasons.get(name) or reasons.get(name.partition("[")[0]):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


def read_exceptions(path: Path) -> dict[str, str]:
    """The names of tests in a list, and the reasons, which are the lines without indentation before them."""
    reasons, reason = {}, ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("    "):
            reasons[line.strip()] = reason
        elif not line.startswith("#"):
            reason = line or reason
    return reasons
