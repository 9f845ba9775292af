"""How edges are told where there are only words: sorted, brought together, marked."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from novasim.teach.graph.chart import Chart
from novasim.teach.graph.edges import ANY, NOWHERE, Edge, edges

NEW = "(new)"
FAILS = "!"
KEY = "(manager), (admin): not for members; ! after a name: ERROR if it fails on the way."


def in_order(chart: Chart) -> list[str]:
    """The statuses of a chart as servers meet them: from the beginning on, in the order of the table; ANY last."""
    found = [NOWHERE]
    for status in found:
        onward = dict.fromkeys(edge.target for edge in edges() if edge.source == status)
        found += [target for target in onward if target not in found]
    rest = sorted(chart.statuses - {*found, ANY})
    return [status for status in (*found, *rest, ANY) if status in chart.statuses]


def shown_as(status: str) -> str:
    """A status, or the word for where new servers come from."""
    return NEW if status == NOWHERE else status


def moves(chart: Chart) -> dict[tuple[str, str], list[Edge]]:
    """The edges that change the status, by where they lead from and to."""
    found: dict[tuple[str, str], list[Edge]] = {}
    order = in_order(chart)
    for edge in sorted(chart.shown, key=lambda edge: (order.index(edge.source), order.index(edge.target))):
        if not edge.stays:
            found.setdefault((edge.source, edge.target), []).append(edge)
    return found


def staying(chart: Chart, status: str) -> list[Edge]:
    """The edges that keep a status."""
    return [edge for edge in chart.shown if edge.stays and edge.source == status]


def told(found: Iterable[Edge], chart: Chart) -> list[str]:
    """Names of actions, marked if a failure ends in ERROR, with what else there is to say of each in brackets."""
    return [" ".join([edge.action + (FAILS if edge.fails else ""), *_remarks(edge, chart)]) for edge in found]


def _remarks(edge: Edge, chart: Chart) -> list[str]:
    remarks = [edge.role, "gone" if edge.gone else "", *_steps(edge, chart)]
    said = ", ".join(filter(None, remarks))
    return [f"({said})"] if said else []


def _steps(edge: Edge, chart: Chart) -> list[str]:
    if chart.journey is None:
        return []
    numbers = chart.journey.numbers(edge)
    under_way = ["under way"] if chart.journey.is_under_way(edge) else []
    steps = [f"step{'s' if len(numbers) > 1 else ''} {' and '.join(map(str, numbers))}"] if numbers else []
    return [*steps, *under_way]


def wrapped(names: list[str], width: int) -> list[str]:
    """Lines of names with their remarks, which are not torn from them."""
    kept = ", ".join(name.replace(" ", "\N{NO-BREAK SPACE}") for name in names)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in wrap(kept, width, break_on_hyphens=False)]
