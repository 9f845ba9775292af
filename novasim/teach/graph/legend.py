"""The legend of the picture: its signs, and the transitional statuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from novasim.teach.graph.colours import WAITING, kind_of
from novasim.teach.graph.edges import Edge, transitional_statuses
from novasim.teach.graph.shapes import arrowhead, element, line, text_element

TOP, LEFT, MIDDLE = 972, 38, 640
ROW_HEIGHT = 19
SIGN_WIDTH = 46

MEANINGS = (
    ("arrow", "an action that members of the project may request"),
    ("dashes", "the same for managers or administrators only"),
    ("hollow", "complete when the API answers; all others continue in the background"),
    ("dot", "a failure ends in ERROR"),
    ("waiting", "not meant to last: waits to be confirmed, reverted or unrescued"),
    ("frame", "an arrow from a frame starts in every status inside"),
    ("name", "in a box: the action keeps the status"),
    ("removed", "removed from Nova: always answers 410"),
)


def legend(edges: Sequence[Edge]) -> Iterator[str]:
    """Yield the elements of the legend, at the foot of the picture."""
    yield text_element("Legend", LEFT, TOP, "head")
    for row, (sign, meaning) in enumerate(MEANINGS, 1):
        yield _sign(sign, TOP + ROW_HEIGHT * row)
        yield text_element(meaning, LEFT + SIGN_WIDTH + 16, TOP + ROW_HEIGHT * row + 4, "prose soft")
    yield text_element("Transitional statuses", MIDDLE, TOP, "head")
    for row, status in enumerate(transitional_statuses(), 1):
        yield from _transitional_status(status, edges, TOP + ROW_HEIGHT * row)


def _sign(sign: str, y: int) -> str:
    points = ((LEFT, y), (LEFT + SIGN_WIDTH, y))
    middle = LEFT + SIGN_WIDTH / 2
    return {
        "arrow": line(points, "line") + arrowhead(points, "arrow"),
        "dashes": line(points, "line dashed role") + arrowhead(points, "arrow role"),
        "hollow": line(points, "line") + arrowhead(points, "arrow hollow"),
        "waiting": element("rect", class_=f"box {WAITING}", x=LEFT, y=y - 7, width=SIGN_WIDTH, height=14, rx=5),
        "dot": element("circle", class_="fails", cx=middle, cy=y, r=2.4),
        "frame": element("rect", class_="frame", x=LEFT, y=y - 7, width=SIGN_WIDTH, height=14, rx=5),
        "name": text_element("reboot", middle, y + 4, "small", "middle"),
        "removed": text_element("reset", middle, y + 4, "small removed", "middle"),
    }[sign]


def _transitional_status(status: str, edges: Sequence[Edge], y: int) -> Iterator[str]:
    actions = dict.fromkeys(edge.action for edge in edges if status in edge.through)
    yield element("rect", class_=f"box {kind_of(status)}", x=MIDDLE, y=y - 8, width=124, height=16, rx=6)
    yield text_element(status, MIDDLE + 62, y + 4, "small", "middle")
    yield text_element(", ".join(actions), MIDDLE + 136, y + 4, "small soft")
