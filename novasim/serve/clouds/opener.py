"""Opens the clouds of a collection for the server, and closes them."""

from __future__ import annotations

import zlib

from novasim.cloud import Cloud
from novasim.control.worlds import create_default_world
from novasim.errors import NotFound, UsageError
from novasim.serve.app import App
from novasim.serve.one_cloud import Access
from novasim.simulation.time import clock
from novasim.store.clouds import Clouds
from novasim.store.memory import MemoryStore
from novasim.store.transaction import Snapshot

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
        self._states: dict[str, dict[str, object]] = {}

    def open(self, name: str) -> App:
        """
        Open a cloud.

        Raises:
            NotFound: there is no cloud of that name (404). CloudFileError: it cannot be used.
        """
        if not self.clouds.exists(name):
            self._create(name)
        cloud = Cloud(self.clouds.open(name))
        cloud.name = name
        cloud.states.update({key: _unpack(state) for key, state in self._states.get(name, {}).items()})
        return App(cloud, self._access.has_open_control, self._access.has_open_live_page, self._worker)

    def close(self, cloud: Cloud) -> None:
        """Save what only the memory has. The application of the cloud has been closed before. Raises CloudFileError."""
        self._states[cloud.name] = {key: _pack(state) for key, state in cloud.states.items()}
        if cloud.store.exists():
            cloud.save_due()

    def _create(self, name: str) -> None:
        if not self._creates_on_use:
            raise NotFound(reason=f"There is no cloud {name!r} at this address.")
        if len(self.clouds.names()) >= MAX_CREATED:
            raise NotFound(reason=f"There is no cloud {name!r}, and this server creates at most {MAX_CREATED:,}.")
        try:
            create_default_world(self.clouds.open(name), clock.read_seed_from_environment())
        except UsageError as error:
            raise NotFound(reason=str(error)) from None


def _pack(state: object) -> object:
    """A state of a store in memory as compressed bytes; that of a database, which is small, as it is."""
    return zlib.compress(MemoryStore(tables=state.tables).dump(), 1) if isinstance(state, Snapshot) else state


def _unpack(state: object) -> object:
    return MemoryStore(zlib.decompress(state)).revision() if isinstance(state, bytes) else state
