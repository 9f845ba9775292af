"""Fixtures of the API tests: a small cloud with an instant clock, and a server in it."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play() -> Play:
    return Play()


@pytest.fixture
def web1(play: Play) -> str:
    """An ACTIVE server of demo, also if the test's own `play` has a manual clock."""
    server = play.create()
    play.advance(10)
    return server
