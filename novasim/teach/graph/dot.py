"""The lifecycle in the language of Graphviz, for those who want another layout than ours."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.teach.graph.chart import Chart
from novasim.teach.graph.edges import NOWHERE, Edge
from novasim.teach.graph.paint import DAY, kind_of
from novasim.teach.graph.wording import KEY, in_order, moves, staying, told, wrapped

LINE = 34  # letters in a line of a node's list


def draw(chart: Chart) -> str:
    """The chart as the text of a digraph."""
    return "\n".join(["digraph lifecycle {", *(f"  {line};" for line in _lines(chart)), "}"]) + "\n"


def _lines(chart: Chart) -> Iterator[str]:
    yield 'graph [rankdir=LR, nodesep=0.4, ranksep=1.2, fontname="sans-serif"]'
    yield 'node [shape=box, style="rounded,filled", fontname="monospace"]'
    yield f'edge [fontname="monospace", fontsize=11, color="{DAY["line"]}"]'
    now = [f"{chart.journey.server} is {chart.journey.shown}."] if chart.journey else []
    yield f"label={_quoted([*now, KEY])}"
    for status in in_order(chart):
        yield f"{_quoted([status])} {_attributes(_of_node(status, chart))}"
    for (source, target), found in moves(chart).items():
        yield f"{_quoted([source])} -> {_quoted([target])} {_attributes(_of_edge(found, chart))}"


def _of_node(status: str, chart: Chart) -> dict[str, str]:
    if status == NOWHERE:
        return {"shape": "point", "width": "0.2"}
    kind = kind_of(status)
    names = wrapped(told(staying(chart, status), chart), LINE)
    here = {"penwidth": "4"} if chart.journey and chart.journey.here == status else {}
    edge = DAY["way"] if here else DAY[f"{kind}-edge"]
    return {"label": _quoted([status, *names]), "fillcolor": f'"{DAY[kind]}"', "color": f'"{edge}"', **here}


def _of_edge(found: list[Edge], chart: Chart) -> dict[str, str]:
    looks = {"label": _quoted(told(found, chart))}
    if all(edge.role for edge in found):
        looks |= {"style": "dashed"}
    if chart.journey and any(chart.journey.is_on(edge) for edge in found):
        looks |= {"color": f'"{DAY["way"]}"', "penwidth": "3"}
    return looks


def _attributes(given: dict[str, str]) -> str:
    return "[" + ", ".join(f"{name}={value}" for name, value in given.items()) + "]"


def _quoted(lines: list[str]) -> str:
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
