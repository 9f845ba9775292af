"""Which name stands where in the picture: read from the edges, put where the layout has room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from novasim.teach.graph import layout
from novasim.teach.graph.edges import Edge, edges
from novasim.teach.graph.layout import BOXES, MEMBERS, Box, Route
from novasim.teach.graph.shapes import width_of

LABEL, SMALL = 13, 12  # sizes of letters: on arrows, in boxes
LEADING = 16
PAD = 13
HEADS = {"ACTIVE": 42}
HEAD = 26

ALL = edges()


class Name(NamedTuple):
    """
    An action's name in the picture.

    Args:
        edges: What it stands for, all of the same action. x, y: the middle of its line. size: of its letters.
    """

    edges: tuple[Edge, ...]
    x: float
    y: float
    size: int

    @property
    def action(self) -> str:
        """The word itself."""
        return self.edges[0].action

    @property
    def width(self) -> float:
        """How wide the word is."""
        return width_of(self.action, self.size)


def by_action(found: list[Edge]) -> list[tuple[Edge, ...]]:
    """Edges of the same action together, in the order of the table."""
    return [tuple(edge for edge in found if edge.action == action) for action in dict.fromkeys(e.action for e in found)]


def edges_of(route: Route) -> list[tuple[Edge, ...]]:
    """What a route stands for, action by action."""
    return by_action([edge for edge in ALL if edge.source in route.sources and edge.target == route.target])


def names() -> Iterator[Name]:
    """Every name of an action in the picture."""
    for route in layout.ROUTES:
        yield from stack_of(route)
    for status, box in BOXES.items():
        yield from _columns(by_action(staying(status)), box, HEADS.get(status, HEAD))
    common = [edge for edge in ALL if edge.action in everywhere_on_a_host()]
    yield from _columns(by_action(common), layout.FRAME_LIST, HEAD)


def staying(status: str) -> list[Edge]:
    """What keeps a status and stands in its own box."""
    return [edge for edge in ALL if edge.stays and edge.source == status and edge.action not in everywhere_on_a_host()]


def everywhere_on_a_host() -> set[str]:
    """Actions that keep each of the four statuses of servers on a host, and are accepted nowhere else."""
    where: dict[str, set[str]] = {}
    for edge in ALL:
        where.setdefault(edge.action, set()).add(edge.source if edge.stays else "elsewhere")
    return {action for action, sources in where.items() if sources == set(MEMBERS[layout.ON_A_HOST])}


def stack_of(route: Route) -> list[Name]:
    """The names on an arrow, one below the other."""
    found, (x, y) = edges_of(route), route.label
    top = y - (len(found) - 1) * LEADING / 2
    return [Name(group, x, top + number * LEADING, LABEL) for number, group in enumerate(found)]


def _columns(found: list[tuple[Edge, ...]], box: Box, head: int) -> Iterator[Name]:
    rows = -(-len(found) // box.columns)
    widest = max((width_of(group[0].action, SMALL) for group in found), default=0)
    step = (box.width - 2 * PAD) / box.columns
    for number, group in enumerate(found):
        column, row = divmod(number, rows)
        left = box.x + (box.width - widest) / 2 if box.columns == 1 else box.x + PAD + column * step
        name = Name(group, 0, box.y + head + 11 + row * LEADING, SMALL)
        yield name._replace(x=left + name.width / 2)
