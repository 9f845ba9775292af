"""One server for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serve.served import Served


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a free port; it must end cleanly, and complain of nothing."""
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = Served(tmp_path_factory.mktemp("served") / "cloud.json")
    yield server
    code, err = server.stop()
    assert (code, err) == (0, "")
