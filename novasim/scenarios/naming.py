"""Finding what a scenario refers to."""

from __future__ import annotations

from typing import Any, TypeVar

from novasim.records import Record
from novasim.scenarios.reading import Scenario
from novasim.simulation.world import World

R = TypeVar("R", bound=Record)


def named(world: World, scenario: Scenario, kind: type[R], text: str, place: tuple[Any, ...]) -> R:
    """
    The thing of a kind with that id or name.

    Raises:
        UsageError: the scenario does not have it; the line that refers to it is named.
    """
    found = world.tx.get(kind, text) or next(iter(world.tx.query(kind, {"name": text})), None)
    if found is None:
        raise scenario.wrong(place, f"there is no {kind.__name__.lower()} {text!r} in this scenario")
    return found
