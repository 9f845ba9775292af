"""Sessions of keystoneauth1 that several tests share."""

from __future__ import annotations

from typing import Any

from novasim.library.cloud import Cloud
from novasim.records import Settings
from novasim.testing.transport import CloudAdapter, connect_session, create_session


class SharedSessions:
    """
    Authenticated sessions by user and by the key that signs the cloud's tokens.

    Clouds with the same key accept the same tokens, so only the first of them needs to issue one.
    """

    def __init__(self) -> None:
        self._sessions: dict[tuple[str, str], tuple[CloudAdapter, Any]] = {}

    def connect(self, cloud: Cloud, user: str) -> Any:
        """A new openstacksdk connection to a cloud, as USER or USER@PROJECT. Earlier connections move to this cloud."""
        key = user, _find_token_key(cloud)
        if key not in self._sessions:
            adapter = CloudAdapter(cloud)
            self._sessions[key] = adapter, create_session(adapter, user)
        adapter, session = self._sessions[key]
        adapter.serve(cloud)
        return connect_session(session)


def _find_token_key(cloud: Cloud) -> str:
    with cloud.world.store.read() as tx:
        settings = tx.get(Settings, "cloud")
        return settings.token_key if settings else ""
