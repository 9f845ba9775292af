"""The picture of the lifecycle, drawn without any other program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from novasim.teach.graph import layout
from novasim.teach.graph.chart import Chart
from novasim.teach.graph.edges import NOWHERE, Edge
from novasim.teach.graph.layout import BOXES, FRAMES, MEMBERS, Box
from novasim.teach.graph.legend import legend
from novasim.teach.graph.paint import kind_of, style_sheet
from novasim.teach.graph.places import (
    ALL,
    LEADING,
    SMALL,
    Name,
    edges_of,
    everywhere_on_a_host,
    names,
    stack_of,
    staying,
)
from novasim.teach.graph.shapes import arrowhead, element, line, width_of, words

TITLE = "The life of a server"
SAYING = "The statuses of an OpenStack Nova server, and what leads from one to another."
TINY, DOT = 10, 2.4
LONGEST_PIN = 18  # letters


def draw(chart: Chart) -> str:
    """The whole picture as the text of a file; what does not count in *chart* is pale."""
    title, saying = _heading(chart)
    parts = [
        f"<style>{style_sheet()}</style>",
        element("rect", class_="paper", width=layout.WIDTH, height=layout.HEIGHT, rx=16),
        words(title, 24, 52, "title"),
        words(saying, 25, 78, "say soft"),
        *_frames(chart),
        *_arrows(chart),
        *_boxes(chart),
        *(_name(each, chart) for each in names()),
        *legend(ALL),
        *_pin(chart),
    ]
    return "\n".join([*_head(title, saying, chart), *parts, "</svg>\n"])


def _heading(chart: Chart) -> tuple[str, str]:
    journey = chart.journey
    if journey is None:
        return TITLE, f"Only what leads {chart.about}." if chart.about else SAYING
    return f"The life of {shortened(journey.server)}", f"It is {journey.shown}. Numbers tell the way it came."


def shortened(name: str) -> str:
    """A server's name, or its beginning."""
    return name if len(name) <= LONGEST_PIN else name[: LONGEST_PIN - 1] + "…"


def _head(title: str, saying: str, chart: Chart) -> Iterator[str]:
    """The root, and the picture in words for those who cannot see it."""
    size = f'viewBox="0 0 {layout.WIDTH} {layout.HEIGHT}" width="{layout.WIDTH}" height="{layout.HEIGHT}"'
    moves = [f"{edge.action} from {edge.source} to {edge.target}" for edge in chart.shown if not edge.stays]
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">'
    yield element("title", escape(title), id="title")
    yield element("desc", escape(f"{saying} {'; '.join(moves)}."), id="desc")


def _place(box: Box, radius: int) -> dict[str, object]:
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": radius}


def _frames(chart: Chart) -> Iterator[str]:
    for name, box in FRAMES.items():
        pale = "" if chart.statuses.intersection(MEMBERS[name]) else " pale"
        yield element("rect", class_=f"frame{pale}", **_place(box, 22))
    note = layout.FRAME_LIST
    yield words("In each status of this frame:", note.x + 13, note.y + 19, "say soft" + _pale(_in_the_frame(), chart))


def _in_the_frame() -> list[Edge]:
    return [edge for edge in ALL if edge.action in everywhere_on_a_host()]


def _arrows(chart: Chart) -> Iterator[str]:
    """Lines, gaps in them for words, and heads; those on the way last, over the others."""
    drawn = [(route, [edge for group in edges_of(route) for edge in group]) for route in layout.ROUTES]
    drawn.sort(key=lambda pair: _is_way(pair[1], chart))
    for route, found in drawn:
        dashed = " dashed" if all(edge.role for edge in found) else ""
        yield line(route.points, f"line{dashed}{_looks(found, chart)}{_ahead(found, chart)}")
    yield from (_hole(stack_of(route), chart) for route in layout.ROUTES)
    for route, found in drawn:
        hollow = " hollow" if all(edge.at_once for edge in found) else ""
        yield arrowhead(route.points, f"arrow{hollow}{_looks(found, chart)}")


