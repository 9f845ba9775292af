"""Copies of a learner's cloud, to find out what running tasks and further commands would do."""

from __future__ import annotations

from collections.abc import Sequence

from novasim.cloud import Cloud
from novasim.simulation.time import clock
from novasim.store.snapshots import SnapshotStore
from novasim.teach.lessons.entries import Entry
from novasim.teach.lessons.evaluation import View
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Playground
from novasim.teach.lessons.status import BusyServer, GoalStatus, find_busy_servers, find_status


def copy_cloud(cloud: Cloud, entries: Sequence[Entry], lets_time_pass: bool) -> Playground:
    """
    A copy in memory.

    Args:
        entries: The requests since the start. lets_time_pass: Whether all running tasks end at once in the copy.
    """
    assert isinstance(cloud.store, SnapshotStore)
    playground = Playground(SnapshotStore(cloud.store.revision()), list(entries))
    playground.cloud.wall = clock.wall
    if lets_time_pass:
        playground.set_mode("instant")
        playground.pass_time()
    return playground


def evaluate_goals(cloud: Cloud, lesson: Lesson, entries: Sequence[Entry]) -> tuple[list[GoalStatus], list[BusyServer]]:
    """
    The status of each goal, and the busy servers, the one that is busy longest first.

    Raises:
        CloudFileError: the cloud cannot be used.
    """
    with cloud.reading() as world:
        busy = find_busy_servers(world)
        later = copy_cloud(cloud, entries, lets_time_pass=True) if busy else None
        return find_status(lesson, View(world, entries), later), busy
