"""The names of actions in the picture: computed from the edges, placed as the layout says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from novasim.teach.graph import layout
from novasim.teach.graph.edges import Edge, all_edges
from novasim.teach.graph.layout import BOXES, MEMBERS, Box, Route
from novasim.teach.graph.shapes import text_width

ARROW_SIZE, BOX_SIZE = 13, 12  # font sizes: on arrows, in boxes
LINE_HEIGHT = 16
PADDING = 13
TITLE_HEIGHTS = {"ACTIVE": 42}
TITLE_HEIGHT = 26

EDGES = all_edges()


class Label(NamedTuple):
    """
    The name of an action in the picture.

    Args:
        edges: The edges that it names, all of the same action.
        x, y: The middle of its line. size: of its font.
    """

    edges: tuple[Edge, ...]
    x: float
    y: float
    size: int

    @property
    def action(self) -> str:
        """The name itself."""
        return self.edges[0].action

    @property
    def width(self) -> float:
        """The width of the name."""
        return text_width(self.action, self.size)


def group_by_action(edges: list[Edge]) -> list[tuple[Edge, ...]]:
    """Group edges by action, in the order of the action table."""
    names = dict.fromkeys(edge.action for edge in edges)
    return [tuple(edge for edge in edges if edge.action == name) for name in names]


def edges_of_route(route: Route) -> list[tuple[Edge, ...]]:
    """The edges that an arrow represents, grouped by action."""
    return group_by_action([edge for edge in EDGES if edge.source in route.sources and edge.target == route.target])


def all_labels() -> Iterator[Label]:
    """Yield every label of the picture."""
    for route in layout.ROUTES:
        yield from route_labels(route)
    for status, box in BOXES.items():
        yield from _box_labels(group_by_action(edges_keeping(status)), box, TITLE_HEIGHTS.get(status, TITLE_HEIGHT))
    yield from _box_labels(group_by_action(frame_edges()), layout.FRAME_LIST, TITLE_HEIGHT)


def edges_keeping(status: str) -> list[Edge]:
    """The edges that keep a status and are labelled in its own box."""
    common = frame_actions()
    return [edge for edge in EDGES if edge.keeps_status and edge.source == status and edge.action not in common]


def frame_edges() -> list[Edge]:
    """The edges that are labelled once for all statuses of servers on a host."""
    common = frame_actions()
    return [edge for edge in EDGES if edge.action in common]


def frame_actions() -> set[str]:
    """The actions that keep every status of servers on a host, and are accepted in no other."""
    sources: dict[str, set[str]] = {}
    for edge in EDGES:
        sources.setdefault(edge.action, set()).add(edge.source if edge.keeps_status else "another status")
    return {action for action, found in sources.items() if found == set(MEMBERS[layout.ON_HOST])}


def route_labels(route: Route) -> list[Label]:
    """The labels on an arrow, from top to bottom."""
    return place_labels(edges_of_route(route), route.label, ARROW_SIZE)


def place_labels(
    groups: list[tuple[Edge, ...]], middle: tuple[int, int], size: int, line_height: int = LINE_HEIGHT
) -> list[Label]:
    """Labels in lines around a point, from top to bottom."""
    x, y = middle
    top = y - (len(groups) - 1) * line_height / 2
    return [Label(edges, x, top + number * line_height, size) for number, edges in enumerate(groups)]


def _box_labels(groups: list[tuple[Edge, ...]], box: Box, title_height: int) -> Iterator[Label]:
    rows = -(-len(groups) // box.columns)
    widest = max((text_width(edges[0].action, BOX_SIZE) for edges in groups), default=0)
    step = (box.width - 2 * PADDING) / box.columns
    for number, edges in enumerate(groups):
        column, row = divmod(number, rows)
        left = box.x + (box.width - widest) / 2 if box.columns == 1 else box.x + PADDING + column * step
        label = Label(edges, 0, box.y + title_height + 11 + row * LINE_HEIGHT, BOX_SIZE)
        yield label._replace(x=left + label.width / 2)
