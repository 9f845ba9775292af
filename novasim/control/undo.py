"""Takes back the last steps of a caller, and applies them again, by the record of the cloud."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from novasim.cloud import Cloud
from novasim.control.clock import require_free_clock
from novasim.control.past import get_record, read_own_entries
from novasim.control.rewind import Mismatch, Rewind
from novasim.control.steps import Step, Steps
from novasim.errors import CloudFileError, Conflict, UsageError
from novasim.recorder.changes import Line, describe_caller, describe_state, identify, shorten
from novasim.recorder.recorder import new_step
from novasim.recorder.unit import describe_origin, find_earlier_state
from novasim.records import Caller, Server, Settings
from novasim.records.entry import Entry
from novasim.simulation.time import clock

if TYPE_CHECKING:
    from novasim.recorder.recorder import Recorder
    from novasim.store.base import Transaction

MAX_STEPS = 100
NO_RECORD = "There is no record, so nothing can be undone or redone. To begin one: novasim record start"


class Moved(NamedTuple):
    """A step that was undone or redone, and the number of its entry in the record."""

    step: Step
    number: int


class Past:
    """
    The record of a cloud within the transaction of an undo or redo.

    Args:
        kind: "undo" or "redo". everyone: Whether the steps of all callers are meant, rather than those of *caller*.
    """

    def __init__(self, cloud: Cloud, tx: Transaction, recorder: Recorder, caller: Caller, kind: str) -> None:
        self._cloud, self._tx, self._recorder, self._caller, self._kind = cloud, tx, recorder, caller, kind
        self.entries = read_own_entries(cloud.store)
        self._secrets = get_record(cloud.store).read_secrets()
        self.lines: list[Line] = []

    def find_targets(self, count: int, everyone: bool) -> list[Step]:
        """
        The steps to move over, in this order.

        Raises:
            UsageError: there are not as many.
        """
        steps = Steps(self.entries)
        found = steps.done if self._kind == "undo" else steps.undone
        own = [step for step in found if everyone or step.user == self._caller.user_id]
        if self._kind == "undo" and count + len(steps.undone) > MAX_STEPS:
            raise UsageError(f"At most {MAX_STEPS} steps can be undone.")
        if len(own) < count:
            whose = "" if everyone else " of yours"
            known = f"only {len(own)} steps" if len(own) > 1 else ("only one step" if own else "no step")
            raise UsageError(f"The record has {known}{whose} to {self._kind}.")
        return own[::-1][:count]

    def move(self, step: Step, everyone: bool) -> None:
        """
        Undo or redo one step, whose first entry, or that of its undo, is the earliest one to take back.

        Raises:
            Conflict: another caller has changed the same since, or the cloud has changed without the record.
        """
        first = step.undo or step.first
        later = [entry for entry in self.entries if entry.number >= first]
        others = [] if everyone else self._find_others(step, later)
        before = self._read_time()
        rewind = Rewind(self._tx, self._secrets)
        try:
            if others:
                from novasim.control.partial.undo import undo_partly

                undo_partly(rewind, later, step, others)
            else:
                rewind.undo(later)
        except Mismatch as mismatch:
            raise self._explain(mismatch) from None
        rewind.save()
        if others:
            self._settings().next_due_at = 0.0  # a task that comes back may be due earlier than all others
            self._tx.put(self._settings())
        self._keep_time(before)
        self._add_entry(step)

    def _find_others(self, step: Step, later: Iterable[Entry]) -> list[Step]:
        """The steps of other callers after a step, as far as they are in effect."""
        known = {entry.step for entry in later}
        return [other for other in Steps(self.entries).done if other.id in known and other.user != step.user]

    def _explain(self, mismatch: Mismatch) -> Conflict:
        change = mismatch.change
        return Conflict(
            reason=f"The cloud does not fit its record: {change['table']} {change['id']} has changed since entry "
            f"{mismatch.number}. To see what is missing: novasim record check"
        )

    def _read_time(self) -> float:
        settings = self._settings()
        return clock.get_time(settings, self._cloud.wall(), clock.get_mode(settings))

    def _keep_time(self, before: float) -> None:
        """Keep the real clock from going back; any other clock is what it was."""
        settings, wall = self._settings(), self._cloud.wall()
        if clock.get_mode(settings) == "real" and clock.get_time(settings, wall, "real") < before:
            clock.set_anchor(settings, before, wall)
            self._tx.put(settings)

    def _settings(self) -> Settings:
        settings = self._tx.get(Settings, "cloud")
        assert settings is not None
        return settings

    def _add_entry(self, step: Step) -> None:
        """The entry of the undo or redo, as a part of the record that later steps of the same command see, too."""
        settings, wall, about = self._settings(), self._cloud.wall(), step.entry
        changes = [change._asdict() for change in self._tx.take_changes()]
        line: Line = {"kind": self._kind, "undone": [step.id], "wall": wall, "code": 0, "action": self._kind}
        line |= {"step": self._recorder.step or new_step(wall), **describe_origin(self._recorder, with_user=False)}
        line |= {
            "cloud": identify(settings.token_key),
            "user": describe_caller(self._caller),
            "time": clock.format_time(self._read_time()),
        }
        if about.server:
            line |= {"server": about.server, "name": about.name}
            line["before"] = find_earlier_state(about.server, changes)
            line["after"] = describe_state(self._tx.get(Server, about.server))
        shown = [shorten(change, settings.token_key, self._recorder.secrets) for change in changes]
        self._secrets |= self._recorder.secrets
        self.lines.append(line | {"changes": shown})
        number = self.entries[-1].number + 1
        self.entries.append(Entry(**{**line, "changes": shown, "number": number}))


def undo(cloud: Cloud, caller: Caller, count: int = 1, everyone: bool = False) -> list[Moved]:
    """
    Take back the last steps of a caller, the last one first. All of them are taken back, or none.

    Args:
        everyone: Whether to take back the last steps of all callers.

    Raises:
        UsageError: there are not as many steps, or more than MAX_STEPS are wanted.
        Conflict: another caller has changed the same since then, or the cloud has changed without the record.
        CloudFileError: there is no record, or it is damaged.
    """
    return _move(cloud, caller, "undo", count, everyone)


def redo(cloud: Cloud, caller: Caller, count: int = 1, everyone: bool = False) -> list[Moved]:
    """Apply again the steps that the caller has undone last. Arguments and errors are those of `undo`."""
    return _move(cloud, caller, "redo", count, everyone)


def _move(cloud: Cloud, caller: Caller, kind: str, count: int, everyone: bool) -> list[Moved]:
    if not 1 <= count <= MAX_STEPS:
        raise UsageError(f"At most {MAX_STEPS} steps can be undone or redone at once, and at least one.")
    if everyone:
        require_free_clock(cloud)
    record, recorder = cloud.store.record, cloud.open_recorder()
    if recorder is None or not cloud.store.is_recorded():
        stopped = record and record.exists()
        raise CloudFileError("The record was stopped. To continue it: novasim record start" if stopped else NO_RECORD)
    lines: list[Line] = []
    with cloud.store.write(lambda: recorder.add(lines)) as tx:
        past = Past(cloud, tx, recorder, caller, kind)
        targets = past.find_targets(count, everyone)
        for step in targets:
            past.move(step, everyone)
        lines += past.lines
        numbers = [entry.number for entry in past.entries[-len(targets) :]]
    return [Moved(step, number) for step, number in zip(targets, numbers, strict=True)]
