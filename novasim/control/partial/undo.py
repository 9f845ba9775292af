"""Undo of one caller's step after which other callers have changed the cloud, too."""

from __future__ import annotations

from collections.abc import Iterable

from novasim.control.partial.references import Change, check_references, conflict
from novasim.control.rewind import Rewind
from novasim.control.steps import Step
from novasim.recorder.changes import drop_fields
from novasim.records import Settings
from novasim.records.entry import Entry

KEPT_FIELDS = frozenset(("updated_at",))
"""Fields that keep what another caller has set since."""
KEPT_SETTINGS = frozenset(
    ("requests", "counters", "latest", "sim_anchor", "wall_anchor", "next_due_at", "token_key", "revoked")
)
"""Settings that stay, because the steps of the other callers depend on them: time and running numbers."""

Key = tuple[str, int, str]


def undo_partly(rewind: Rewind, later: list[Entry], step: Step, others: Iterable[Step]) -> None:
    """
    Take back what a step has changed, with what has happened by itself since, but not what others did.

    Args:
        later: All entries from the first one of the step, or of its undo, on.

    Raises:
        Conflict: another caller has changed the same since. Mismatch: the cloud does not fit the record.
    """
    theirs = {other.id: other for other in others}
    own, documents = _collect(later, step, set(theirs))
    own = _without_passing(own, documents)
    places = {_key(change)[:2] for entry in own for change in entry.changes}
    for entry in later:
        for change in entry.changes if entry.step in theirs else ():
            if (_key(change) in documents or _key(change)[:2] in places) and not _is_harmless(change):
                raise conflict(entry, change)
    check_references(rewind.tx, own, later)
    rewind.undo([_without_kept_settings(entry) for entry in own], KEPT_FIELDS)


def _collect(later: list[Entry], step: Step, theirs: set[str]) -> tuple[list[Entry], set[Key]]:
    """The entries to take back, and the documents that they change. One step leads to others by its documents."""
    own = [entry for entry in later if entry.number == step.undo or (not step.undo and entry.step == step.id)]
    count = -1
    while count != len(own):
        count = len(own)
        documents = {_key(change) for entry in own for change in entry.changes if change["table"] != Settings.table}
        own = [entry for entry in later if entry in own or (_is_loose(entry, theirs) and _touches(entry, documents))]
    return own, documents


def _without_passing(own: list[Entry], documents: set[Key]) -> list[Entry]:
    """The entries without documents that they create and delete, such as tasks: others may have the places since."""
    changes = [change for entry in own for change in entry.changes]
    first = {_key(change): change["before"] for change in reversed(changes)}
    last = {_key(change): change["after"] for change in changes}
    passing = {key for key in documents if first[key] is None and last[key] is None}
    return [
        entry._replace(changes=[change for change in entry.changes if _key(change) not in passing]) for entry in own
    ]


def _is_loose(entry: Entry, theirs: set[str]) -> bool:
    """Whether an entry is not part of another caller's step that is in effect."""
    return entry.step not in theirs


def _touches(entry: Entry, documents: set[Key]) -> bool:
    return any(_key(change) in documents and not _is_harmless(change) for change in entry.changes)


def _is_harmless(change: Change) -> bool:
    """Whether a change sets only fields that may stay."""
    if change["table"] == Settings.table:
        return True
    before, after = change["before"], change["after"]
    return bool(before is not None and after is not None and set(before) | set(after) <= KEPT_FIELDS)


def _without_kept_settings(entry: Entry) -> Entry:
    """An entry whose changes of the settings leave time and running numbers alone."""
    changes = []
    for change in entry.changes:
        if change["table"] == Settings.table:
            parts = {name: drop_fields(change[name], KEPT_SETTINGS) for name in ("before", "after")}
            change = change | parts  # noqa: PLW2901
        changes.append(change)
    return entry._replace(changes=changes)


def _key(change: Change) -> Key:
    return change["table"], change["number"], change["id"]
