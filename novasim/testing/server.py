"""An HTTP server in a thread, for tests."""

from __future__ import annotations

from threading import Thread
from types import TracebackType

from novasim.cloud import Cloud
from novasim.serve import listener
from novasim.serve.app import App
from novasim.serve.client_settings import REGION
from novasim.simulation.default_world import PASSWORD


class Server:
    """
    An HTTP server for a cloud on a free port of the loopback interface. It runs inside a `with` block.

    Raises:
        UsageError: the extra novasim[serve] is not installed.
    """

    def __init__(self, cloud: Cloud) -> None:
        listener.require_stack()
        self._socket = listener.open_socket("127.0.0.1", 0)
        self._server = listener.create_server(App(cloud), self._socket)
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="novasim-server", daemon=True)
        self.url = f"http://{listener.socket_address(self._socket)}"

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def settings(self, user: str = "demo", project: str | None = None, password: str = PASSWORD) -> dict[str, str]:
        """Arguments for openstacksdk's `connect` and for keystoneauth. The default users are demo and admin."""
        return {
            "auth_url": f"{self.url}/identity/v3",
            "username": user,
            "password": password,
            "project_name": project or user,
            "user_domain_name": "Default",
            "project_domain_name": "Default",
            "region_name": REGION,
        }
