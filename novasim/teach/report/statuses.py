"""The most likely results of the entries in an instance-action log."""

from __future__ import annotations

from collections.abc import Sequence

from novasim.lifecycle.status import status_of
from novasim.records import Server
from novasim.teach.graph.edges import NOWHERE
from novasim.teach.graph.journey import CurrentState, LogEntry, trace_journey


def find_results(server: Server, log: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """
    The status after each action, and whether the action failed, as `graph --server` finds them.

    A status is "" where it is unknown.

    Args:
        log: Names of actions and whether they are known to have failed, oldest first.
    """
    now = CurrentState(server.vm_state, server.task_state, status_of(server.vm_state, server.task_state))
    entries = [LogEntry(action, failed) for action, failed in log]
    journey = trace_journey(server.name, entries, now)
    found = [(step.target, step.failed) for step in journey.steps if step.source != NOWHERE]
    if journey.running_action and len(found) == len(log) - 1:
        found.append(("", False))
    return found if len(found) == len(log) else [("", failed) for _, failed in log]
