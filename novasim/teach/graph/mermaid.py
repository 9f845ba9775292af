"""Draws the lifecycle as a Mermaid state diagram, which GitHub, GitLab and many editors render."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.teach.graph.captions import KEY, edges_by_ends, edges_keeping, label_edges, sort_statuses
from novasim.teach.graph.chart import Chart
from novasim.teach.graph.colours import LIGHT, kind_of
from novasim.teach.graph.edges import ANY, NOWHERE

IDS = {NOWHERE: "[*]", ANY: "ANY"}


def draw(chart: Chart) -> str:
    """Draw a chart as the text of a diagram."""
    return "\n".join(["stateDiagram-v2", f"    %% {KEY}", *(f"    {line}" for line in _lines(chart))]) + "\n"


def _lines(chart: Chart) -> Iterator[str]:
    statuses = [status for status in sort_statuses(chart) if status != NOWHERE]
    for status in statuses:
        yield f'state "{status}" as {_id(status)}'
    for (source, target), edges in edges_by_ends(chart).items():
        yield f"{_id(source)} --> {_id(target)} : {', '.join(label_edges(edges, chart))}"
    for status in statuses:
        if edges := edges_keeping(chart, status):
            yield from _note("right", status, ", ".join(label_edges(edges, chart)))
    if chart.journey:
        yield from _note("left", chart.journey.status, f"{chart.journey.server} is {chart.journey.state}")
    yield from _colours(statuses, chart)


def _id(status: str) -> str:
    return IDS.get(status, status)


def _note(side: str, status: str, text: str) -> Iterator[str]:
    yield from (f"note {side} of {_id(status)}", f"    {text}", "end note")


def _colours(statuses: list[str], chart: Chart) -> Iterator[str]:
    kinds = dict.fromkeys(map(kind_of, statuses))
    for kind in kinds:
        yield f"classDef {kind} fill:{LIGHT[kind]},stroke:{LIGHT[f'{kind}-edge']},color:{LIGHT['ink']}"
    for kind in kinds:
        yield f"class {','.join(_id(status) for status in statuses if kind_of(status) == kind)} {kind}"
    if chart.journey:
        yield f"classDef here stroke:{LIGHT['path']},stroke-width:4px"
        yield f"class {_id(chart.journey.status)} here"
