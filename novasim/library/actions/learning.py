"""What a server has done, and what its caller can do with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from novasim.errors import ServerNotFound, UsageError
from novasim.library.actions.base import ServerRequests
from novasim.lifecycle.actions import ACTIONS

if TYPE_CHECKING:
    from novasim.teach.situation import Situation


class LearningActions(ServerRequests):
    """Methods that change nothing and do not move the stepping clock, except `history`, which is a request."""

    def history(self) -> list[dict[str, Any]]:
        """The log of its actions with their events, oldest first, as Nova returns them."""
        from novasim.api.action_log import read_action_log

        return read_action_log(self._cloud.get, self.id)

    def why(self, action: str) -> dict[str, Any]:
        """
        Whether an action would be accepted now, as `novasim why -f json` describes it: accepted, code, reasons, ...

        Raises:
            UsageError: there is no such action on an existing server.
        """
        from novasim.teach.topics import find_action_name
        from novasim.teach.verdicts import describe_verdict

        row = ACTIONS[find_action_name(action)]
        if not row.acts_on_server:
            raise UsageError(f"{row.name} is not an action on an existing server.")
        with self._situation() as situation:
            return describe_verdict(situation, row)

    def can(self, action: str) -> bool:
        """Whether an action would be accepted now. UsageError if there is no such action."""
        return bool(self.why(action)["accepted"])

    def list_actions(self) -> dict[str, bool]:
        """All actions, and whether each would be accepted now."""
        from novasim.teach.verdicts import list_verdicts

        with self._situation() as situation:
            return {verdict["action"]: verdict["allowed"] for verdict in list_verdicts(situation)}

    def plan(self, status: str) -> list[str]:
        """
        The shortest path to a status, as commands; empty if it is reached already.

        Raises:
            Conflict: no path leads there. UsageError: no such status.
        """
        from novasim.teach.goals import find_plan
        from novasim.teach.topics import find_status

        goal = find_status(status)
        with self._situation() as situation:
            return find_plan(situation, goal).command_lines(situation.name)

    @contextmanager
    def _situation(self) -> Iterator[Situation]:
        from novasim.records import Server
        from novasim.teach.situation import Situation
        from novasim.teach.viewer import Viewer

        caller = self._cloud.caller
        with self._cloud.world.reading() as world:
            server = world.tx.get(Server, self.id)
            if server is None or not (caller.is_admin or caller.project_id == server.project_id):
                raise ServerNotFound(server=self.id)
            viewer = Viewer(self._cloud.who, caller, None, self._cloud.who == "demo")
            yield Situation(world, server, viewer, server.name)
