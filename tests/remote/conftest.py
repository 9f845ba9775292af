"""A server, and a user whose commands reach its cloud by its address."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from novasim.cli.main import cli
from tests.serve.conftest import own, served
from tests.serve.server_process import ServerProcess

__all__ = ["own", "served"]

OWNER = {"OS_USERNAME": "admin", "OS_PASSWORD": "secret"}
Run = Callable[..., Result]


def run_at(url: str, line: str, code: int = 0, **variables: str) -> Result:
    """Run a command line on the cloud at an address, by default as its owner."""
    environment = {"NOVASIM_CLOUD": url, **(variables or OWNER)}
    done = CliRunner(env=environment).invoke(cli, shlex.split(line))
    assert done.exit_code == code, (line, done.stdout, done.stderr, done.exception)
    assert "Traceback" not in done.output
    return done


@pytest.fixture
def run(served: ServerProcess) -> Run:
    return lambda line, code=0, **variables: run_at(served.url, line, code, **variables)
