"""The lifecycle as a state diagram in Mermaid's language, which GitHub, GitLab and many editors draw."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.teach.graph.chart import Chart
from novasim.teach.graph.edges import ANY, NOWHERE
from novasim.teach.graph.paint import DAY, kind_of
from novasim.teach.graph.wording import KEY, in_order, moves, staying, told

IDS = {NOWHERE: "[*]", ANY: "ANY"}


def draw(chart: Chart) -> str:
    """The chart as the text of a diagram."""
    return "\n".join(["stateDiagram-v2", f"    %% {KEY}", *(f"    {line}" for line in _lines(chart))]) + "\n"


def _lines(chart: Chart) -> Iterator[str]:
    statuses = [status for status in in_order(chart) if status != NOWHERE]
    for status in statuses:
        yield f'state "{status}" as {_id(status)}'
    for (source, target), found in moves(chart).items():
        yield f"{_id(source)} --> {_id(target)} : {', '.join(told(found, chart))}"
    for status in statuses:
        if found := staying(chart, status):
            yield from (f"note right of {_id(status)}", f"    {', '.join(told(found, chart))}", "end note")
    if chart.journey:
        yield from (
            f"note left of {_id(chart.journey.here)}",
            f"    {chart.journey.server} is {chart.journey.shown}",
            "end note",
        )
    yield from _colours(statuses, chart)


def _id(status: str) -> str:
    return IDS.get(status, status)


def _colours(statuses: list[str], chart: Chart) -> Iterator[str]:
    kinds = dict.fromkeys(map(kind_of, statuses))
    for kind in kinds:
        yield f"classDef {kind} fill:{DAY[kind]},stroke:{DAY[f'{kind}-edge']},color:{DAY['ink']}"
    for kind in kinds:
        yield f"class {','.join(_id(status) for status in statuses if kind_of(status) == kind)} {kind}"
    if chart.journey:
        yield f"classDef here stroke:{DAY['way']},stroke-width:4px"
        yield f"class {_id(chart.journey.here)} here"
