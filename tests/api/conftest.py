"""The fixture of most API tests: a small cloud with an instant clock."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play() -> Play:
    return Play()
