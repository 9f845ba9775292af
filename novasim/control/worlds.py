"""Opening clouds, and filling new ones with the default world or another one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from novasim.cloud import Cloud
from novasim.control.arguments import check_type
from novasim.errors import UsageError
from novasim.records.caller import PYTHON, Origin
from novasim.simulation.time import clock
from novasim.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from novasim.store.base import Store, Transaction

    Builder = Callable[[Transaction, float, int | None], object]

MAX_HOSTS = 10_000


def open_cloud(
    address: str | os.PathLike[str],
    resident: bool = False,
    owns_process: bool = False,
    report: Callable[[str], object] | None = None,
) -> Cloud:
    """
    Open a cloud. A new one gets the default world, with the seed in NOVASIM_SEED if that is set.

    Args:
        address: As for `novasim.store.open_store`.
        resident: Whether the process keeps the cloud in memory, as a server does.
        owns_process: Whether the process does nothing else, as a command and a server do.
        report: Called with the absolute path, or the address, after this call has created a cloud.

    Raises:
        CloudFileError: The cloud cannot be used.
    """
    store = open_store(address, resident, owns_process)
    is_new = not store.exists() and create_default_world(store, seed=clock.read_seed_from_environment())
    if is_new and report:
        report(describe_address(address))
    return Cloud(store)


def open_new_cloud(address: str | os.PathLike[str], report: Callable[[str], object]) -> Cloud:
    """
    A cloud that does not exist yet, as `open_cloud` would create it. The first change that is saved creates it.

    A change raises CreatedMeanwhile if another process has created the cloud: what was read before is of no use then.

    Args:
        address, report: As for `open_cloud`.

    Raises:
        CloudFileError: The cloud cannot be used.
    """
    from novasim.store.unsaved import UnsavedStore

    store = open_store(address, owns_process=True)
    if store.is_recorded():  # the record of an earlier cloud begins again at once, as it has refusals, too
        return open_cloud(address, owns_process=True, report=report)

    cloud = preview_cloud()
    cloud.store = cast("Store", UnsavedStore(cloud.store, store, lambda: report(describe_address(address))))
    return cloud


def describe_address(address: str | os.PathLike[str]) -> str:
    """The address of a cloud for messages: the absolute path of a file, or that of a database."""
    from novasim.store.addresses import parse_address

    found = parse_address(os.fspath(address))
    return str(found) if found else os.path.abspath(address)


def preview_cloud() -> Cloud:
    """A new cloud as `open_cloud` would create it, but in memory."""
    from novasim.store.memory import MemoryStore

    store = MemoryStore()
    create_default_world(store, seed=clock.read_seed_from_environment())
    store.has_saved = False  # nothing is on the disk
    return Cloud(store)


def create_default_world(store: Store, seed: int | None = None, hosts: int = 3, unlimited: bool = False) -> bool:
    """Fill a store with the default world. Returns False if it has a cloud, which another process may have created."""
    from novasim.simulation.default_world import build_default_world

    return _fill(store, lambda tx: build_default_world(tx, clock.wall(), seed, hosts, unlimited))


def _fill(store: Store, build: Callable[[Transaction], object]) -> bool:
    from novasim.records import Settings

    with _create(store) as tx:
        is_new = tx.get(Settings, "cloud") is None
        if is_new:
            build(tx)
    return is_new


@contextmanager
def _create(store: Store) -> Iterator[Transaction]:
    """The transaction that creates a cloud. If an earlier one at the same path has left a record, it begins again."""
    if not store.is_recorded():
        with store.write() as tx:
            yield tx
        return
    from novasim.control.record import begin_with_new_cloud

    with begin_with_new_cloud(store, clock.wall()) as tx:
        yield tx


def create_world(store: Store, hosts: int, unlimited: bool, seed: int | None, build: Builder | None = None) -> None:
    """
    Fill an empty store with the default world, or with another one.

    Args:
        hosts: How many compute hosts the default world has.
        unlimited: Whether the projects of the default world have no quotas.
        seed: None for NOVASIM_SEED, or else a random one.
        build: Creates the records of another world, from a transaction, the wall time and the seed.

    Raises:
        UsageError: The store already has a cloud, or there are too many hosts.
    """
    check_host_count(hosts)
    check_type("seed", seed, {int, type(None)})
    seed = seed if seed is not None else clock.read_seed_from_environment()
    if store.exists() or not _create_world(store, hosts, unlimited, seed, build):
        raise UsageError("This cloud already exists; --force replaces it.")


def _create_world(store: Store, hosts: int, unlimited: bool, seed: int | None, build: Builder | None) -> bool:
    if build is None:
        return create_default_world(store, seed, hosts, unlimited)
    return _fill(store, lambda tx: build(tx, clock.wall(), seed))


def check_host_count(hosts: int) -> None:
    """Raise UsageError if a cloud cannot have that many hosts."""
    check_type("hosts", hosts, {int})
    if not 0 <= hosts <= MAX_HOSTS:
        raise UsageError(f"A cloud has between 0 and {MAX_HOSTS:,} hosts, not {hosts}.")


def replace_world(
    path: str, hosts: int, unlimited: bool, seed: int | None, build: Builder | None = None, origin: Origin = PYTHON
) -> Path | None:
    """
    Replace the cloud file with a new cloud, as `create_world` describes it, which is complete before that.

    Args:
        origin: For the record, as `Cloud.origin`.

    Returns:
        The backup that the replaced file became.
    """
    from novasim.control.backups import replace_state

    return replace_state(path, build_world(hosts, unlimited, seed, build), origin=origin)


def build_world(hosts: int, unlimited: bool, seed: int | None, build: Builder | None = None) -> bytes:
    """The content of a new cloud, as `create_world` describes it."""
    from novasim.store.memory import MemoryStore

    store = MemoryStore()
    create_world(store, hosts, unlimited, seed, build)
    return store.dump()
