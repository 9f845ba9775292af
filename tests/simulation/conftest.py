"""A world whose clock is moved by hand, and a server in it that runs."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play("manual")


@pytest.fixture
def web1(play):
    server = play.create("web1")
    play.advance(60)
    return server
