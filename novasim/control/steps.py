"""The steps of a record: command lines and HTTP requests that have changed the cloud, and which of them are undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from novasim.records.entry import Entry

CHANGING = ("request", "control", "replaced")


class Step(NamedTuple):
    """
    A command line or an HTTP request.

    Args:
        first: The number of its first entry. user: the ID of the user; "" if it is unknown.
        entry: Its first entry that changed something.
        undo: The number of the entry that has undone it; 0 if none has.
    """

    id: str
    first: int
    user: str
    entry: Entry
    undo: int = 0


class Steps:
    """
    The steps that can be undone, and those that can be redone, oldest first.

    A step that changes nothing, as after a refusal, is not one of them, nor are those from before the last start of the
    record, since what has happened between a stop and a start is not known.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._done: dict[str, Step] = {}  # by ID; a record can have many thousands
        self.undone: list[Step] = []  # in the order in which they are redone, the last one first
        for entry in entries:
            if entry.begins_record:
                self._done, self.undone = {}, []
            elif entry.kind == "undo":
                self._undo(entry)
            elif entry.kind == "redo":
                self._redo(entry)
            elif entry.kind in CHANGING and entry.changes and entry.step and entry.step not in self._done:
                self._add(entry)

    @property
    def done(self) -> list[Step]:
        return list(self._done.values())

    def _add(self, entry: Entry) -> None:
        user = user_of(entry)
        self._done[entry.step] = Step(entry.step, entry.number, user, entry)
        self.undone = [step for step in self.undone if step.user != user]

    def _undo(self, entry: Entry) -> None:
        for step in [self._done.pop(id) for id in entry.undone if id in self._done]:
            self.undone.append(step._replace(undo=entry.number))

    def _redo(self, entry: Entry) -> None:
        for step in [step for step in self.undone if step.id in entry.undone]:
            self.undone.remove(step)
            self._done[step.id] = step._replace(undo=0)
        self._done = {step.id: step for step in sorted(self._done.values(), key=lambda step: step.first)}


def user_of(entry: Entry) -> str:
    """The ID of the user of an entry; "" if it is unknown."""
    return str(entry.user["user_id"]) if entry.user else ""
