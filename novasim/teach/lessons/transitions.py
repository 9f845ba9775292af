"""What commands do in the states of a cloud in memory. A state never changes, so each command runs once in each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from novasim.store.snapshots import SnapshotStore
from novasim.store.transaction import Snapshot
from novasim.teach.lessons.entries import Entry
from novasim.teach.lessons.lesson import Command
from novasim.teach.lessons.playground import Execute, Playground, play_one


class Transition(NamedTuple):
    """The state after a command, the new entries, the exit code, and what the command wrote on stderr."""

    after: Snapshot
    entries: list[Entry]
    code: int
    errors: str


class Transitions:
    """
    Runs commands in states of clouds, and keeps what each does.

    Args:
        execute: Runs a command. What it does has to depend on the state alone.
    """

    def __init__(self, execute: Execute) -> None:
        self._execute = execute
        self._kept: dict[tuple[Snapshot, tuple[str, ...], float], Transition] = {}

    def run(self, before: Playground, command: Command, seconds: float = 0.0) -> tuple[Playground, Transition]:
        """
        Run a command as `play_one` does, in a copy.

        Args:
            seconds: How far a manual clock advances after the command.
        """
        key = before.store.revision(), command.words, seconds
        if key not in self._kept:
            self._kept[key] = self._run(before.copy(), command, seconds)
        found = self._kept[key]
        return Playground(SnapshotStore(found.after), [*before.entries, *found.entries]), found

    def _run(self, playground: Playground, command: Command, seconds: float) -> Transition:
        count = len(playground.entries)
        code = play_one(playground, command, self._execute)
        if seconds:
            playground.advance(seconds)
        return Transition(playground.store.revision(), playground.entries[count:], code, self._execute.errors)

    def run_all(self, before: Playground, commands: Iterable[Command], seconds: float = 0.0) -> Playground:
        """The state after several commands."""
        for command in commands:
            before, _ = self.run(before, command, seconds)
        return before
