"""The picture of the report: the stage with a marker for every server on its status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from novasim.teach.graph import stage_layout
from novasim.teach.graph.layout import Box
from novasim.teach.graph.selection import select_chart
from novasim.teach.graph.stage import draw_stage
from novasim.teach.report.facts import ServerFacts

PITCHES = ((33, 15), (28, 12), (20, 8.5), (14, 6), (10, 4.2), (7, 2.9), (5, 2.1), (3.5, 1.5))
"""Distances between markers and their radii; the first with which all servers of a status fit is taken."""
WITH_LETTERS, LARGE = 12, 15  # the smallest radius of a marker that shows letters of the name, and large ones
TITLE, EDGE = 30, 6  # of a box: the height of its title, and what stays free at its border
COLOURS = 8
MAX_NAME = 60  # letters in a title


def draw_picture(servers: Sequence[ServerFacts], projects: Sequence[str]) -> str:
    """The stage as SVG. Markers have the colours of projects, and link to the rows of their servers."""
    groups: dict[str, list[ServerFacts]] = {}
    for server in servers:
        groups.setdefault(server.status, []).append(server)
    colours = {project: number % COLOURS for number, project in enumerate(projects)}
    markers = [each for status, found in groups.items() for each in _draw_group(status, found, colours)]
    stage = draw_stage(select_chart(is_simple=True)).replace('role="img"', 'role="group"')
    return stage.replace("</svg>", "\n".join([*markers, "</svg>"]))


def _draw_group(status: str, servers: list[ServerFacts], colours: dict[str, int]) -> Iterator[str]:
    box = stage_layout.BOXES[status]
    space = Box(box.x + EDGE, box.y + TITLE, box.width - 2 * EDGE, box.height - TITLE - EDGE)
    fitting = ((pitch, radius) for pitch, radius in PITCHES if _capacity(space, pitch) >= len(servers))
    pitch, radius = next(fitting, (0, 0))
    if not pitch:
        yield f'<text class="count" x="{box.x + box.width / 2:.0f}" y="{box.y + box.height / 2 + 16:.0f}">'
        yield f"{len(servers)}</text>"
        return
    for server, (x, y) in zip(servers, _list_places(space, pitch, len(servers)), strict=True):
        yield _draw_marker(server, x, y, radius, colours[server.project])


def _capacity(space: Box, pitch: float) -> int:
    return int(space.width // pitch) * max(1, int(space.height // pitch))


def _list_places(space: Box, pitch: float, count: int) -> Iterator[tuple[float, float]]:
    """The middles of markers in rows of equal length, in the middle of a space."""
    columns = int(space.width // pitch)
    rows = -(-count // columns)
    top = space.y + max(0.0, (space.height - rows * pitch) / 2)
    for number in range(count):
        row, column = divmod(number, columns)
        in_row = min(columns, count - row * columns)
        yield space.x + space.width / 2 + (column - (in_row - 1) / 2) * pitch, top + (row + 0.5) * pitch


def _draw_marker(server: ServerFacts, x: float, y: float, radius: float, colour: int) -> str:
    title = escape(f"{server.name[:MAX_NAME]} of {server.project}: {server.shown}", quote=False)
    content = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'
    if radius >= WITH_LETTERS:
        content += _draw_letters(initials(server.name), x, y, radius)
    return f'<a class="p{colour}" href="#s{server.number}"><title>{title}</title>{content}</a>'


def _draw_letters(letters: str, x: float, y: float, radius: float) -> str:
    """Two letters fill a marker; three are condensed."""
    condensed = f' textLength="{1.7 * radius:.0f}" lengthAdjust="spacingAndGlyphs"' if len(letters) > 2 else ""
    class_ = "" if radius >= LARGE else ' class="small"'
    return f'<text{class_} x="{x:.1f}" y="{y + 0.42 * radius:.1f}"{condensed}>{escape(letters)}</text>'


def initials(name: str) -> str:
    """Two or three letters of a name: its first letter and the number at its end, or its first two letters."""
    name = name.strip()
    digits = name[len(name.rstrip("0123456789")) :][-2:]
    return name[:1] + digits if digits and not name.isdigit() else name[:2]
