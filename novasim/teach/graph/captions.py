"""The words for edges in formats without positions: sorted, grouped, marked."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from novasim.teach.graph.chart import Chart
from novasim.teach.graph.edges import ANY, NOWHERE, Edge, all_edges

NEW = "(new)"
MAY_FAIL = "!"
KEY = "(manager), (admin): requires that role; ! after a name: a failure ends in ERROR."


def sort_statuses(chart: Chart) -> list[str]:
    """The statuses of a chart in the order in which servers meet them; ANY is the last."""
    order = [NOWHERE]
    for status in order:
        targets = dict.fromkeys(edge.target for edge in all_edges() if edge.source == status)
        order += [target for target in targets if target not in order]
    others = sorted(chart.statuses - {*order, ANY})
    return [status for status in (*order, *others, ANY) if status in chart.statuses]


def display_name(status: str) -> str:
    """The name of a status, or of the source of new servers."""
    return NEW if status == NOWHERE else status


def edges_by_ends(chart: Chart) -> dict[tuple[str, str], list[Edge]]:
    """The edges that change the status, by source and target."""
    groups: dict[tuple[str, str], list[Edge]] = {}
    order = sort_statuses(chart)
    for edge in sorted(chart.edges, key=lambda edge: (order.index(edge.source), order.index(edge.target))):
        if not edge.keeps_status:
            groups.setdefault((edge.source, edge.target), []).append(edge)
    return groups


def edges_keeping(chart: Chart, status: str) -> list[Edge]:
    """The edges that keep a status."""
    return [edge for edge in chart.edges if edge.keeps_status and edge.source == status]


def label_edges(edges: Iterable[Edge], chart: Chart) -> list[str]:
    """The names of actions, marked if a failure ends in ERROR, with remarks in brackets."""
    return [" ".join([edge.action + (MAY_FAIL if edge.may_fail else ""), *_remarks(edge, chart)]) for edge in edges]


def _remarks(edge: Edge, chart: Chart) -> list[str]:
    remarks = [edge.role, "removed" if edge.is_removed else "", *_steps(edge, chart)]
    text = ", ".join(filter(None, remarks))
    return [f"({text})"] if text else []


def _steps(edge: Edge, chart: Chart) -> list[str]:
    if chart.journey is None:
        return []
    numbers = chart.journey.step_numbers(edge)
    steps = [f"step{'s' if len(numbers) > 1 else ''} {' and '.join(map(str, numbers))}"] if numbers else []
    return [*steps, *(["running"] if chart.journey.may_be_following(edge) else [])]


def wrap_names(names: list[str], width: int) -> list[str]:
    """Wrap names to lines; a name and its remarks stay together."""
    text = ", ".join(name.replace(" ", "\N{NO-BREAK SPACE}") for name in names)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in wrap(text, width, break_on_hyphens=False)]
