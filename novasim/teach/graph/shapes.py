"""
Lines, arrows and text as SVG elements, and the width of text.

Elements are written as text: xml.etree (5 ms to import) would not sort or indent their attributes as the checked-in
picture needs, and svgwrite is no longer maintained.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import hypot

from novasim.teach.graph.layout import Box, Point

LETTER_WIDTH = 0.602  # of the font size, in the common fixed-width fonts
CORNER_RADIUS = 12
ARROW_LENGTH = 9


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """An SVG element. `class_` becomes class, other underscores hyphens; attributes with the value "" are left out."""
    present = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value != ""}
    head = " ".join([name, *(f'{key}="{escape(_format(value))}"' for key, value in present.items())])
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def _format(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def text_element(text: str, x: float, y: float, class_: str, anchor: str = "") -> str:
    """A line of text whose baseline is at *y*."""
    return element("text", escape(text, quote=False), x=x, y=y, class_=class_, text_anchor=anchor)


def box_element(box: Box, class_: str, radius: int) -> str:
    """A rectangle with rounded corners."""
    return element("rect", class_=class_, x=box.x, y=box.y, width=box.width, height=box.height, rx=radius)


def text_width(text: str, size: float) -> float:
    """The width of a line in the fixed-width font."""
    return len(text) * size * LETTER_WIDTH


def shorten(text: str, length: int) -> str:
    """The text, cut to a number of letters."""
    return text if len(text) <= length else text[: length - 1] + "…"


def line(points: Sequence[Point], class_: str) -> str:
    """A line with rounded corners that ends where its arrowhead starts."""
    *before, last = points
    shortened = _towards(last, before[-1], ARROW_LENGTH - 1)
    path = [f"M{_at(points[0])}"]
    for previous, corner, following in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, previous, CORNER_RADIUS), _towards(corner, following, CORNER_RADIUS)
        path.append(f"L{_at(start)}Q{_at(corner)} {_at(end)}")
    return element("path", d="".join([*path, f"L{_at(shortened)}"]), class_=class_)


def arrowhead(points: Sequence[Point], class_: str) -> str:
    """The head of an arrow at the last point."""
    tip, before = points[-1], points[-2]
    x, y = _towards(tip, before, ARROW_LENGTH)
    dx, dy = (tip[0] - x) / 2, (tip[1] - y) / 2
    corners = [tip, (x - dy, y + dx), (x + dy, y - dx)]
    return element("path", d="M" + "L".join(map(_at, corners)) + "Z", class_=class_)


def _towards(start: tuple[float, float], end: tuple[float, float], distance: float) -> tuple[float, float]:
    """The point at a distance from *start* towards *end*, at most halfway."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    part = min(distance / length, 0.5)
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _at(point: tuple[float, float]) -> str:
    return f"{_format(float(point[0]))} {_format(float(point[1]))}"
