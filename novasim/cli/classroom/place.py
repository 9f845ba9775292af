"""The lesson of a classroom in the cloud of a student, for the commands of the lesson."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from novasim.cloud import Cloud
from novasim.teach.lessons.copies import copy_cloud, evaluate_goals
from novasim.teach.lessons.entries import Entry
from novasim.teach.lessons.evaluation import View
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Playground
from novasim.teach.lessons.status import BusyServer, GoalStatus

NOTHING: dict[str, Any] = {"done": [], "waiting": [], "ended": False}


class ClassPlace:
    """
    What the local and the remote place of a classroom have in common.

    Args:
        entries: The requests since the start of the lesson. steps: How many commands they were.
    """

    ending = "Your teacher starts the next lesson."
    can_undo = True  # whether the student can take back steps

    def __init__(self, cloud: Cloud, lesson: Lesson, entries: Sequence[Entry], steps: int) -> None:
        self.lesson = lesson
        self._cloud, self._entries, self._steps = cloud, entries, steps

    @contextmanager
    def view(self) -> Iterator[View]:
        """The cloud as it is now, and the entries."""
        with self._cloud.reading() as world:
            yield View(world, self._entries)

    def evaluate(self) -> tuple[list[GoalStatus], list[BusyServer]]:
        """As `copies.evaluate_goals`, of this cloud."""
        return evaluate_goals(self._cloud, self.lesson, self._entries)

    def playground(self, lets_time_pass: bool) -> Playground:
        """A copy in memory, as `copies.copy_cloud` returns it."""
        return copy_cloud(self._cloud, self._entries, lets_time_pass)

    def count_steps(self) -> int:
        """How many commands the student has run since the start."""
        return self._steps

    def keep(self, statuses: Sequence[GoalStatus]) -> dict[str, Any]:
        """Nothing: the classroom finds out by itself which goals are done. Returns what was kept before."""
        return NOTHING
