"""Clouds in memory in which lessons are played."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Protocol

from novasim.cloud import Cloud
from novasim.control.clock import advance_clock, set_clock
from novasim.control.exports import remove_secrets
from novasim.control.worlds import create_default_world
from novasim.simulation.time import clock
from novasim.simulation.time.settle import settle
from novasim.store.memory import MemoryStore
from novasim.store.snapshots import SnapshotStore
from novasim.store.transaction import Snapshot
from novasim.teach.lessons.entries import Entry
from novasim.teach.lessons.errors import LessonError
from novasim.teach.lessons.evaluation import View, find_mismatch
from novasim.teach.lessons.lesson import Command, Lesson

SEED = 7
STILL_WAITING = 7  # exit code of a command that waits under a manual clock


class Playground:
    """
    A cloud in memory, and the entries of its record since the start of a lesson.

    Args:
        store: Its store; a copy shares the state, which never changes.
    """

    def __init__(self, store: SnapshotStore, entries: list[Entry] | None = None) -> None:
        self.cloud = Cloud(store, _wall)
        self.store = store
        self.entries = entries or []
        self._evaluated: tuple[object, frozenset[int]] | None = None  # a state, and the goals that are open in it

    @classmethod
    def create(cls, seed: int = SEED) -> Playground:
        """A new default world with an instant clock."""
        return cls(SnapshotStore(_default_world(seed)))

    def copy(self) -> Playground:
        """An independent copy."""
        return Playground(SnapshotStore(self.store.revision()), list(self.entries))

    def set_mode(self, mode: str) -> None:
        """Set the mode of the clock."""
        set_clock(self.cloud, mode)

    def pass_time(self) -> None:
        """Let all running tasks end."""
        with self.cloud.writing(is_request=False) as world:
            world.now = settle(world, until_idle=True)
            clock.keep_time(world.settings, world.now, self.cloud.wall(), clock.get_mode(world.settings))
            world.tx.put(world.settings)

    def now(self) -> float:
        """The cloud's time, in seconds since the epoch."""
        with self.cloud.reading() as world:
            return world.now

    def advance(self, seconds: float) -> None:
        """Advance a manual clock."""
        advance_clock(self.cloud, seconds)

    @contextmanager
    def view(self) -> Iterator[View]:
        """The world and the entries, for the checks."""
        with self.cloud.reading() as world:
            yield View(world, self.entries)

    def open_goals(self, lesson: Lesson) -> frozenset[int]:
        """The numbers of the goals that are not met, from 1. They are found once in each state."""
        state = self.store.revision(), len(self.entries), lesson.goals
        if self._evaluated is None or self._evaluated[0] != state:
            with self.view() as view:
                goals = enumerate(lesson.goals, 1)
                still_open = frozenset(number for number, goal in goals if find_mismatch(goal.check, view))
            self._evaluated = state, still_open
        return self._evaluated[1]

    def done_goals(self, lesson: Lesson) -> tuple[int, ...]:
        """The numbers of the goals that are met, in their order."""
        still_open = self.open_goals(lesson)
        return tuple(number for number in range(1, len(lesson.goals) + 1) if number not in still_open)

    def export(self) -> bytes:
        """The cloud as `cloud export` writes it."""
        return remove_secrets(self.store.dump())


@lru_cache(maxsize=2)
def _default_world(seed: int) -> Snapshot:
    """A default world with an instant clock. Its passwords are hashed, which takes as long as three commands."""
    store = MemoryStore()
    create_default_world(store, seed)
    set_clock(Cloud(store, _wall), "instant")
    return store.revision()


def _wall() -> float:
    return clock.SEEDED_EPOCH


class Execute(Protocol):
    """Runs a command in a playground, and returns its exit code. *errors* is what it last wrote on stderr."""

    errors: str

    def __call__(self, playground: Playground, command: Command) -> int: ...


def play(playground: Playground, commands: tuple[Command, ...], execute: Execute) -> None:
    """Run commands one after another, and under a manual clock let time pass where they wait."""
    for command in commands:
        play_one(playground, command, execute)


def play_one(playground: Playground, command: Command, execute: Execute) -> int:
    """Run a command, and under a manual clock let time pass if it waits."""
    code = execute(playground, command)
    if code == STILL_WAITING:
        playground.pass_time()
        return 0
    return code


def build_world(lesson: Lesson, execute: Execute, mode: str, seed: int = SEED) -> Playground:
    """
    Build the world of a lesson. Its commands end at once; afterwards the clock gets its mode.

    Raises:
        LessonError: A command failed that must not, or the other way round.
    """
    playground = Playground.create(seed)
    for command in lesson.world:
        code = execute(playground, command)
        if bool(code) is not command.must_fail:
            expected = "has to fail, but succeeded" if command.must_fail else f"failed with exit code {code}"
            raise LessonError(lesson.path, command.number, f"This command of the world {expected}: {command.line}")
    playground.set_mode(mode)
    playground.entries.clear()
    return playground
