"""The entries of the record about one server, for `history` and `graph --server`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from novasim.errors import UsageError
from novasim.records.entry import Entry, drop_earlier_clouds, find_undone

if TYPE_CHECKING:
    from novasim.store.base import RecordLog


class ServerRecord(NamedTuple):
    """
    What the record has about a server, oldest first.

    Args:
        requests: The IDs of the requests that are in the record. Others are from before it began.
    """

    entries: list[Entry]
    requests: set[str]

    def select_earlier(self, log: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries of the instance-action log that the record does not have."""
        return [entry for entry in log if entry["request_id"] not in self.requests]


def find_entries(record: RecordLog | None, server_id: str, refusals: bool = False) -> ServerRecord | None:
    """
    The entries about a server; None if there is no record, or nothing in it is about the server.

    Args:
        record: The record; None if there can be none.
        refusals: Whether refusals are wanted, which only a record has.

    Raises:
        UsageError: refusals are wanted, and there is no record. CloudFileError: the record is damaged.
    """
    if record is None or not record.exists():
        if refusals:
            raise UsageError("Refusals are kept only in a record. To begin one: novasim record start")
        return None
    entries = [entry for entry in drop_earlier_clouds(record.read()) if is_about(entry, server_id)]
    entries = [entry for entry in entries if refusals or not entry.is_refusal]
    return ServerRecord(entries, {id for entry in entries for id in _list_requests(entry)}) if entries else None


def is_about(entry: Entry, server_id: str) -> bool:
    """Whether an entry is about a server, or changes it, as an undo does."""
    changed = {change["id"] for change in entry.changes if change["table"] == "servers"}
    return entry.server == server_id or (entry.kind != "event" and server_id in changed)


def _list_requests(entry: Entry) -> list[str]:
    """The requests that an entry adds to the instance-action log."""
    added = [change["after"] for change in entry.changes if change["table"] == "instance_actions"]
    return [action["request_id"] for action in added if action and "request_id" in action]


def drop_undone(entries: Iterable[Entry]) -> list[Entry]:
    """The entries without those that an undo has taken back, and without undo and redo themselves."""
    entries = list(entries)
    undone = find_undone(entries)
    kept, is_undone = list[Entry](), False
    for entry in entries:
        is_undone = entry.step in undone if entry.step and not entry.is_refusal else is_undone
        if entry.kind not in ("undo", "redo") and (entry.is_refusal or not is_undone):
            kept.append(entry)
    return kept
