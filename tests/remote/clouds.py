"""The clouds of the tests of commands, behind one server in this process, if NOVASIM_TESTS_CLOUD is http."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

IS_REMOTE = os.environ.get("NOVASIM_TESTS_CLOUD") == "http"


class Clouds:
    """A server that answers from the cloud of the test that runs."""

    def __init__(self) -> None:
        from novasim.control.worlds import preview_cloud
        from novasim.serve.background import BackgroundServer

        self._server = BackgroundServer(preview_cloud())
        self._server.start()
        self._path: Path | None = None

    def serve(self, path: Path) -> str:
        """Answer from the cloud in a file. Returns the address."""
        from novasim.control.worlds import open_cloud

        if path != self._path or not path.exists():
            self._server.serve(open_cloud(path, resident=True))
            self._path = path
        return self._server.url

    def stop(self) -> None:
        """End the server."""
        self._server.stop()


@cache
def _start_server() -> Clouds:
    return Clouds()


def stop() -> None:
    """End the server, if there is one."""
    if _start_server.cache_info().currsize:
        _start_server().stop()


def serve(path: Path) -> dict[str, str]:
    """Answer from the cloud in a file. Returns the variables that name it."""
    return {"NOVASIM_CLOUD": _start_server().serve(path).replace("//", "//admin:secret@")}
