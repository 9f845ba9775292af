"""A user who runs commands on a cloud of their own."""

from __future__ import annotations

import json
import shlex
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from novasim.cli.main import cli
from novasim.control.worlds import open_cloud
from novasim.render.colour import set_colour_mode
from tests.databases import clouds as databases
from tests.remote import clouds


class User:
    """Runs command lines. Every task ends at once unless a test sets another clock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def environment(self) -> dict[str, str]:
        """The variables that name the cloud."""
        return clouds.serve(self.path) if clouds.IS_REMOTE else {"NOVASIM_CLOUD": str(self.path)}

    def __call__(self, line: str, code: int = 0, input: str | None = None) -> Result:
        done = CliRunner(env=self.environment).invoke(cli, shlex.split(line), input=input)
        assert done.exit_code == code, (line, done.stdout, done.stderr, done.exception)
        assert "Traceback" not in done.output
        return done

    def run(self, line: str) -> Result:
        """Run a command line with any exit code."""
        return CliRunner(env=self.environment).invoke(cli, shlex.split(line))

    def json(self, line: str) -> Any:
        """What a command prints in JSON."""
        return json.loads(self(f"{line} -f json").stdout)

    def status(self, server: str = "web1") -> str:
        return self.json(f"show {server}")["status"]

    def create(self, name: str, more: str = "") -> dict:
        return json.loads(self(f"create {name} --flavor m1.tiny --image cirros {more} -f json").stdout)

    def ids(self, line: str = "list") -> list[str]:
        return self(f"{line} -q").stdout.split()

    def names(self, line: str = "list") -> list[str]:
        return self(f"{line} -f value -c name").stdout.split()


def pytest_sessionfinish() -> None:
    clouds.stop()


@pytest.fixture(autouse=True)
def reset_colours():
    set_colour_mode("auto")


@pytest.fixture
def new_user(request, tmp_path, monkeypatch):
    """A user whose cloud file does not exist yet."""
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    monkeypatch.setenv("NOVASIM_SEED", "1")
    return User(databases.new_address(request, tmp_path) if databases.ENGINE else tmp_path / "cloud.json")


@cache
def build_cloud(*lines: str) -> bytes:
    """The file of a new cloud after some command lines, built once for all tests."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOVASIM_CLOCK", "instant")
        patch.setenv("NOVASIM_SEED", "1")
        user = User(Path(folder) / "cloud.json")
        open_cloud(user.path)
        for line in lines:
            user(line)
        return user.path.read_bytes()


def copy_cloud(user: User, *lines: str) -> User:
    """Give a user the cloud that `build_cloud` builds."""
    if not databases.ENGINE:
        user.path.touch(0o600)
    user.path.write_bytes(build_cloud(*lines))
    return user


@pytest.fixture
def user(new_user):
    return copy_cloud(new_user)


@pytest.fixture
def web1(new_user):
    """A user with a server web1."""
    return copy_cloud(new_user, "create web1 --flavor m1.tiny --image cirros --wait")


@pytest.fixture
def admin(user):
    """The same user, as administrator."""
    return lambda line, code=0: user(f"--as admin {line}", code)
