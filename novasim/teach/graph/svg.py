"""Draws the lifecycle as an SVG picture, without other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from novasim.teach.graph import layout
from novasim.teach.graph.chart import Chart
from novasim.teach.graph.colours import kind_of, style_sheet
from novasim.teach.graph.edges import NOWHERE, Edge
from novasim.teach.graph.labels import (
    BOX_SIZE,
    EDGES,
    LINE_HEIGHT,
    Label,
    all_labels,
    edges_keeping,
    edges_of_route,
    frame_edges,
    route_labels,
)
from novasim.teach.graph.layout import BOXES, FRAMES, MEMBERS, Box
from novasim.teach.graph.legend import legend
from novasim.teach.graph.shapes import arrowhead, box_element, element, line, shorten, text_element, text_width

TITLE = "The life of a server"
SUBTITLE = "The statuses of an OpenStack Nova server, and the actions that lead from one to another."
NUMBER_SIZE, DOT_RADIUS = 10, 2.4
COVERAGE_STYLE = """
.line.met,.line.partly{stroke:#2c8a4b;stroke-width:3.2}
.line.partly{stroke-dasharray:9 5}
.line.unmet{stroke:#cf2f24}
.arrow.met,.arrow.partly,text.met{fill:#2c8a4b}
.arrow.unmet,text.unmet{fill:#cf2f24}
text.partly{fill:#a97a10}
"""
MAX_NAME = 18  # letters
MAX_NUMBERS = 2  # steps at one label


def draw(chart: Chart) -> str:
    """Draw a chart as the text of an SVG file; edges that are not selected are pale."""
    title, subtitle = _heading(chart)
    parts = [
        f"<style>{style_sheet()}{COVERAGE_STYLE if chart.coverage else ''}</style>",
        element("rect", class_="paper", width=layout.WIDTH, height=layout.HEIGHT, rx=16),
        text_element(title, 24, 52, "title"),
        text_element(subtitle, 25, 78, "prose soft"),
        *_frames(chart),
        *_arrows(chart),
        *_boxes(chart),
        *(_label(each, chart) for each in all_labels() if not (chart.is_simple and each.edges[0].keeps_status)),
        *legend(EDGES),
        *_pin(chart),
    ]
    return "\n".join([*_root(title, subtitle, chart), *parts, "</svg>\n"])


def _heading(chart: Chart) -> tuple[str, str]:
    if chart.journey is None:
        return TITLE, f"{chart.selection}." if chart.selection else SUBTITLE
    server, state = chart.journey.server, chart.journey.state
    return f"The life of {shorten_name(server)}", f"It is {state}. The numbers are the steps of its path."


def shorten_name(name: str) -> str:
    """A server's name, shortened to MAX_NAME letters."""
    return shorten(name, MAX_NAME)


def _root(title: str, subtitle: str, chart: Chart) -> Iterator[str]:
    """The root element, with a description for screen readers."""
    size = f'viewBox="0 0 {layout.WIDTH} {layout.HEIGHT}" width="{layout.WIDTH}" height="{layout.HEIGHT}"'
    moves = [f"{edge.action} from {edge.source} to {edge.target}" for edge in chart.edges if not edge.keeps_status]
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">'
    yield element("title", escape(title, quote=False), id="title")
    yield element("desc", escape(f"{subtitle} {'; '.join(moves)}.", quote=False), id="desc")


def _frames(chart: Chart) -> Iterator[str]:
    for name, box in FRAMES.items():
        pale = "" if chart.statuses.intersection(MEMBERS[name]) else " pale"
        yield box_element(box, f"frame{pale}", 22)
    if chart.is_simple:
        return
    box, class_ = layout.FRAME_LIST, "prose soft" + _pale_class(frame_edges(), chart)
    yield text_element("In every status of this frame:", box.x + 13, box.y + 19, class_)


def _arrows(chart: Chart) -> Iterator[str]:
    """Lines, gaps in them for labels, and heads; the path of the server is drawn over the others."""
    routes = [(route, [edge for edges in edges_of_route(route) for edge in edges]) for route in layout.ROUTES]
    routes.sort(key=lambda pair: _is_on_path(pair[1], chart))
    for route, edges in routes:
        dashed = " dashed" if all(edge.role for edge in edges) else ""
        yield line(route.points, f"line{dashed}{_classes(edges, chart)}{_ahead_class(edges, chart)}")
    yield from (_gap(route_labels(route), chart) for route in layout.ROUTES)
    for route, edges in routes:
        hollow = " hollow" if all(edge.is_instant for edge in edges) else ""
        yield arrowhead(route.points, f"arrow{hollow}{_classes(edges, chart)}")


def _classes(edges: Iterable[Edge], chart: Chart) -> str:
    """The classes of an arrow or label for these edges."""
    edges = list(edges)
    if chart.coverage:
        return f" {chart.coverage.class_of(edges)}"
    role = " role" if all(edge.role for edge in edges) else ""
    return role + (" path" if _is_on_path(edges, chart) else _pale_class(edges, chart))


def _ahead_class(edges: Iterable[Edge], chart: Chart) -> str:
    """The class of an arrow along which a server is moving for the first time."""
    journey = chart.journey
    if journey is None or any(journey.step_numbers(edge) for edge in edges):
        return ""
    return " ahead" if any(journey.may_be_following(edge) for edge in edges) else ""


def _is_on_path(edges: Iterable[Edge], chart: Chart) -> bool:
    return chart.journey is not None and any(chart.journey.includes(edge) for edge in edges)


def _pale_class(edges: Iterable[Edge], chart: Chart) -> str:
    if not set(chart.edges).intersection(edges):
        return " pale"
    return " faint" if chart.journey else ""


def _boxes(chart: Chart) -> Iterator[str]:
    x, y = layout.START_POINT
    yield element("circle", class_="start" + _absent_class(NOWHERE, chart), cx=x, cy=y, r=layout.RADIUS)
    for name, box in BOXES.items():
        here = " here" if chart.journey and chart.journey.status == name else ""
        absent = _absent_class(name, chart)
        yield box_element(box, f"box {kind_of(name)}{here}{absent}", 14)
        yield _box_title(name, box, absent)


def _absent_class(name: str, chart: Chart) -> str:
    return "" if name in chart.statuses else " pale"


def _box_title(name: str, box: Box, absent: str) -> str:
    large = " large" if box.height > 200 and box.width < 300 else ""
    y = (box.y + (32 if large else 23)) if edges_keeping(name) else box.y + box.height / 2 + 5
    return text_element(name, box.x + box.width / 2, y, f"status{large}{absent}", "middle")


def _label(label: Label, chart: Chart) -> str:
    """The name of an action, with a dot if it may fail, and with the numbers of the server's steps."""
    small = "small" if label.size == BOX_SIZE else ""
    removed = " removed" if label.edges[0].is_removed else ""
    baseline, end = label.y + label.size * 0.36, label.x + label.width / 2
    class_ = f"{small}{removed}{_classes(label.edges, chart)}".strip()
    parts = [text_element(label.action, label.x, baseline, class_, "middle")]
    if label.edges[0].may_fail:
        class_ = f"fails{_pale_class(label.edges, chart)}"
        parts.append(element("circle", class_=class_, cx=end + 5, cy=label.y - 3, r=DOT_RADIUS))
    if numbers := _step_numbers(label, chart):
        parts.append(text_element(numbers, end + _dot_width(label), baseline, "tiny path"))
    if chart.coverage:
        commands = dict.fromkeys(filter(None, (chart.coverage.commands.get(edge) for edge in label.edges)))
        return element("g", element("title", escape("\n".join(commands) or label.action, quote=False)) + "".join(parts))
    return "".join(parts)


def _gap(labels: list[Label], chart: Chart) -> str:
    """A gap in the line behind its labels."""
    left = min(label.x - label.width / 2 for label in labels) - 2
    right = max(label.x + label.width / 2 + _width_after(label, chart) for label in labels) + 2
    top, bottom = labels[0].y - LINE_HEIGHT / 2 - 1, labels[-1].y + LINE_HEIGHT / 2 + 1
    return element("rect", class_="gap", x=left, y=top, width=right - left, height=bottom - top)


def _width_after(label: Label, chart: Chart) -> float:
    return _dot_width(label) + text_width(_step_numbers(label, chart), NUMBER_SIZE)


def _dot_width(label: Label) -> int:
    return 9 if label.edges[0].may_fail else 3


def _step_numbers(label: Label, chart: Chart) -> str:
    """The numbers of the steps that followed these edges; of many only the last."""
    if chart.journey is None:
        return ""
    numbers = sorted(number for edge in label.edges for number in chart.journey.step_numbers(edge))
    return "·".join(map(str, numbers)) if len(numbers) <= MAX_NUMBERS else f"…{numbers[-1]}"


def _pin(chart: Chart) -> Iterator[str]:
    """The server's name on the border of its status."""
    if chart.journey is None or chart.journey.status not in layout.PINS:
        return
    left, y = layout.PINS[chart.journey.status]
    text = shorten_name(chart.journey.server)
    width = text_width(text, BOX_SIZE) + 18
    x = min(left, layout.WIDTH - 12 - width)
    yield element("rect", class_="banner", x=x, y=y - 10, width=width, height=20, rx=10)
    yield text_element(text, x + width / 2, y + 4, "pin", "middle")
