"""Changes of servers while time passes: their statuses, and tasks that end."""

from __future__ import annotations

from typing import NamedTuple

from novasim.lifecycle.status import status_of
from novasim.records import Server, Task
from novasim.simulation.world import World

GONE = "DELETED"


class Transition(NamedTuple):
    """
    A change of a server's status, or a task that ended without one.

    Args:
        moment: Seconds since the epoch.
        action: The task that ended; "" if none did.
    """

    moment: float
    server: Server
    before: str
    after: str
    action: str = ""


class Recorder:
    """Collects the transitions of servers. Settling calls it before and after each task that it applies."""

    def __init__(self) -> None:
        self.transitions: list[Transition] = []

    def find_state(self, world: World, task: Task) -> str:
        """The status of a task's server."""
        server = world.tx.get(Server, task.server_id)
        return _status(server)

    def record(self, world: World, moment: float, task: Task, before: str) -> None:
        """Add what the application of a task has changed, if anything that users see."""
        server = world.tx.get(Server, task.server_id)
        if server is None:
            return
        following = world.tx.get(Task, task.id)
        has_ended = not task.timer and (following is None or following.request_id != task.request_id)
        if (after := _status(server)) != before or has_ended:
            self.transitions.append(Transition(moment, server, before, after, task.action if has_ended else ""))


def _status(server: Server | None) -> str:
    return GONE if server is None or server.deleted else status_of(server.vm_state, server.task_state)
