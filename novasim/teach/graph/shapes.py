"""Lines, arrows and words as SVG elements, and how much room they take."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from xml.sax.saxutils import escape, quoteattr

from novasim.teach.graph.layout import Point

MONO = 0.602  # the width of a letter in the common fixed-width fonts, in sizes
CORNER = 12
ARROW = 9


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """An element; `class_` becomes class, an underscore elsewhere a hyphen, and a value of "" leaves the name out."""
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value != ""}
    head = " ".join([name, *(f"{key}={quoteattr(_short(value))}" for key, value in given.items())])
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def words(text: str, x: float, y: float, class_: str, anchor: str = "") -> str:
    """A line of text whose baseline is at *y*."""
    return element("text", escape(text), x=x, y=y, class_=class_, text_anchor=anchor)


def width_of(text: str, size: float) -> float:
    """How wide a line in a fixed-width font is."""
    return len(text) * size * MONO


def line(points: Sequence[Point], class_: str) -> str:
    """A line with rounded corners, which ends where its arrowhead begins."""
    *before, last = points
    short = _towards(last, before[-1], ARROW - 1)
    path = [f"M{_at(points[0])}"]
    for previous, corner, following in zip(points, points[1:], points[2:], strict=False):
        begin, end = _towards(corner, previous, CORNER), _towards(corner, following, CORNER)
        path.append(f"L{_at(begin)}Q{_at(corner)} {_at(end)}")
    return element("path", d="".join([*path, f"L{_at(short)}"]), class_=class_)


def arrowhead(points: Sequence[Point], class_: str) -> str:
    """The head of an arrow at the last of *points*."""
    tip, before = points[-1], points[-2]
    x, y = _towards(tip, before, ARROW)
    dx, dy = (tip[0] - x) / 2, (tip[1] - y) / 2
    corners = [tip, (x - dy, y + dx), (x + dy, y - dx)]
    return element("path", d="M" + "L".join(map(_at, corners)) + "Z", class_=class_)


def _towards(start: tuple[float, float], end: tuple[float, float], distance: float) -> tuple[float, float]:
    """The point at some distance from *start* on the way to *end*, at most half of it."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    part = min(distance / length, 0.5)
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _at(point: tuple[float, float]) -> str:
    return f"{_short(float(point[0]))} {_short(float(point[1]))}"
