"""Draws the stage: the lifecycle as an SVG picture in 16:9, in whose statuses a page shows servers."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise
from math import inf

from novasim.teach.graph import stage_layout as layout
from novasim.teach.graph.chart import Chart
from novasim.teach.graph.colours import kind_of, style_sheet
from novasim.teach.graph.edges import ANY, NOWHERE, Edge
from novasim.teach.graph.labels import edges_of_route, place_labels
from novasim.teach.graph.layout import Box, Route
from novasim.teach.graph.shapes import arrowhead, box_element, element, line, text_element
from novasim.teach.graph.svg import TITLE

LABEL_SIZE, LINE_HEIGHT = 21, 22  # readable from afar, on a projector with 720 lines
ENDS, CORNERS = 24, 8  # what stays visible of a horizontal part of an arrow: of the first or last one, or another
STYLE = f"""
text,.status{{font-size:{LABEL_SIZE}px}}
.line{{stroke-width:2}}
"""
DESCRIPTION = "The statuses of a server, and the actions that lead from one to another."


def draw_stage(chart: Chart) -> str:
    """
    Draw the stage as the text of an SVG file without a fixed size; edges that are not selected are pale.

    `data-status` names the status of a box. `data-edge` of a group has the ends of its edges, such as "ACTIVE>PAUSED",
    separated by spaces; NOWHERE is NEW, and ANY is ANY. `data-action` names the action of a label.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.WIDTH} {layout.HEIGHT}" role="img" '
        'aria-labelledby="title desc">',
        element("title", escape(TITLE, quote=False), id="title"),
        element("desc", escape(DESCRIPTION, quote=False), id="desc"),
        f"<style>{style_sheet()}{STYLE}</style>",
        element("rect", class_="paper", width=layout.WIDTH, height=layout.HEIGHT, rx=16),
        *(box_element(box, "frame", 18) for box in layout.FRAMES.values()),
        *(_arrow(route, chart) for route in layout.ROUTES),
        element("circle", class_="start", cx=layout.START_POINT[0], cy=layout.START_POINT[1], r=layout.RADIUS),
        *(_box(name, box, chart) for name, box in layout.BOXES.items()),
    ]
    return "\n".join([*parts, "</svg>\n"])


def _arrow(route: Route, chart: Chart) -> str:
    """A group with the line, its head and the names of its actions."""
    groups = edges_of_route(route)
    edges = [edge for group in groups for edge in group]
    is_role, is_instant = all(edge.role for edge in edges), all(edge.is_instant for edge in edges)
    role = " role" if is_role else ""
    parts = [
        line(route.points, f"line{' dashed' if is_role else ''}{role}"),
        arrowhead(route.points, f"arrow{' hollow' if is_instant else ''}{role}"),
        *_labels(route),
    ]
    pale = "" if set(chart.edges).intersection(edges) else "pale"
    return element("g", "".join(parts), class_=pale, data_edge=" ".join(dict.fromkeys(map(name_edge, edges))))


def _labels(route: Route) -> Iterator[str]:
    """The names of the actions. Those that are longer than their arrow are condensed."""
    labels = place_labels(edges_of_route(route), route.label, LABEL_SIZE, LINE_HEIGHT)
    room = _find_room(route)
    width = min(room, max(label.width for label in labels)) + 4
    top, height = labels[0].y - LINE_HEIGHT / 2, LINE_HEIGHT * len(labels)
    yield element("rect", class_="gap", x=route.label[0] - width / 2, y=top, width=width, height=height)
    for label in labels:
        role = "role" if all(edge.role for edge in label.edges) else ""
        removed = " removed" if label.edges[0].is_removed else ""
        attributes: dict[str, object] = {"x": label.x, "y": label.y + LABEL_SIZE * 0.34, "text_anchor": "middle"}
        if label.width > room:
            attributes |= {"textLength": room, "lengthAdjust": "spacingAndGlyphs"}
        class_ = (role + removed).strip()
        yield element("text", escape(label.action, quote=False), class_=class_, data_action=label.action, **attributes)


def _find_room(route: Route) -> float:
    """The width for labels on a horizontal part of an arrow; infinite on a vertical part."""
    x, y = route.label
    parts = list(pairwise(route.points))
    for part in parts:
        (left, top), (right, bottom) = sorted(part)
        if top == bottom == y and left <= x <= right:
            return right - left - (ENDS if part in (parts[0], parts[-1]) else CORNERS)
    return inf


def name_edge(edge: Edge) -> str:
    """The ends of an edge, as `data-edge` has them."""
    return f"{_name_status(edge.source)}>{_name_status(edge.target)}"


def _name_status(status: str) -> str:
    return {NOWHERE: "NEW", ANY: "ANY"}.get(status, status)


def _box(name: str, box: Box, chart: Chart) -> str:
    pale = "" if name in chart.statuses else "pale"
    content = box_element(box, f"box {kind_of(name)}", 14)
    title = text_element(name, box.x + box.width / 2, box.y + 24, "status", "middle")
    return element("g", content + title, class_=pale, data_status=_name_status(name))
