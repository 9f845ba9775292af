"""Servers of the same name, which commands cannot tell apart by name."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.records import Server
from novasim.simulation.world import World
from novasim.teach.lessons.checks import Check, Done
from novasim.teach.lessons.evaluation import View, find_mismatch, meets
from novasim.teach.lessons.facts import find_servers
from novasim.teach.lessons.hints.planner import forbidden_actions
from novasim.teach.lessons.hints.proposals import ADMIN, conditions_of, to_command
from novasim.teach.lessons.lesson import Command, Lesson


def find_ambiguous_name(world: World, check: Check) -> str:
    """A name that several servers have, if it matters to a check; "" without such a name."""
    names = [each.name for each in world.tx.query(Server, {"deleted": False})]
    relevant = [server] if (server := getattr(check, "server", "")) else names
    return next((name for name in relevant if names.count(name) > 1), "")


def remove_duplicates(lesson: Lesson, view: View, name: str) -> Iterator[Command]:
    """Commands that delete a server of an ambiguous name by its ID, or rename it if a goal forbids to delete it."""
    forbidden = forbidden_actions(lesson, name)
    for server in _dispensable(lesson, view, name):
        ways_out: list[tuple[str, ...]] = [("delete", server.id, "--wait"), ("force-delete", server.id, "--wait")]
        if "delete" in forbidden:
            ways_out = [("set", server.id, "--name", f"{name}-{server.id[:4]}")]
        for prefix in ((), ADMIN):
            yield from (to_command((*prefix, *words)) for words in ways_out)


def _dispensable(lesson: Lesson, view: View, name: str) -> list[Server]:
    """
    The servers of a name in the order in which to remove them.

    The first one is kept, since it is what the lesson is about, unless another is already as the goals want it.
    """
    first, *others = find_servers(view.world, name)
    checks = [goal.check for goal in lesson.goals]
    is_needed = any(isinstance(each, Done) and each.server == name and find_mismatch(each, view) for each in checks)
    conditions = conditions_of(lesson, name)
    better = [each for each in others if meets(conditions, view.world, each)]
    if better and not is_needed and not meets(conditions, view.world, first):
        return [first, *(each for each in others if each is not better[0]), better[0]]
    return [*reversed(others), first]
