"""States of a cloud: as it was after an entry of its record, as it was saved, or as it is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from novasim.cloud import Cloud
from novasim.control.databases.states import find_saved, replace_content
from novasim.control.rewind import Mismatch, Rewind
from novasim.errors import CloudFileError, Conflict, UsageError
from novasim.fileutils import write_file
from novasim.recorder.changes import digest_tables, identify
from novasim.records import Settings
from novasim.records.caller import PYTHON
from novasim.records.entry import Entry
from novasim.simulation.time import clock
from novasim.store import open_store
from novasim.store.addresses import hide_passwords, is_database
from novasim.store.base import RecordLog, Store
from novasim.store.documents import Tables
from novasim.store.files import read_file
from novasim.store.memory import MemoryStore
from novasim.store.migrate import load


@contextmanager
def exclude_writers(store: Store) -> Iterator[None]:
    """
    Let no other process change a cloud, so that it fits its record: a writer changes first the one, then the other.

    A cloud that cannot be written, or is locked for too long, is read without that.
    """
    with ExitStack() as stack:
        with suppress(CloudFileError):
            if store.exists():
                stack.enter_context(store.write())
        yield


def open_past(store: Store, number: int) -> tuple[MemoryStore, Entry]:
    """
    A copy in memory of a cloud as it was after an entry of its record, and that entry.

    Raises:
        UsageError: there is no such entry, or the record does not reach back to it.
        Conflict: the cloud has changed without the record. CloudFileError: there is no record, or it is damaged.
    """
    with exclude_writers(store):
        return find_past(store, number)


def find_past(store: Store, number: int) -> tuple[MemoryStore, Entry]:
    """As `open_past`, for a caller that excludes writers."""
    entries = read_own_entries(store)
    entry = next((each for each in entries if each.number == number), None)
    if entry is None:
        known = f"they are numbered {entries[0].number} to {entries[-1].number}" if entries else "it has no entries"
        raise UsageError(f"The record has no entry {number}; {known}.")
    last = entries[-1]
    if last.kind == "stop" and last.digest and last.digest != digest_tables(store.tables()):
        raise UsageError("The cloud has changed since its record was stopped, so its past is not known.")
    first = max((each.number for each in entries if each.begins_record), default=entries[0].number)
    if number < first:
        raise UsageError(f"The record reaches back to entry {first}. What was before it is not known.")
    try:
        return rewind_copy(store, entries, number), entry
    except Mismatch as mismatch:
        raise Conflict(
            reason=f"The cloud does not fit its record: {mismatch}. To see what is missing: novasim record check"
        ) from None


def rewind_copy(store: Store, entries: Iterable[Entry], number: int) -> MemoryStore:
    """
    A copy in memory of a cloud, without the changes of all entries after *number*.

    Raises:
        Mismatch, CloudFileError: as for `Rewind.undo`.
    """
    past = MemoryStore(tables=store.tables())
    with past.write() as tx:
        rewind = Rewind(tx, get_record(store).read_secrets())
        rewind.undo(entry for entry in entries if entry.number > number)
        rewind.save()
    return past


def read_own_entries(store: Store) -> list[Entry]:
    """
    The entries of the record of a cloud, with those of earlier clouds at the same path.

    Raises:
        CloudFileError: there is no record, it is damaged, or it belongs to another cloud.
    """
    entries = get_record(store).read()
    require_record_of(store, entries)
    return entries


def list_own_entries(store: Store) -> list[Entry]:
    """As `read_own_entries`, also while another process replaces the cloud. The caller does not exclude writers."""
    entries = get_record(store).read()
    if is_record_of(store, entries):
        return entries
    with exclude_writers(store):
        return read_own_entries(store)


def is_record_of(store: Store, entries: Iterable[Entry]) -> bool:
    """Whether a record ends with entries of this cloud, rather than of another one that had its file before."""
    with store.read() as tx:
        settings = tx.get(Settings, "cloud")
    known = [entry.cloud for entry in entries if entry.cloud]
    if settings is not None and not settings.token_key:
        return True  # a copy without its key, as that of a cloud behind a server
    return not known or settings is None or known[-1] == identify(settings.token_key)


def require_record_of(store: Store, entries: Iterable[Entry]) -> None:
    """Raise CloudFileError if a record belongs to another cloud."""
    if not is_record_of(store, entries):
        raise CloudFileError(
            f"The record {get_record(store).name} belongs to another cloud, which {store.path} contained before. "
            "To begin it again with the present cloud: novasim record start"
        )


def get_record(store: Store) -> RecordLog:
    """The record of a cloud, whether it exists or not. Raises CloudFileError if there can be none, as in memory."""
    if store.record is None:
        raise CloudFileError("There is no record. To begin one: novasim record start")
    return store.record


def open_past_cloud(cloud: Cloud, number: int) -> Cloud:
    """The cloud as it was after an entry of its record, at the time of that entry. Errors as for `open_past`."""
    past, entry = open_past(cloud.store, number)
    found = Cloud(past, wall=lambda: entry.wall)
    found.has_record = past.has_saved = False
    return found


def read_tables(store: Store, text: str, saved: str) -> Tables:
    """
    The documents of a state by table and number.

    Args:
        text: The number of an entry of the record, the name of a saved state, or a cloud file.
        saved: Where a saved state of that name is.

    Raises:
        UsageError: there is no such state. Other errors as for `open_past`.
    """
    if text.isdecimal():
        return open_past(store, int(text))[0].tables()
    if store.kept is not None and (state := find_saved(store, text)):
        return store.kept.read(state)
    path = saved if os.path.exists(saved) else text
    found = read_file(os.path.realpath(path)) if os.path.isfile(path) else None
    if found is None:
        raise UsageError(
            f"{hide_passwords(text)!r} is neither the number of an entry, nor a saved state, nor a cloud file."
        )
    return load(found[0], path)[0]


def fork_cloud(cloud: Cloud, path: str, like: str) -> None:
    """
    Write a copy of a cloud to a new file, or to a new cloud in a database. Its time continues from that of *cloud*.

    Args:
        like: A file whose mode and group the new one gets.

    Raises:
        UsageError: the file or the cloud exists, or the file cannot be written.
    """
    fork = MemoryStore(tables=cloud.store.tables())
    with fork.write() as tx, cloud.reading() as world:
        settings = tx.get(Settings, "cloud")
        if settings and settings.wall_anchor is not None:
            clock.set_anchor(settings, world.now, clock.wall())
            tx.put(settings)
    try:
        if is_database(path):
            replace_content(open_store(path), fork.tables(), PYTHON, must_be_new=True)
            return
        write_file(path, fork.dump(), like=like)
    except FileExistsError:
        raise UsageError(f"{hide_passwords(path)} exists. Choose another name.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
