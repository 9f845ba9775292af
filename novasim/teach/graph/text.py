"""The lifecycle for a terminal: each status, where one gets from it, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import wrap

from novasim.teach.graph.chart import Chart, Journey
from novasim.teach.graph.wording import KEY, in_order, moves, shown_as, staying, told, wrapped

Paint = Callable[[str], str]

IN_ASCII = str.maketrans({"├": "|", "└": "`", "─": "-", "│": "|", "▶": ">", "→": ">", "◀": "<", "…": "~"})


def draw(chart: Chart, width: int = 100, paint: Paint = str) -> str:
    """
    The chart as text.

    Args:
        width: How many columns there are. paint: gives a status its colour.
    """
    lines = [*_journey(chart.journey), *_statuses(chart, width, paint), *wrap(KEY, width)]
    return "\n".join(lines) + "\n"


def _journey(journey: Journey | None) -> Iterator[str]:
    if journey is None:
        return
    yield f"{journey.server} is {journey.shown}."
    if journey.steps:
        yield "The way it came:"
    for number, step in enumerate(journey.steps, 1):
        how = " (failed)" if step.failed else ""
        yield f"{number:4}  {step.action}{how}: {shown_as(step.source)} → {shown_as(step.target)}"
    yield ""


def _statuses(chart: Chart, width: int, paint: Paint) -> Iterator[str]:
    room = max((len(target) for _, target in moves(chart)), default=0)
    for status in in_order(chart):
        found = list(_branches(chart, status))
        here = f"  ◀ {chart.journey.server}" if chart.journey and chart.journey.here == status else ""
        if found or here:
            yield paint(shown_as(status)) + here
            yield from _tree(found, room, width, paint)
            yield ""


def _branches(chart: Chart, status: str) -> Iterator[tuple[str, list[str]]]:
    """Where one gets from a status ("" is nowhere else), and the names that lead there."""
    for (source, target), found in moves(chart).items():
        if source == status:
            yield target, told(found, chart)
    if found := staying(chart, status):
        yield "", told(found, chart)


def _tree(branches: list[tuple[str, list[str]]], room: int, width: int, paint: Paint) -> Iterator[str]:
    for number, (target, names) in enumerate(branches, 1):
        last = number == len(branches)
        head = paint(target) + " " * (room - len(target)) if target else "stays".ljust(room)
        first, *more = wrapped(names, max(width - room - 6, 24))
        yield f"{'└' if last else '├'}─{'▶' if target else '─'} {head}  {first}"
        for rest in more:
            yield f"{' ' if last else '│'}   {' ' * room}  {rest}"
