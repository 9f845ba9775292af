"""The lane of a server as text: a row for each action. Idle gaps are shortened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from novasim.teach.graph.shapes import shorten
from novasim.teach.timeline.spans import Span, build_axis

MAX_ACTION = 18  # letters of an action's name
MIN_BARS_WIDTH = 16  # columns
BAR, MARK, FAILED = "█", "│", "▒"
IN_ASCII = str.maketrans({BAR: "#", MARK: "|", FAILED: "x", "…": "~"})


def draw_lane(spans: Sequence[Span], width: int = 80) -> str:
    """
    Draw a lane as text: a row for each action, with time, name, bar and duration.

    Args:
        spans: In the order of their starts. width: in columns.
    """
    name_width = min(max((len(span.action) for span in spans), default=0), MAX_ACTION)
    results = [span.result or f"{span.end - span.start:.1f} s" for span in spans]
    used = 10 + name_width + 2 + 1 + max(map(len, results), default=0)
    columns = max(width - used, MIN_BARS_WIDTH)
    rows = zip(spans, _place_bars(spans, columns), results, strict=True)
    lines = (
        f"{span.time:<10}{shorten(span.action, name_width):<{name_width}}  {bar:<{columns}} {result}"
        for span, bar, result in rows
    )
    return "\n".join(line.rstrip() for line in lines) + ("\n" if spans else "")


def _place_bars(spans: Sequence[Span], columns: int) -> Iterator[str]:
    """The bar of each span, after as many spaces as its start needs."""
    axis = build_axis(spans)
    length = axis.length or 1.0
    for span, (start, end) in zip(spans, axis.places, strict=True):
        first, last = (min(int(each / length * columns), columns - 1) for each in (start, end))
        sign = FAILED if span.is_bar and span.failed else BAR if span.is_bar else MARK
        yield " " * first + sign * max(1, last - first)
