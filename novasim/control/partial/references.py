"""Documents of other callers that name those which an undo removes, or are named by those which it brings back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from novasim.errors import Conflict
from novasim.jsonutils import encode
from novasim.records import TABLES, Flavor, Image, Keypair, Settings
from novasim.records.entry import Entry
from novasim.store.base import Transaction

Change = dict[str, Any]

MIN_LENGTH = 32  # of IDs that occur in documents for no other reason
FREE = {Flavor.table, Image.table, Keypair.table, Settings.table}
"""Tables whose documents can be deleted while others name them."""


def check_references(tx: Transaction, own: list[Entry], later: Iterable[Entry]) -> None:
    """
    Check that an undo leaves no document that names one which does not exist.

    Args:
        own: The entries to take back. later: All entries since the first of them.

    Raises:
        Conflict: another caller has used what the undo removes, or deleted what it needs.
    """
    before, after = _list_documents(own)
    removed = [id.encode() for (table, id), fields in before.items() if fields is None and _is_named(table, id)]
    restored = [encode(before[key]) for key, fields in after.items() if fields is None and before[key] is not None]
    taken_back = {entry.number for entry in own}
    for entry in later:
        for change in entry.changes if entry.number not in taken_back else ():
            if (change["table"], change["id"]) not in before and _is_named(change["table"], change["id"]):
                found, id = _find(tx, change), change["id"].encode()
                if found and any(each in found for each in removed):
                    raise conflict(entry, change)
                if not found and any(id in each for each in restored):
                    raise conflict(entry, change)


def _list_documents(own: list[Entry]) -> tuple[dict[tuple[str, str], Any], dict[tuple[str, str], Any]]:
    """By table and ID: the documents before these entries, and after them; None without a document."""
    changes = [change for entry in own for change in entry.changes]
    before = {(change["table"], change["id"]): change["before"] for change in reversed(changes)}
    return before, {(change["table"], change["id"]): change["after"] for change in changes}


def _is_named(table: str, id: str) -> bool:
    return table not in FREE and len(id) >= MIN_LENGTH


def _find(tx: Transaction, change: Change) -> bytes:
    """The document of a change as it is now; nothing if it does not exist."""
    record = tx.get(TABLES[change["table"]], change["id"])
    return encode(record.to_document()) if record else b""


def conflict(entry: Entry, change: Change) -> Conflict:
    """The refusal because of a change in an entry of another caller."""
    who = (entry.user or {}).get("user") or "Another caller"
    what = entry.command or entry.action
    where = f"entry {entry.number}, {what}: {change['table']} {change['id']}"
    return Conflict(
        reason=f"{who} has changed the same thing since ({where}). To undo the steps of all callers: novasim undo --all"
    )
