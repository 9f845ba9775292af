"""How many commands the open goals need at least, by which a search leaves out states that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.records import Task
from novasim.teach.lessons.checks import Check, Done, Never, Refused, ServerGone
from novasim.teach.lessons.evaluation import View, missing_actions
from novasim.teach.lessons.facts import find_servers
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Playground

ANY = ""  # instead of the name of an action
Requests = set[tuple[str, str]]
"""Servers and actions, by name."""


def count_needed(lesson: Lesson, playground: Playground) -> int:
    """
    The least number of commands that may close all open goals, if each acts on one server.

    A refusal closes only goals that ask for it. An accepted request is about one server, so servers add up.
    """
    return _Needs(lesson, playground).count


def list_useful_requests(lesson: Lesson, playground: Playground) -> Requests | None:
    """
    The requests after which fewer commands are needed; None if others may be such requests, too.

    If exactly `count_needed` commands are left, the next one has to be one of these.
    """
    needs = _Needs(lesson, playground)
    return None if needs.others > sum(needs.by_server.values()) else needs.useful


class _Needs:
    """
    What the open goals of a lesson need.

    Attributes:
        refusals: The refusals to meet. by_server: the number of accepted requests about each server.
        others: 1 if there are goals that a request about any server may close, or no request about a server.
        useful: The requests that one of the numbers becomes smaller by.
    """

    def __init__(self, lesson: Lesson, playground: Playground) -> None:
        numbers = playground.open_goals(lesson)
        checks = [lesson.goals[number - 1].check for number in numbers]
        self.refusals = {(each.server, each.action, each.code) for each in checks if isinstance(each, Refused)}
        self.by_server: dict[str, int] = {}
        self.others = 0
        self.useful: Requests = {(server, action) for server, action, _ in self.refusals}
        with playground.view() as view:
            for name, group in _group_by_server(checks, view):
                if not name:
                    self.others = 1
                else:
                    self._add(name, [missing_actions(check, view) for check in group])

    def _add(self, server: str, missing: list[list[str]]) -> None:
        """Add the needs of a server: for each goal the missing actions; empty if any action may close it."""
        self.by_server[server] = most = max(1, *map(len, missing))
        following = {actions[0] for actions in missing if len(actions) == most}
        if len(following) < 2:  # otherwise no request brings all of them forward
            self.useful.add((server, next(iter(following), ANY)))

    @property
    def count(self) -> int:
        return len(self.refusals) + max(sum(self.by_server.values()), self.others)


def _group_by_server(checks: list[Check], view: View) -> Iterator[tuple[str, list[Check]]]:
    """
    The checks that accepted requests close, by server, as `_Needs` counts them; "" is the group of all others.

    To the others belongs a server whose state another command may change: it waits for a task, or a server can be
    renamed so that two goals are closed at once.
    """
    groups: dict[str, list[Check]] = {}
    for check in checks:
        if isinstance(check, Refused | Never):
            continue
        name = getattr(check, "server", "")
        is_shared = not isinstance(check, Done) and (isinstance(check, ServerGone) or _may_change(view, name))
        groups.setdefault("" if is_shared else name, []).append(check)
    yield from groups.items()


def _may_change(view: View, name: str) -> bool:
    """Whether the server of a name may change without a request about it."""
    servers = find_servers(view.world, name)
    tasks = (task for server in servers for task in view.world.tx.query(Task, {"server_id": server.id}))
    return len(servers) > 1 or any(not task.timer for task in tasks)
