"""Draws the lifecycle in the language of Graphviz, for other layouts."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.teach.graph.captions import (
    KEY,
    edges_by_ends,
    edges_keeping,
    label_edges,
    sort_statuses,
    wrap_names,
)
from novasim.teach.graph.chart import Chart
from novasim.teach.graph.colours import LIGHT, kind_of
from novasim.teach.graph.edges import NOWHERE, Edge

NODE_WIDTH = 34  # letters in a line of a node's list


def draw(chart: Chart) -> str:
    """Draw a chart as the text of a digraph."""
    return "\n".join(["digraph lifecycle {", *(f"  {line};" for line in _lines(chart)), "}"]) + "\n"


def _lines(chart: Chart) -> Iterator[str]:
    yield 'graph [rankdir=LR, nodesep=0.4, ranksep=1.2, fontname="sans-serif"]'
    yield 'node [shape=box, style="rounded,filled", fontname="monospace"]'
    yield f'edge [fontname="monospace", fontsize=11, color="{LIGHT["line"]}"]'
    journey = [f"{chart.journey.server} is {chart.journey.state}."] if chart.journey else []
    yield f"label={_quote([*journey, KEY])}"
    for status in sort_statuses(chart):
        yield f"{_quote([status])} {_format(_node_attributes(status, chart))}"
    for (source, target), edges in edges_by_ends(chart).items():
        yield f"{_quote([source])} -> {_quote([target])} {_format(_edge_attributes(edges, chart))}"


def _node_attributes(status: str, chart: Chart) -> dict[str, str]:
    if status == NOWHERE:
        return {"shape": "point", "width": "0.2"}
    kind = kind_of(status)
    names = wrap_names(label_edges(edges_keeping(chart, status), chart), NODE_WIDTH)
    is_here = chart.journey is not None and chart.journey.status == status
    border = LIGHT["path"] if is_here else LIGHT[f"{kind}-edge"]
    width = {"penwidth": "4"} if is_here else {}
    return {"label": _quote([status, *names]), "fillcolor": f'"{LIGHT[kind]}"', "color": f'"{border}"', **width}


def _edge_attributes(edges: list[Edge], chart: Chart) -> dict[str, str]:
    attributes = {"label": _quote(label_edges(edges, chart))}
    if all(edge.role for edge in edges):
        attributes |= {"style": "dashed"}
    if chart.journey and any(chart.journey.includes(edge) for edge in edges):
        attributes |= {"color": f'"{LIGHT["path"]}"', "penwidth": "3"}
    return attributes


def _format(attributes: dict[str, str]) -> str:
    return "[" + ", ".join(f"{name}={value}" for name, value in attributes.items()) + "]"


def _quote(lines: list[str]) -> str:
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
