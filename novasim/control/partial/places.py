"""Places of documents that an undo changes. Other callers may have taken those of deleted ones since."""

from __future__ import annotations

from collections.abc import Iterable

from novasim.control.partial.references import Change
from novasim.records import TABLES
from novasim.records.entry import Entry
from novasim.store.base import Transaction

Place = tuple[str, int]


def find_places(tx: Transaction, own: list[Entry], later: Iterable[Entry]) -> list[Entry]:
    """
    The entries to take back, with the places at which their documents are or come back.

    A document whose place another one has comes last: it gets a place below 0, as `Rewind` has it.

    Args:
        own: The entries to take back. later: All entries since the first of them.
    """
    last = {(change["table"], change["id"]): change for entry in later for change in entry.changes}
    taken = {(table, change["place"]) for (table, _), change in last.items() if change["after"] is not None}
    places = dict[tuple[str, str], int]()
    for key in dict.fromkeys((change["table"], change["id"]) for entry in own for change in entry.changes):
        change = last[key]
        place = key[0], change["place"]
        if change["after"] is None and (place in taken or _is_taken(tx, place)):
            place = key[0], -len(places) - 1
        taken.add(place)
        places[key] = place[1]
    return [entry._replace(changes=[_move(change, places) for change in entry.changes]) for entry in own]


def _is_taken(tx: Transaction, place: Place) -> bool:
    return tx.record_at(TABLES[place[0]], place[1]) is not None


def _move(change: Change, places: dict[tuple[str, str], int]) -> Change:
    return change | {"place": places[change["table"], change["id"]]}
