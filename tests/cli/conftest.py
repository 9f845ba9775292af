"""A user at a shell, with a cloud of their own."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from novasim.cli.main import cli
from novasim.render.colour import set_colour_mode


class User:
    """Types command lines. Every task ends at once unless the test says otherwise."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, line: str, code: int = 0, input: str | None = None) -> Result:
        done = CliRunner(env={"NOVASIM_CLOUD": str(self.path)}).invoke(cli, shlex.split(line), input=input)
        assert done.exit_code == code, (line, done.stdout, done.stderr, done.exception)
        return done

    def freely(self, line: str) -> Result:
        """Whatever the exit code is."""
        return CliRunner(env={"NOVASIM_CLOUD": str(self.path)}).invoke(cli, shlex.split(line))

    def create(self, name: str, more: str = "") -> dict:
        return json.loads(self(f"create {name} --flavor m1.tiny --image cirros {more} -f json").stdout)

    def ids(self, line: str = "list") -> list[str]:
        return self(f"{line} -q").stdout.split()

    def names(self, line: str = "list") -> list[str]:
        return self(f"{line} -f value -c name").stdout.split()


@pytest.fixture(autouse=True)
def colours_as_at_the_beginning():
    set_colour_mode("auto")


@pytest.fixture
def user(tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    monkeypatch.setenv("NOVASIM_SEED", "1")
    return User(tmp_path / "cloud.json")
