"""References between the entries of a scenario."""

from __future__ import annotations

from typing import Any, TypeVar

from novasim.records import Project, Record
from novasim.scenarios.checks import Scenario
from novasim.simulation.world import World
from novasim.strutils import quote

R = TypeVar("R", bound=Record)


def find_record(world: World, scenario: Scenario, kind: type[R], text: str, place: tuple[Any, ...]) -> R:
    """
    Find the record of a kind with an id or name.

    Args:
        place: Where the scenario refers to it.

    Raises:
        UsageError: The scenario does not have it; the message names the line.
    """
    found = world.tx.get(kind, text) or next(iter(world.tx.query(kind, {"name": text})), None)
    if found is None:
        raise scenario.error(place, f"there is no {kind.__name__.lower()} {quote(text)} in this scenario")
    return found


def find_owner(world: World, scenario: Scenario, entry: dict[str, Any], place: tuple[Any, ...]) -> Project:
    """Find the project that an entry names, by default the first one. UsageError as for `find_record`."""
    if "project" in entry:
        return find_record(world, scenario, Project, entry["project"], (*place, "project"))
    return world.tx.query(Project)[0]
