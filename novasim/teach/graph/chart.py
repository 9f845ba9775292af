"""Charts: the part of the lifecycle to draw, and the path of one server through it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from novasim.teach.graph.edges import ANY, Edge


class Step(NamedTuple):
    """
    One step of a server's path.

    Args:
        edge: The edge that it followed; None if it failed, or if the log does not show it.
    """

    action: str
    source: str
    target: str
    edge: Edge | None = None
    failed: bool = False


class Journey(NamedTuple):
    """
    The path of a server through the lifecycle.

    Args:
        status: The status without the running task. state: the status and task_state shown now.
        running_action: The action whose task is running; "" if none is.
    """

    server: str
    steps: tuple[Step, ...]
    status: str
    state: str
    running_action: str = ""

    def step_numbers(self, edge: Edge) -> list[int]:
        """The numbers of the steps that followed an edge, from 1."""
        return [number for number, step in enumerate(self.steps, 1) if step.edge == edge]

    def includes(self, edge: Edge) -> bool:
        """Whether a step, or the running action, follows an edge."""
        return bool(self.step_numbers(edge)) or self.may_be_following(edge)

    def may_be_following(self, edge: Edge) -> bool:
        """Whether the running action may follow an edge."""
        return self.running_action == edge.action and edge.source in (self.status, ANY)


class EdgeCoverage(NamedTuple):
    """
    Which edges a script has followed, and the command for each edge.

    Args:
        met: The edges that were followed.
    """

    met: frozenset[Edge]
    commands: Mapping[Edge, str]

    def class_of(self, edges: Collection[Edge]) -> str:
        """The class of an arrow or label for these edges: met, unmet or partly."""
        found = self.met.intersection(edges)
        return ("met" if len(found) == len(edges) else "partly") if found else "unmet"


class Chart(NamedTuple):
    """
    What to draw, in any format.

    Args:
        edges: The selected edges; formats leave the others out or draw them pale.
        selection: Describes the selected edges; "" if all are selected.
        is_simple: Whether actions that keep the status are left out, in SVG as well.
        coverage: What a script has met, in SVG only.
    """

    edges: tuple[Edge, ...]
    selection: str = ""
    journey: Journey | None = None
    is_simple: bool = False
    coverage: EdgeCoverage | None = None

    @property
    def statuses(self) -> frozenset[str]:
        """The ends of the selected edges, and the status of the server."""
        ends = {end for edge in self.edges for end in (edge.source, edge.target)}
        return frozenset(ends | ({self.journey.status} if self.journey else set()))
