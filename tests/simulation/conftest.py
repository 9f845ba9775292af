"""A cloud with a manual clock and a running server."""

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
