"""Which part of the lifecycle is asked for: around a status, of some actions."""

from __future__ import annotations

from collections.abc import Iterable

from novasim.errors import UsageError
from novasim.lifecycle.states import DELETED
from novasim.teach.graph.chart import Chart, Journey
from novasim.teach.graph.edges import ANY, Edge, edges, passing, resting
from novasim.teach.topics import find_action_name, find_status

FEW = 5  # actions that fit into a line


def chart(around: str = "", actions: Iterable[str] = (), journey: Journey | None = None) -> Chart:
    """
    What is to be drawn.

    Args:
        around: A status, in letters of either case; "" for all. actions: names of actions; none for all.

    Raises:
        UsageError: there is no such status or action, or nothing is left of the two together.
    """
    found, about = edges(), []
    if around:
        status = find_status(around)
        found = tuple(edge for edge in found if _is_near(edge, status))
        about.append(f"to, from and through {status}")
    if wanted := list(dict.fromkeys(map(find_action_name, actions))):
        found = tuple(edge for edge in found if edge.action in wanted)
        about.append("by " + (", ".join(wanted) if len(wanted) <= FEW else f"{len(wanted)} actions"))
    if not found:
        raise UsageError(f"None of these actions has to do with {find_status(around)}: {', '.join(wanted)}.")
    return Chart(found, " ".join(about), journey)


def _is_near(edge: Edge, status: str) -> bool:
    """Whether an edge leads to, from or through a status; what leads from any status leads from each but DELETED."""
    if edge.source == ANY:
        return edge.target == status or (not edge.stays and status != resting(DELETED) and status not in passing())
    return status in (edge.source, edge.target, *edge.through)
