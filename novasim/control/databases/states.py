"""The states of a cloud that are kept in its database, and other states in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from novasim.cloud import find_recorder
from novasim.errors import CloudFileError
from novasim.records.caller import Origin
from novasim.simulation.time import clock
from novasim.store.documents import Tables, check_records, encode_file
from novasim.store.errors import missing

if TYPE_CHECKING:
    from novasim.store.base import KeptState, Store

UNCHANGED = "This cloud is unchanged."


def read_content(store: Store) -> bytes:
    """
    The content of an undamaged cloud, as a cloud file holds it.

    Raises:
        CloudFileError: there is no cloud, or it is damaged.
    """
    return b"".join(encode_file(_read_sound(store)))


def _read_sound(store: Store) -> Tables:
    if not store.exists():
        raise missing(store.path)
    tables = store.tables()
    check_records(tables, store.path)
    return tables


def replace_content(store: Store, tables: Tables, origin: Origin, must_be_new: bool = False) -> str | None:
    """
    Put another state in place of a cloud. Return the name of the backup that the old one became, if there was one.

    Args:
        origin: For the record, as `Cloud.origin`.

    Raises:
        FileExistsError: there is a cloud, and it *must_be_new*. CloudFileError: the database cannot be used.
    """
    assert store.kept is not None
    wall = clock.wall()
    recorder = find_recorder(store, origin, wall)
    if recorder is None:
        return store.kept.replace(tables, must_be_new=must_be_new)
    from novasim.recorder.replacement import record_replacement

    return store.kept.replace(tables, lambda old: record_replacement(recorder, old, tables, wall), must_be_new)


def restore_state(store: Store, state: KeptState, origin: Origin) -> str | None:
    """
    Put a kept state in place of a cloud. Return the name of the backup that the old one became.

    Raises:
        CloudFileError: the state is damaged, or of a later format.
    """
    assert store.kept is not None
    try:
        tables = store.kept.read(state)
        check_records(tables, f"{store.path} ({state.name})")
    except CloudFileError as error:
        raise CloudFileError(error.problem, UNCHANGED) from None
    return replace_content(store, tables, origin)


def save_state(store: Store, name: str, replaces: bool) -> None:
    """
    Keep the present state under a name.

    Raises:
        FileExistsError: there is a state of that name, and it is not replaced. CloudFileError: the cloud is damaged.
    """
    assert store.kept is not None
    _read_sound(store)
    store.kept.save(name, replaces)


def find_saved(store: Store, name: str) -> KeptState | None:
    """The saved state of a name in a database."""
    states = store.kept.list_states() if store.kept else []
    return next((state for state in states if state.name == name and not state.is_backup), None)
