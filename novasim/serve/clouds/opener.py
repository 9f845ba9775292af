"""Opens the clouds of a collection for the server, and closes them."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from novasim.cloud import Cloud
from novasim.control.kept.credentials import find_token_key
from novasim.control.worlds import create_default_world
from novasim.errors import NotFound, UsageError
from novasim.serve.app import App
from novasim.serve.one_cloud import Access
from novasim.simulation.time import clock
from novasim.store.clouds import Clouds
from novasim.store.memory import MemoryStore
from novasim.store.transaction import Snapshot

if TYPE_CHECKING:
    from novasim.store.base import Store

MAX_CREATED = 1000  # clouds in a collection, beyond which a request creates no further one


class CloudOpener:
    """
    Opens clouds by name. All methods block, and are called in threads.

    The saved states of a cloud, to which control requests return, outlive its closing: they are kept in memory,
    compressed.

    Args:
        access: What needs no token.
        creates_on_use: Whether the first request for a cloud creates it.
        worker: As for `App`.
    """

    def __init__(self, clouds: Clouds, access: Access, creates_on_use: bool = False, worker: int = 0) -> None:
        self.clouds, self._access, self._creates_on_use = clouds, access, creates_on_use
        self._worker = worker
        self._states: dict[str, tuple[str, dict[str, object]]] = {}  # by name, with the key of the cloud

    def open(self, name: str) -> App:
        """
        Open a cloud.

        Raises:
            NotFound: there is no cloud of that name (404). CloudFileError: it cannot be used.
        """
        if not self.clouds.exists(name):
            self._create(name)
        cloud = Cloud(self._open_store(name))
        cloud.name, cloud.may_start_clock = name, False
        key, states = self._states.get(name, ("", {}))
        if key and key == find_token_key(cloud.store):  # otherwise it is a new cloud of that name
            cloud.states.update({state: _unpack(content) for state, content in states.items()})
        return App(cloud, self._access.has_open_control, self._access.has_open_live_page, self._worker)

    def close(self, cloud: Cloud) -> None:
        """Keep what only the memory has. The application of the cloud has been closed before. Raises CloudFileError."""
        if not cloud.store.exists():
            return
        states = {name: _pack(state) for name, state in cloud.states.items()}
        self._states[cloud.name] = find_token_key(cloud.store), states
        cloud.save_due()

    def _create(self, name: str) -> None:
        if not self._creates_on_use:
            raise _not_found(name)
        if len(self.clouds.names()) >= MAX_CREATED:
            raise NotFound(reason=f"There is no cloud {name!r}, and this server creates at most {MAX_CREATED:,}.")
        create_default_world(self._open_store(name), clock.read_seed_from_environment())

    def _open_store(self, name: str) -> Store:
        try:
            return self.clouds.open(name)
        except UsageError:  # the file is a symbolic link
            raise _not_found(name) from None


def _not_found(name: str) -> NotFound:
    return NotFound(reason=f"There is no cloud {name!r} at this address.")


def _pack(state: object) -> object:
    """A state of a store in memory as compressed bytes; that of a database, which is small, as it is."""
    return zlib.compress(MemoryStore(tables=state.tables).dump(), 1) if isinstance(state, Snapshot) else state


def _unpack(state: object) -> object:
    return MemoryStore(zlib.decompress(state)).revision() if isinstance(state, bytes) else state