def _looks(found: Iterable[Edge], chart: Chart) -> str:
    """The classes of an arrow by the edges that it stands for, or of a name by its own."""
    found = list(found)
    role = " role" if all(edge.role for edge in found) else ""
    return role + (" way" if _is_way(found, chart) else _pale(found, chart))


def _ahead(found: Iterable[Edge], chart: Chart) -> str:
    """Whether a server is under way where it has not been before."""
    journey = chart.journey
    under_way = journey is not None and any(journey.is_under_way(edge) for edge in found)
    return " ahead" if under_way and not any(journey and journey.numbers(edge) for edge in found) else ""


def _is_way(found: Iterable[Edge], chart: Chart) -> bool:
    return chart.journey is not None and any(chart.journey.is_on(edge) for edge in found)


def _pale(found: Iterable[Edge], chart: Chart) -> str:
    if not set(chart.shown).intersection(found):
        return " pale"
    return " faint" if chart.journey else ""


def _boxes(chart: Chart) -> Iterator[str]:
    x, y = layout.BEGINNING
    yield element("circle", class_="beginning" + _absent(NOWHERE, chart), cx=x, cy=y, r=layout.RADIUS)
    for name, box in BOXES.items():
        here = " here" if chart.journey and chart.journey.here == name else ""
        yield element("rect", class_=f"box {kind_of(name)}{here}{_absent(name, chart)}", **_place(box, 14))
        yield _title(name, box, _absent(name, chart))


def _absent(name: str, chart: Chart) -> str:
    return "" if name in chart.statuses else " pale"


def _title(name: str, box: Box, pale: str) -> str:
    great = " great" if box.height > 200 and box.width < 300 else ""
    y = (box.y + (32 if great else 23)) if staying(name) else box.y + box.height / 2 + 5
    return words(name, box.x + box.width / 2, y, f"status{great}{pale}", "middle")


def _name(each: Name, chart: Chart) -> str:
    looks, small = _looks(each.edges, chart), each.size == SMALL
    gone = " gone" if each.edges[0].gone else ""
    baseline = each.y + each.size * 0.36
    parts = [words(each.action, each.x, baseline, f"{'small' if small else ''}{gone}{looks}".strip(), "middle")]
    end = each.x + each.width / 2
    if each.edges[0].fails:
        parts.append(element("circle", class_=f"fails{_pale(each.edges, chart)}", cx=end + 5, cy=each.y - 3, r=DOT))
    if numbers := _numbers(each, chart):
        parts.append(words(numbers, end + _room_for_dot(each), baseline, "tiny way"))
    return "".join(parts)


def _hole(stack: list[Name], chart: Chart) -> str:
    """A gap in the line, so that the words on it can be read."""
    left = min(each.x - each.width / 2 for each in stack) - 2
    right = max(each.x + each.width / 2 + _room_behind(each, chart) for each in stack) + 2
    top, bottom = stack[0].y - LEADING / 2 - 1, stack[-1].y + LEADING / 2 + 1
    return element("rect", class_="hole", x=left, y=top, width=right - left, height=bottom - top)


def _room_behind(each: Name, chart: Chart) -> float:
    return _room_for_dot(each) + width_of(_numbers(each, chart), TINY)


def _room_for_dot(each: Name) -> int:
    return 9 if each.edges[0].fails else 3


def _numbers(each: Name, chart: Chart) -> str:
    """Which steps of a server's way went here; of many only the last."""
    if chart.journey is None:
        return ""
    numbers = sorted(number for edge in each.edges for number in chart.journey.numbers(edge))
    return "·".join(map(str, numbers)) if len(numbers) < 3 else f"…{numbers[-1]}"


def _pin(chart: Chart) -> Iterator[str]:
    """The server's name on the border of the status that it is in."""
    if chart.journey is None or chart.journey.here not in layout.PINS:
        return
    left, y = layout.PINS[chart.journey.here]
    text = shortened(chart.journey.server)
    width = width_of(text, SMALL) + 18
    x = min(left, layout.WIDTH - 12 - width)
    yield element("rect", class_="banner", x=x, y=y - 10, width=width, height=20, rx=10)
    yield words(text, x + width / 2, y + 4, "pin", "middle")
