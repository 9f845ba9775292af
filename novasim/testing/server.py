"""An HTTP server in a thread, for tests."""

from __future__ import annotations

from types import TracebackType

from novasim.cloud import Cloud
from novasim.library.client import Client
from novasim.remote.clients import REGION
from novasim.serve import listener
from novasim.simulation.default_world import PASSWORD
from novasim.testing.settings import auth_settings


class Server:
    """
    An HTTP server for a cloud on a free port of the loopback interface. It runs inside a `with` block.

    Args:
        cloud: A `novasim.Cloud`, or the simulated cloud behind it.

    Raises:
        UsageError: the extra novasim[serve] is not installed.
    """

    def __init__(self, cloud: Client | Cloud) -> None:
        listener.require_stack()
        from novasim.serve.background import BackgroundServer

        self._server = BackgroundServer(_world_of(cloud))
        self.url = self._server.url

    def __enter__(self) -> Server:
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.stop()

    def serve(self, cloud: Client | Cloud) -> None:
        """Answer all further requests from another cloud."""
        self._server.serve(_world_of(cloud))

    def settings(self, user: str = "demo", project: str | None = None, password: str = PASSWORD) -> dict[str, str]:
        """Arguments for openstacksdk's `connect` and for keystoneauth. The default users are demo and admin."""
        who = f"{user}@{project}" if project else user
        return {**auth_settings(who, password, self.url), "region_name": REGION}


def _world_of(cloud: Client | Cloud) -> Cloud:
    return cloud.world if isinstance(cloud, Client) else cloud
