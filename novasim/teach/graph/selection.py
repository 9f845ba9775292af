"""Selects the part of the lifecycle to draw: around a status, of certain actions."""

from __future__ import annotations

from collections.abc import Iterable

from novasim.errors import UsageError
from novasim.lifecycle.states import DELETED
from novasim.teach.graph.chart import Chart
from novasim.teach.graph.edges import ANY, Edge, all_edges, resting_status, transitional_statuses
from novasim.teach.topics import find_action_name, find_status

MAX_NAMES = 5  # in a line


def select_chart(around: str = "", actions: Iterable[str] = ()) -> Chart:
    """
    Select the edges to draw.

    Args:
        around: A status, ignoring case; "" for all. actions: names of actions; empty for all.

    Raises:
        UsageError: There is no such status or action, or no edge matches both.
    """
    edges = all_edges()
    status = find_status(around) if around else ""
    if status:
        edges = tuple(edge for edge in edges if _is_near(edge, status))
    names = list(dict.fromkeys(map(find_action_name, actions)))
    if names:
        edges = tuple(edge for edge in edges if edge.action in names)
    if not edges:
        raise UsageError(f"None of these actions leads to, from or through {status}: {', '.join(names)}.")
    return Chart(edges, _describe_selection(status, names))


def _describe_selection(status: str, names: list[str]) -> str:
    if not status and not names:
        return ""
    actions = ", ".join(names) if len(names) <= MAX_NAMES else f"{len(names)} actions"
    return f"Only {actions or 'actions'}" + (f" to, from and through {status}" if status else "")


def _is_near(edge: Edge, status: str) -> bool:
    """Whether an edge leads to, from or through a status. ANY includes every status except DELETED."""
    if edge.source != ANY:
        return status in (edge.source, edge.target, *edge.through)
    leads_away = not edge.keeps_status and status != resting_status(DELETED) and status not in transitional_statuses()
    return edge.target == status or leads_away
