"""The record of a cloud: begin and end it, also with another cloud, describe it, and find what is missing in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from novasim.cloud import Cloud
from novasim.control.past import (
    exclude_writers,
    get_record,
    is_record_of,
    require_record_of,
    rewind_copy,
)
from novasim.control.rewind import Mismatch
from novasim.fileutils import write_file
from novasim.jsonutils import encode
from novasim.recorder.changes import digest_tables, identify
from novasim.records import Settings
from novasim.records.entry import Entry, to_line
from novasim.simulation.time.clock import format_time
from novasim.store import open_store
from novasim.store.base import Store, Transaction
from novasim.store.errors import missing
from novasim.store.files import RECORD
from novasim.store.record_file import name_files

T = TypeVar("T")


def start_record(cloud: Cloud) -> bool:
    """
    Begin or continue the record beside the cloud file. A record of another cloud begins again.

    Returns:
        False if a record of this cloud is kept already.

    Raises:
        CloudFileError: the file of the record was not written by novasim, or cannot be written.
    """
    record, store = get_record(cloud.store), cloud.store
    if not store.exists():
        raise missing(store.path)
    if record.is_kept():
        record.check()
        if is_record_of(store, record.read(report=lambda _: None)):
            return False

    def start() -> None:
        record.start()
        _append_mark(store, "start", cloud.wall())

    with store.write(start):
        pass
    return True


def stop_record(cloud: Cloud) -> bool:
    """
    End the record: no entries are added any more. The file stays, and can be read.

    Returns:
        False if no record is kept.
    """
    record = get_record(cloud.store)
    if not record.is_kept():
        return False

    def stop() -> None:
        _append_mark(cloud.store, "stop", cloud.wall(), cloud.origin[0])
        record.stop()

    with cloud.store.write(stop):
        pass
    return True


@contextmanager
def begin_with_new_cloud(store: Store, wall: float) -> Iterator[Transaction]:
    """
    The transaction that creates a cloud beside the record of an earlier one, which begins again after it.

    Args:
        wall: Real time in seconds since the epoch.

    Raises:
        CloudFileError: as `start_record`.
    """
    get_record(store).check()
    existed = store.exists()
    with store.write(lambda: None if existed else _append_mark(store, "start", wall)) as tx:
        existed = store.exists()
        yield tx


def _append_mark(store: Store, kind: str, wall: float, interface: str = "") -> None:
    with store.read() as tx:
        settings = tx.get(Settings, "cloud")
    line: dict[str, Any] = {"kind": kind, "wall": wall, "digest": digest(store), "interface": interface}
    if settings:
        line["time"] = format_time(max(settings.latest, settings.sim_anchor))
        line["cloud"] = identify(settings.token_key) if kind == "start" else ""
    get_record(store).append([encode(to_line(line))])


def describe_record(cloud: Cloud) -> dict[str, Any]:
    """
    Describe the record.

    Returns:
        recording, file, bytes, entries, refusals, since (simulated time of the first entry), environment (the value of
        NOVASIM_RECORD, or None).

    Raises:
        CloudFileError: the record is damaged.
    """
    record = get_record(cloud.store)
    entries = record.read() if record.exists() else []
    return {
        "recording": record.is_kept(),
        "file": record.name,
        "bytes": record.count_bytes(),
        "entries": len(entries),
        "refusals": sum(entry.is_refusal for entry in entries),
        "since": entries[0].time if entries else None,
        "environment": os.environ.get("NOVASIM_RECORD"),
    }


def find_gaps(cloud: Cloud) -> list[str]:
    """
    What is missing in the record beside a cloud file; empty if it is complete.

    The changes are taken back one by one, from the present state to where the record begins, or begins again. Each must
    fit the documents, and the state that is left must be the one from there.

    Raises:
        CloudFileError: there is no record, or it is not one that this novasim can read.
    """
    with exclude_writers(cloud.store):
        return _find_gaps(cloud)


def _find_gaps(cloud: Cloud) -> list[str]:
    gaps = list[str]()
    entries = get_record(cloud.store).read(report=gaps.append)
    require_record_of(cloud.store, entries)
    number = max((entry.number for entry in entries if entry.begins_record or entry.kind == "stop"), default=0)
    if gaps or (entries and entries[-1].kind == "stop"):
        return gaps
    try:
        past = rewind_copy(cloud.store, entries, number)
    except Mismatch as mismatch:
        return [_describe_gap(mismatch, entries)]
    start = next((entry for entry in entries if entry.number == number), None)
    if start and start.digest and start.digest != digest(past):
        what = start.action or "record start"
        return [f"A change of the cloud since entry {number} ({what}) has no entry."]
    return []


def _describe_gap(mismatch: Mismatch, entries: list[Entry]) -> str:
    change, after = mismatch.change, mismatch.number
    later = [
        entry.number
        for entry in entries
        if entry.number > after and any(_is_same(other, change) for other in entry.changes)
    ]
    until = f"before entry {later[0]}" if later else "and has no entry"
    return f"{change['table']}: {change['id']} has changed after entry {after} {until}."


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["table"], one["number"]) == (other["table"], other["number"])


def digest(store: Store) -> str:
    """A digest of all documents of a cloud."""
    return digest_tables(store.tables())


def put_cloud(path: str, content: bytes, keep: Callable[[], T]) -> T:
    """
    Put a cloud in the place of a file, and a new record in the place of its record. Readers always find both.

    The caller holds the writer lock of the file.

    Args:
        keep: Called when the new files are on the disk and the old ones still in place.

    Returns:
        The result of *keep*.

    Raises:
        OSError, CloudFileError: the files cannot be written.
    """
    import shutil

    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".new-{name}")
    shutil.rmtree(temporary, ignore_errors=True)  # a process that was killed has left it
    try:
        os.mkdir(temporary, mode=0o700)
        new = os.path.join(temporary, name)
        write_file(new, content)
        start_record(Cloud(open_store(new)))
        kept = keep()
        for source, target in zip(name_files(new + RECORD), name_files(path + RECORD), strict=True):
            _replace_or_remove(source, target)
        os.replace(new, path)
        return kept
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _replace_or_remove(source: str, target: str) -> None:
    """Rename a file; if it does not exist, the target does not, either."""
    try:
        os.replace(source, target)
    except FileNotFoundError:
        with suppress(FileNotFoundError):
            os.unlink(target)
