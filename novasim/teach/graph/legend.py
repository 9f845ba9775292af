"""What the signs in the picture mean, and which statuses are shown only on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from novasim.teach.graph.edges import Edge, passing
from novasim.teach.graph.paint import ASKS, kind_of
from novasim.teach.graph.shapes import arrowhead, element, line, words

TOP, LEFT, MIDDLE = 972, 38, 640
ROW = 19
SIGN = 46  # how wide a sign is


def legend(found: Sequence[Edge]) -> Iterator[str]:
    """At the foot of the picture."""
    yield words("How to read it", LEFT, TOP, "head")
    for row, (sign, meaning) in enumerate(MEANINGS, 1):
        yield _sign(sign, TOP + ROW * row)
        yield words(meaning, LEFT + SIGN + 16, TOP + ROW * row + 4, "say soft")
    yield words("Statuses on the way", MIDDLE, TOP, "head")
    for row, status in enumerate(passing(), 1):
        yield from _passing(status, found, TOP + ROW * row)


MEANINGS = (
    ("arrow", "what may be asked for there, by a member of the project"),
    ("dashes", "the same, but for managers or administrators"),
    ("hollow", "done when it is answered; all others go on behind the answer"),
    ("dot", "if it fails on the way, the server is in ERROR"),
    ("asks", "not meant to last: to be confirmed, reverted, unrescued"),
    ("frame", "what leaves a frame leaves each status in it"),
    ("name", "in a box: keeps the status"),
    ("gone", "still a request, but always answered with 410"),
)


def _sign(sign: str, y: int) -> str:
    points = ((LEFT, y), (LEFT + SIGN, y))
    middle = LEFT + SIGN / 2
    return {
        "arrow": line(points, "line") + arrowhead(points, "arrow"),
        "dashes": line(points, "line dashed role") + arrowhead(points, "arrow role"),
        "hollow": line(points, "line") + arrowhead(points, "arrow hollow"),
        "asks": element("rect", class_=f"box {ASKS}", x=LEFT, y=y - 7, width=SIGN, height=14, rx=5),
        "dot": element("circle", class_="fails", cx=middle, cy=y, r=2.4),
        "frame": element("rect", class_="frame", x=LEFT, y=y - 7, width=SIGN, height=14, rx=5),
        "name": words("reboot", middle, y + 4, "small", "middle"),
        "gone": words("reset", middle, y + 4, "small gone", "middle"),
    }[sign]


def _passing(status: str, found: Sequence[Edge], y: int) -> Iterator[str]:
    actions = dict.fromkeys(edge.action for edge in found if status in edge.through)
    yield element("rect", class_=f"box {kind_of(status)}", x=MIDDLE, y=y - 8, width=124, height=16, rx=6)
    yield words(status, MIDDLE + 62, y + 4, "small", "middle")
    yield words(", ".join(actions), MIDDLE + 136, y + 4, "small soft")
