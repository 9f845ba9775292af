"""What of the lifecycle is to be shown, and what is known of one server in it."""

from __future__ import annotations

from typing import NamedTuple

from novasim.teach.graph.edges import ANY, Edge


class Step(NamedTuple):
    """
    One step of a server's way.

    Args:
        edge: The edge that it went along; None if it failed on the way, or cannot be told from the log.
    """

    action: str
    source: str
    target: str
    edge: Edge | None = None
    failed: bool = False


class Journey(NamedTuple):
    """
    The way that a server came.

    Args:
        here: The status in which it would be at rest. shown: what its status and task_state are now.
        busy: The action that is under way, "" for none.
    """

    server: str
    steps: tuple[Step, ...]
    here: str
    shown: str
    busy: str = ""

    def numbers(self, edge: Edge) -> list[int]:
        """Which steps of the way, counted from 1, went along an edge."""
        return [number for number, step in enumerate(self.steps, 1) if step.edge == edge]

    def is_on(self, edge: Edge) -> bool:
        """Whether the way, or what is under way, goes along an edge."""
        return bool(self.numbers(edge)) or self.is_under_way(edge)

    def is_under_way(self, edge: Edge) -> bool:
        """Whether the server may be on its way along an edge just now."""
        return self.busy == edge.action and edge.source in (self.here, ANY)


class Chart(NamedTuple):
    """
    A picture to be drawn, in whichever format.

    Args:
        shown: The edges that count; the other ones are left out or pale. about: what they are, "" for everything.
    """

    shown: tuple[Edge, ...]
    about: str = ""
    journey: Journey | None = None

    @property
    def statuses(self) -> frozenset[str]:
        """Everything at an end of an edge, or where the server is."""
        ends = {end for edge in self.shown for end in (edge.source, edge.target)}
        return frozenset(ends | ({self.journey.here} if self.journey else set()))
