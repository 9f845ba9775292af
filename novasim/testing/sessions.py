"""Connections of openstacksdk that several tests share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from novasim.control.kept.credentials import find_token_key
from novasim.library.cloud import Cloud
from novasim.testing.transport import CloudAdapter, connect_session, create_session

PLAIN = (bool, dict, float, int, list, str, tuple, type(None))


class SharedConnection:
    """
    A connection that is authenticated once, and moves from cloud to cloud.

    Attributes:
        adapter: Answers its requests.
        connection: The connection for the next test.
    """

    def __init__(self, cloud: Cloud, user: str) -> None:
        self.adapter = CloudAdapter(cloud)
        self._session = create_session(self.adapter, user)
        self._services: set[str] = set()
        self.connection = self._connect()

    def renew(self) -> None:
        """Replace the connection if a test has closed it, changed it, or used a service for the first time."""
        used = set(self.connection._proxies)
        is_closed = not self.connection._finalizer.alive
        if is_closed or used - self._services or self._describe(self.connection) != self._first:
            self._services |= used
            self.connection.close()
            self.connection = self._connect()

    def _connect(self) -> Any:
        connection = connect_session(self._session)
        for service in sorted(self._services):
            getattr(connection, service.replace("-", "_"))
        self._first = self._describe(connection)
        return connection

    def _describe(self, connection: Any) -> list[dict[str, str]]:
        """The public attributes of the connection and its services, as far as a test may have set them."""
        return [_attributes_of(part) for part in (connection, *connection._proxies.values())]


class SharedConnections:
    """
    Connections by user and by the key that signs the cloud's tokens.

    Clouds with the same key accept the same tokens, so only the first of them needs to issue one. openstacksdk needs
    several milliseconds to set up a service, and seldom does so again.
    """

    def __init__(self) -> None:
        self._connections: dict[tuple[str, str], SharedConnection] = {}

    @contextmanager
    def connect(self, cloud: Cloud, user: str) -> Iterator[Any]:
        """Within the block, an openstacksdk connection to a cloud as USER or USER@PROJECT."""
        key = user, find_token_key(cloud.world.store)
        if key not in self._connections:
            self._connections[key] = SharedConnection(cloud, user)
        shared = self._connections[key]
        shared.adapter.serve(cloud)
        try:
            yield shared.connection
        finally:
            shared.renew()

    def close(self) -> None:
        """Close all connections."""
        for shared in self._connections.values():
            shared.connection.close()


def _attributes_of(part: object) -> dict[str, str]:
    return {
        name: repr(value) for name, value in vars(part).items() if not name.startswith("_") and isinstance(value, PLAIN)
    }
