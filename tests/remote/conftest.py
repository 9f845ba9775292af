"""A server, and a user whose commands reach its cloud by its address."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from novasim.cli.main import cli
from tests.serve.server_process import ServerProcess

OWNER = {"OS_USERNAME": "admin", "OS_PASSWORD": "secret"}
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server on a free port. At the end it must exit with 0 and an empty stderr."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ServerProcess(tmp_path_factory.mktemp("remote") / "cloud.json")
    yield server
    assert server.stop() == (0, "")


@pytest.fixture
def own_process(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server for one test."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ServerProcess(tmp_path / "cloud.json")
    yield server
    server.stop(signal.SIGKILL)


def run_at(url: str, line: str, code: int = 0, **variables: str) -> Result:
    """Run a command line on the cloud at an address, by default as its owner."""
    environment = {"NOVASIM_CLOUD": url, **(variables or OWNER)}
    done = CliRunner(env=environment).invoke(cli, shlex.split(line))
    assert done.exit_code == code, (line, done.stdout, done.stderr, done.exception)
    assert "Traceback" not in done.output
    return done


@pytest.fixture
def run(process: ServerProcess) -> Run:
    return lambda line, code=0, **variables: run_at(process.url, line, code, **variables)
