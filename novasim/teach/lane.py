"""The lane of a server: its actions as bars over time. Idle gaps are collapsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

MAX_ACTION = 18  # letters of an action's name
MAX_IDLE = 0.08  # of the duration of all bars: the length of a longer idle gap in the lane
MIN_BARS_WIDTH = 16  # columns
BAR, MARK, FAILED = "█", "│", "▒"
IN_ASCII = str.maketrans({BAR: "#", MARK: "|", FAILED: "x", "…": "~"})


class Span(NamedTuple):
    """
    One action of a server.

    Args:
        start, end: In seconds since the epoch; equal for what takes no time.
        result: Shown after the bar, such as "409" or "running"; "" for the duration.
        failed: Whether it failed or was refused.
    """

    action: str
    start: float
    end: float
    time: str
    result: str = ""
    failed: bool = False


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
        f"{span.time:<10}{_shorten(span.action, name_width):<{name_width}}  {bar:<{columns}} {result}"
        for span, bar, result in rows
    )
    return "\n".join(line.rstrip() for line in lines) + ("\n" if spans else "")


def _shorten(name: str, width: int) -> str:
    return name if len(name) <= width else name[: width - 1] + "…"


def _place_bars(spans: Sequence[Span], columns: int) -> Iterator[str]:
    """The bar of each span, after as many spaces as its start needs."""
    positions = collapse_gaps(spans)
    length = max((end for _, end in positions), default=0.0) or 1.0
    for span, (start, end) in zip(spans, positions, strict=True):
        first, last = (min(int(each / length * columns), columns - 1) for each in (start, end))
        is_bar = span.end > span.start
        sign = FAILED if is_bar and span.failed else BAR if is_bar else MARK
        yield " " * first + sign * max(1, last - first)


def collapse_gaps(spans: Iterable[Span]) -> list[tuple[float, float]]:
    """Start and end of each span in seconds on an axis without long idle gaps; the first starts at 0."""
    spans = list(spans)
    longest = max(sum(span.end - span.start for span in spans) * MAX_IDLE, 0.1)
    positions: list[tuple[float, float]] = []
    skipped, busy_until = (spans[0].start, spans[0].start) if spans else (0.0, 0.0)
    for span in spans:
        skipped += max(0.0, span.start - busy_until - longest)
        busy_until = max(busy_until, span.end)
        positions.append((span.start - skipped, span.end - skipped))
    return positions
