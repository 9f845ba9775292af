"""Draws the lifecycle for a terminal: each status, with the actions that lead from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import wrap

from novasim.teach.graph.captions import (
    KEY,
    display_name,
    edges_by_ends,
    edges_keeping,
    label_edges,
    sort_statuses,
    wrap_names,
)
from novasim.teach.graph.chart import Chart, Journey

Paint = Callable[[str], str]
Branch = tuple[str, list[str]]  # the target ("" for the same status), and the names of the actions

IN_ASCII = str.maketrans({"├": "|", "└": "`", "─": "-", "│": "|", "▶": ">", "→": ">", "◀": "<", "…": "~"})
MIN_NAMES_WIDTH = 24
NARROW = 60  # columns: a narrower picture has the names of actions below the status


def draw(chart: Chart, width: int = 100, paint: Paint = str) -> str:
    """
    Draw a chart as text.

    Args:
        width: In columns. paint: adds the colour of a status to its name.
    """
    lines = [*_journey_lines(chart.journey, width), *_status_lines(chart, width, paint), *wrap(KEY, width)]
    return "\n".join(lines) + "\n"


def _journey_lines(journey: Journey | None, width: int) -> Iterator[str]:
    if journey is None:
        return
    yield f"{journey.server} is {journey.state}."
    if journey.steps:
        yield "Its path:"
    for number, step in enumerate(journey.steps, 1):
        failed = " (failed)" if step.failed else ""
        text = f"{number:4}  {step.action}{failed}: {display_name(step.source)} → {display_name(step.target)}"
        yield from wrap(text, width, subsequent_indent=" " * 6, break_on_hyphens=False)
    yield ""


def _status_lines(chart: Chart, width: int, paint: Paint) -> Iterator[str]:
    target_width = max((len(target) for _, target in edges_by_ends(chart)), default=0)
    for status in sort_statuses(chart):
        branches = list(_branches(chart, status))
        pin = f"  ◀ {chart.journey.server}" if chart.journey and chart.journey.status == status else ""
        if branches or pin:
            yield paint(display_name(status)) + pin
            yield from _tree_lines(branches, target_width, width, paint)
            yield ""


def _branches(chart: Chart, status: str) -> Iterator[Branch]:
    for (source, target), edges in edges_by_ends(chart).items():
        if source == status:
            yield target, label_edges(edges, chart)
    if edges := edges_keeping(chart, status):
        yield "", label_edges(edges, chart)


def _tree_lines(branches: list[Branch], target_width: int, width: int, paint: Paint) -> Iterator[str]:
    for number, (target, names) in enumerate(branches, 1):
        is_last = number == len(branches)
        branch, stem = f"{'└' if is_last else '├'}─{'▶' if target else '─'} ", " " if is_last else "│"
        head = paint(target) if target else "stays"
        if width < NARROW:
            yield branch + head
            yield from (f"{stem}     {line}" for line in wrap_names(names, max(width - 6, MIN_NAMES_WIDTH)))
            continue
        first, *others = wrap_names(names, max(width - target_width - 6, MIN_NAMES_WIDTH))
        yield f"{branch}{head}{' ' * (target_width - len(target or 'stays'))}  {first}"
        yield from (f"{stem}   {' ' * target_width}  {line}" for line in others)
