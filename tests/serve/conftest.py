"""A server for all tests of a module."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serve.server_process import ForkedServer, ServerProcess


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server on a free port. At the end it must exit with 0 and an empty stderr."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    process = ForkedServer(tmp_path_factory.mktemp("served") / "cloud.json")
    yield process
    assert process.stop() == (0, "")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server for one test."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ForkedServer(tmp_path / "cloud.json")
    yield server
    server.stop(signal.SIGKILL)
