"""Evaluates the checks of goals on a cloud and on the record of requests."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import singledispatch
from typing import NamedTuple

from novasim.lifecycle.actions import ACTIONS
from novasim.records import Host, Image, InstanceAction, Server, Volume
from novasim.simulation.instance_actions import entry_id
from novasim.simulation.world import World
from novasim.teach.commands import name_command
from novasim.teach.graph.edges import ANY, FIRST_STATUS, NOWHERE, edges_of_action
from novasim.teach.lessons.checks import (
    Condition,
    Done,
    HostIs,
    ImageExists,
    MoveCount,
    Never,
    Refused,
    ServerCount,
    ServerGone,
    ServerIs,
    VolumeIs,
)
from novasim.teach.lessons.entries import Entry
from novasim.teach.lessons.facts import HOST_FACTS, VOLUME_FACTS, find_servers, server_values

COUNTS = {"servers": "the number of servers", "ports": "the number of ports"}  # keys that are numbers
FAILED = "Error"  # the message of a failed entry of the instance-action log
COMPARE: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}

COMPARISONS = {">=": "at least ", "<=": "at most ", "=": "", "!=": "not ", ">": "more than ", "<": "less than "}


def list_moves(action: str, status: str) -> set[tuple[str, str]]:
    """The moves that an action makes from a status. A new server makes two: to BUILD, and then to ACTIVE."""
    edges = [edge for edge in edges_of_action(ACTIONS[action]) if not edge.keeps_status]
    sources = (status, ANY) if status else (NOWHERE, FIRST_STATUS)
    return {(action, edge.source) for edge in edges if edge.source in sources}


class View(NamedTuple):
    """What checks look at: the settled world, and the entries since the start of the lesson."""

    world: World
    entries: Sequence[Entry]

    def accepted(self, server: str) -> list[Entry]:
        """The accepted requests about a server that have not failed."""
        return [each for each in self.entries if each.is_about(server) and each.is_accepted and not self._failed(each)]

    def moves(self) -> set[tuple[str, str]]:
        """The moves from status to status that servers have made: each an action, and the status before it."""
        done = [each for each in self.entries if each.is_accepted and not self._failed(each)]
        return {move for each in done for move in list_moves(each.action, each.status)}

    def _failed(self, entry: Entry) -> bool:
        if entry.has_failed or not entry.request_id:
            return entry.has_failed
        found = self.world.tx.get(InstanceAction, entry_id(entry.server, entry.request_id))
        return found is not None and found.message == FAILED


@singledispatch
def find_mismatch(check: object, view: View) -> str:
    """What keeps a check from being met, as a sentence for the learner; "" if it is met."""
    raise TypeError(check)


@find_mismatch.register
def _(check: ServerIs, view: View) -> str:
    servers = find_servers(view.world, check.server)
    if not servers:
        return f"There is no server {check.server}."
    found = {each.key: server_values(view.world, servers[-1], each.key) for each in check.conditions}
    return _describe(check.server, check.conditions, found)


@find_mismatch.register
def _(check: ServerGone, view: View) -> str:
    return f"{check.server} still exists." if find_servers(view.world, check.server) else ""


@find_mismatch.register
def _(check: ImageExists, view: View) -> str:
    exists = bool(view.world.tx.query(Image, {"name": check.image}, limit=1))
    if exists == check.absent:
        return f"The image {check.image} still exists." if exists else f"There is no image {check.image}."
    return ""


@find_mismatch.register
def _(check: VolumeIs, view: View) -> str:
    volumes = view.world.tx.query(Volume, {"name": check.volume})
    if not volumes:
        return f"There is no volume {check.volume}."
    found = {each.key: VOLUME_FACTS[each.key](view.world, volumes[-1]) for each in check.conditions}
    return _describe(f"The volume {check.volume}", check.conditions, found)


@find_mismatch.register
def _(check: HostIs, view: View) -> str:
    hosts = view.world.tx.query(Host, {"name": check.host})
    if not hosts:
        return f"There is no host {check.host}."
    found = {each.key: HOST_FACTS[each.key](view.world, hosts[0]) for each in check.conditions}
    return _describe(check.host, check.conditions, found)


@find_mismatch.register
def _(check: ServerCount, view: View) -> str:
    servers = view.world.tx.query(Server, {"deleted": False})
    number = sum(meets(check.conditions, view.world, server) for server in servers)
    if COMPARE[check.comparison](number, check.number):
        return ""
    what = "".join(f" with {each}" for each in check.conditions)
    return f"The number of servers{what} is {number}; the goal is {COMPARISONS[check.comparison]}{check.number}."


@find_mismatch.register
def _(check: MoveCount, view: View) -> str:
    number = len(view.moves())
    if COMPARE[check.comparison](number, check.number):
        return ""
    wanted = f"{COMPARISONS[check.comparison]}{check.number}"
    return f"Your servers have made {number} different moves from status to status; the goal is {wanted}."


@find_mismatch.register
def _(check: Refused, view: View) -> str:
    requests = [each for each in view.entries if each.is_about(check.server) and each.action == check.action]
    if any(each.code == check.code and check.state in ("", each.status, each.task) for each in requests):
        return ""
    if not requests:
        return f"You have not tried {name_command(check.action)} on {check.server} yet."
    last = requests[-1]
    answer = f"accepted ({last.code})" if last.is_accepted else f"refused with {last.code}"
    state = f" in {last.task or last.status}" if last.status else ""
    wanted = f"{check.code} in {check.state}" if check.state else str(check.code)
    command = name_command(check.action)
    return f"The last {command} of {check.server} was {answer}{state}; the goal is a refusal with {wanted}."


@find_mismatch.register
def _(check: Done, view: View) -> str:
    missing = missing_actions(check, view)
    if not missing:
        return ""
    done = [each.action for each in view.accepted(check.server)]
    if not done:
        return f"Nothing has been done to {check.server} yet."
    return f"So far, {check.server} has been through: {', '.join(done)}. Still to come: {', '.join(missing)}."


def missing_actions(check: object, view: View) -> list[str]:
    """The actions of a `done` check that are still to be taken, in order; empty for another check."""
    missing = list(check.actions) if isinstance(check, Done) else []
    for entry in view.accepted(check.server) if isinstance(check, Done) else ():
        if missing and entry.action == missing[0]:
            missing.pop(0)
    return missing


@find_mismatch.register
def _(check: Never, view: View) -> str:
    broken = next((each for each in view.entries if is_broken_by(check, each)), None)
    if broken is None:
        return ""
    return f"{name_command(broken.action)} of {broken.name} was accepted; this lesson does not allow it."


def is_broken_by(check: object, entry: Entry) -> bool:
    """Whether an accepted request breaks a `never` check."""
    is_forbidden = isinstance(check, Never) and entry.is_about(check.server) and entry.action in check.actions
    return is_forbidden and entry.is_accepted


def meets(conditions: Sequence[Condition], world: World, server: Server) -> bool:
    """Whether a server meets all conditions."""
    return all(_holds(each, server_values(world, server, each.key)) for each in conditions)


def is_more_needed(check: ServerCount, number: int) -> bool:
    """Whether *number* servers are too few for a check that is not met."""
    return check.comparison in (">=", ">") or (check.comparison in ("=", "!=") and number <= check.number)


def _holds(condition: Condition, found: tuple[str, ...]) -> bool:
    is_one_of = bool(set(condition.values) & set(found or ("",)))
    return is_one_of is not condition.negated


def _describe(name: str, conditions: Sequence[Condition], found: dict[str, tuple[str, ...]]) -> str:
    """The conditions that do not hold, with the present values."""
    wrong = [each for each in conditions if not _holds(each, found[each.key])]
    parts = (_describe_mismatch(each, ", ".join(found[each.key]) or "empty") for each in wrong)
    return f"{name}: {'; '.join(parts)}." if wrong else ""


def _describe_mismatch(condition: Condition, found: str) -> str:
    if condition.key == "task" and condition.values == ("",) and not condition.negated:
        return f"it is busy ({found})"
    values = " or ".join(value or "empty" for value in condition.values)
    wanted = "must not be" if condition.negated else "must be"
    return f"{COUNTS.get(condition.key, condition.key)} is {found} and {wanted} {values}"
