"""The states of a cloud that are kept in its database, and other states in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from novasim.cloud import find_recorder
from novasim.errors import CloudFileError, UsageError
from novasim.records.caller import Origin
from novasim.simulation.time import clock
from novasim.store import open_store
from novasim.store.addresses import is_database
from novasim.store.documents import Tables, check_records, encode_file
from novasim.store.errors import missing, no_backup

if TYPE_CHECKING:
    from novasim.store.base import KeptState, KeptStates, Store


def find_kept_states(address: str) -> KeptStates | None:
    """The states that are kept in a database; None for a cloud file, beside which they are files."""
    return open_store(address).kept if is_database(address) else None


def read_content(store: Store) -> bytes:
    """
    The content of an undamaged cloud, as a cloud file holds it.

    Raises:
        CloudFileError: there is no cloud, or it is damaged.
    """
    if not store.exists():
        raise missing(store.path)
    return _encode_sound(store.tables(), store.path)


def replace_content(store: Store, tables: Tables, origin: Origin) -> str | None:
    """
    Put another state in place of a cloud. Return the name of the backup that the old one became, if there was one.

    Args:
        origin: For the record, as `Cloud.origin`.

    Raises:
        CloudFileError: the database cannot be used.
    """
    assert store.kept is not None
    wall = clock.wall()
    recorder = find_recorder(store, origin, wall)
    old = store.tables() if recorder else {}

    def record() -> None:
        if recorder:
            from novasim.recorder.replacement import record_replacement

            record_replacement(recorder, old, tables, wall)

    return store.kept.replace(tables, record)


def restore_backup(store: Store, name: str, origin: Origin) -> tuple[KeptState, str | None, list[KeptState]]:
    """
    Put a backup in place of a cloud.

    Args:
        name: That of the backup, or its number; "" for the newest one.

    Returns:
        The backup, the name of the one that the replaced state became, and all backups as they were before.

    Raises:
        UsageError: there is no backup of that name. CloudFileError: there is no backup, or it is damaged.
    """
    assert store.kept is not None
    backups = [state for state in store.kept.list_states() if state.is_backup]
    found = next((state for state in backups if name in ("", state.name, state.name.rpartition(".")[2])), None)
    if found is None:
        if name:
            raise UsageError(f"There is no backup {name!r}. To list them: novasim cloud saves")
        raise no_backup(store.path)
    tables = store.kept.read(found)
    check_records(tables, store.path)
    return found, replace_content(store, tables, origin), backups


def save_state(store: Store, name: str, force: bool) -> None:
    """
    Keep the present state under a name.

    Raises:
        UsageError: there is a state of that name, and *force* is False. CloudFileError: the cloud is damaged.
    """
    assert store.kept is not None
    if not force and find_saved(store, name):
        raise UsageError(f"The saved state {name!r} exists. Choose another name, or replace it with --force.")
    read_content(store)
    store.kept.save(name)


def find_saved(store: Store, name: str) -> KeptState | None:
    """The saved state of a name in a database."""
    states = store.kept.list_states() if store.kept else []
    return next((state for state in states if state.name == name and not state.is_backup), None)


def load_state(store: Store, name: str, origin: Origin) -> str | None:
    """
    Put a saved state in place of a cloud. Return the name of the backup that the old one became.

    Raises:
        UsageError: there is no state of that name. CloudFileError: it is damaged.
    """
    assert store.kept is not None
    found = find_saved(store, name)
    if found is None:
        names = sorted(state.name for state in store.kept.list_states() if not state.is_backup)
        raise UsageError(f"There is no saved state {name!r}. Saved states: {', '.join(names) or 'none'}.")
    tables = store.kept.read(found)
    check_records(tables, store.path)
    return replace_content(store, tables, origin)


def import_content(
    store: Store, read: Callable[[], bytes], complete: Callable[[bytes], bytes], origin: Origin
) -> str | None:
    """
    Put the content of a cloud file in place of a cloud. Return the name of the backup that the old one became.

    Args:
        read: Returns the content of an undamaged file.
        complete: Adds what an export leaves out.

    Raises:
        CloudFileError: the file is damaged; nothing changes then.
    """
    from novasim.store.migrate import load

    try:
        content = read()
    except CloudFileError as error:
        raise CloudFileError(error.problem, "This cloud is unchanged.") from None
    return replace_content(store, load(complete(content), store.path)[0], origin)


def _encode_sound(tables: Tables, path: str) -> bytes:
    check_records(tables, path)
    return b"".join(encode_file(tables))
