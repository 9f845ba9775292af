"""
Further attempts on alternate hosts, after a build or the preparation of a resize has failed on a host.

The task's arguments keep alternates (names of hosts, best first) and attempt (from 2 on).

Source: nova/scheduler/utils.py, populate_retry; nova/conductor/manager.py, build_instances; nova/conductor/tasks/
migrate.py, _reschedule.
"""

from __future__ import annotations

from novasim.records import Host, Server, Task
from novasim.simulation.failures import RetriesExceeded, TaskFailed
from novasim.simulation.scheduling.filters import has_capacity
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.world import World

EXHAUSTED = "Exhausted all hosts available for retrying build failures for instance {}."


def get_max_attempts(world: World, task: Task) -> int:
    """The maximum number of hosts to try. Args: forced (whether the host of the task is forced), optional."""
    return 1 if task.args.get("forced") else int(world.option("max_attempts"))


def count_failed_attempt(
    world: World, server: Server, task: Task, failure: TaskFailed, last_exception: str | None
) -> TaskFailed | None:
    """
    Count an attempt that has failed on its host, and check whether there is another host.

    Args:
        last_exception: The text that Nova reports for the failure after the last attempt.

    Returns:
        None if there is another host. Otherwise the failure that ends the task.
    """
    most = get_max_attempts(world, task)
    if most == 1:
        return failure
    attempt = task.args.get("attempt", 1) + 1
    if attempt > most:
        return RetriesExceeded(
            f"Exceeded max scheduling attempts {most} for instance {server.id}. Last exception: {last_exception}"
        )
    if not task.args["alternates"]:
        return RetriesExceeded(EXHAUSTED.format(server.id))
    task.args["attempt"] = attempt
    return None


def select_alternate(world: World, task: Task, spec: RequestSpec) -> Host:
    """
    Select the next alternate host that still has room. Checks capacity only, because Nova asks only Placement here.

    Raises:
        RetriesExceeded: No alternate host is left.
    """
    alternates = task.args["alternates"]
    while alternates:
        host = world.tx.get(Host, alternates.pop(0))
        if host is not None and has_capacity(world, host, spec):
            return host
    raise RetriesExceeded(EXHAUSTED.format(spec.server.id))
