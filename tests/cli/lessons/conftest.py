from __future__ import annotations

import pytest

from tests.cli.conftest import User, reset_colours

__all__ = ["reset_colours"]


@pytest.fixture
def learner(tmp_path, monkeypatch) -> User:
    """A learner with a home of their own, in no lesson's shell."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USER", "ann")
    monkeypatch.setenv("NOVASIM_CLOCK", "")
    return User(tmp_path / "own.json")
