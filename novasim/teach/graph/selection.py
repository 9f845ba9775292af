"""Selects the part of the lifecycle to draw: around a status, of certain actions."""

from __future__ import annotations

from collections.abc import Iterable

from novasim.errors import UsageError
from novasim.lifecycle.states import DELETED
from novasim.teach.graph.chart import Chart
from novasim.teach.graph.edges import ANY, Edge, all_edges, resting_status, transitional_statuses
from novasim.teach.topics import find_action_name, find_status

MAX_NAMES = 5  # in a line


def select_chart(around: str = "", actions: Iterable[str] = (), is_simple: bool = False) -> Chart:
    """
    Select the edges to draw.

    Args:
        around: A status, ignoring case; "" for all. actions: names of actions; empty for all.
        is_simple: Whether to leave out actions that keep the status.

    Raises:
        UsageError: There is no such status or action, or no edge matches both.
    """
    edges = tuple(edge for edge in all_edges() if not (is_simple and edge.keeps_status))
    status = find_status(around) if around else ""
    if status:
        edges = tuple(edge for edge in edges if _is_near(edge, status))
    names = list(dict.fromkeys(map(find_action_name, actions)))
    if names:
        edges = tuple(edge for edge in edges if edge.action in names)
    if not edges:
        raise UsageError(_explain_empty(status, names, is_simple))
    return Chart(edges, _describe_selection(status, names), is_simple=is_simple)


def _explain_empty(status: str, names: list[str], is_simple: bool) -> str:
    verb = "changes the status" if is_simple and not status else f"leads to, from or through {status}"
    if not names:
        return f"No action {verb} and changes it." if is_simple else f"No action {verb}."
    return f"None of these actions {verb}: {', '.join(names)}."


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
