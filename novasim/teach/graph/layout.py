"""
The positions of the picture, written by hand. The edges are computed from the action table.

A route is one arrow for every action that leads from each of its sources to its target; its labels are computed from
the edges. A test checks that every edge has exactly one route, that arrows start and end at borders, and that nothing
crosses or covers anything else.
"""

from __future__ import annotations

from typing import NamedTuple

from novasim.teach.graph.edges import ANY, NOWHERE

Point = tuple[int, int]

WIDTH, HEIGHT = 1180, 1150
ON_HOST, SHELVED = "frame of servers on a host", "frame of shelved servers"


class Box(NamedTuple):
    """A rectangle; its labels are in *columns* columns."""

    x: int
    y: int
    width: int
    height: int
    columns: int = 1


class Route(NamedTuple):
    """
    One arrow.

    Args:
        start: The box or frame in which it starts. points: its corners, from border to border.
        label: The middle of its labels.
    """

    sources: tuple[str, ...]
    target: str
    start: str
    points: tuple[Point, ...]
    label: Point


BOXES = {
    "BUILD": Box(370, 125, 130, 50),
    "ACTIVE": Box(600, 250, 260, 250),
    "PAUSED": Box(330, 240, 130, 152),
    "SUSPENDED": Box(330, 428, 130, 72),
    "SHUTOFF": Box(1000, 302, 130, 136),
    "VERIFY_RESIZE": Box(850, 66, 160, 104),
    "RESCUE": Box(882, 656, 130, 60),
    "ERROR": Box(872, 800, 150, 60),
    "SHELVED": Box(38, 270, 164, 72),
    "SHELVED_OFFLOADED": Box(38, 468, 164, 72),
    "SOFT_DELETED": Box(38, 748, 164, 72),
    "DELETED": Box(38, 846, 164, 50),
    ANY: Box(350, 738, 326, 190, 2),
}
FRAMES = {ON_HOST: Box(306, 220, 848, 404), SHELVED: Box(22, 246, 196, 318)}
MEMBERS = {
    ON_HOST: ("ACTIVE", "PAUSED", "SHUTOFF", "SUSPENDED"),
    SHELVED: ("SHELVED", "SHELVED_OFFLOADED"),
}
# Actions that keep every status of the frame, and are accepted in no other, are listed once in the frame.
FRAME_LIST = Box(319, 506, 300, 104, 2)
# Where the name of a server is pinned to its status: the left end, on a border without arrows there.
PINS = {
    "BUILD": (380, 125),
    "ACTIVE": (812, 250),
    "PAUSED": (340, 240),
    "SUSPENDED": (340, 428),
    "SHUTOFF": (1120, 438),
    "VERIFY_RESIZE": (860, 66),
    "RESCUE": (892, 656),
    "ERROR": (882, 860),
    "SHELVED": (48, 270),
    "SHELVED_OFFLOADED": (48, 540),
    "SOFT_DELETED": (48, 820),
    "DELETED": (48, 896),
}
START_POINT: Point = (250, 150)
RADIUS = 9

ROUTES = (
    Route((NOWHERE,), "BUILD", NOWHERE, ((250 + RADIUS, 150), (370, 150)), (312, 150)),
    Route(("BUILD",), "ACTIVE", "BUILD", ((500, 150), (640, 150), (640, 250)), (562, 150)),
    # power
    Route(("ACTIVE",), "PAUSED", "ACTIVE", ((600, 282), (460, 282)), (531, 282)),
    Route(("PAUSED",), "ACTIVE", "PAUSED", ((460, 338), (600, 338)), (519, 338)),
    Route(("ACTIVE",), "SUSPENDED", "ACTIVE", ((600, 443), (460, 443)), (531, 443)),
    Route(("SUSPENDED",), "ACTIVE", "SUSPENDED", ((460, 480), (600, 480)), (519, 480)),
    Route(("ACTIVE",), "SHUTOFF", "ACTIVE", ((860, 340), (1000, 340)), (926, 340)),
    Route(("SHUTOFF",), "ACTIVE", "SHUTOFF", ((1000, 400), (860, 400)), (926, 400)),
    # resize and migration
    Route(("ACTIVE",), "VERIFY_RESIZE", "ACTIVE", ((700, 250), (700, 88), (850, 88)), (772, 88)),
    Route(("VERIFY_RESIZE",), "ACTIVE", "VERIFY_RESIZE", ((850, 132), (800, 132), (800, 250)), (800, 188)),
    Route(("SHUTOFF",), "VERIFY_RESIZE", "SHUTOFF", ((1116, 302), (1116, 88), (1010, 88)), (1064, 88)),
    Route(("VERIFY_RESIZE",), "SHUTOFF", "VERIFY_RESIZE", ((1010, 132), (1040, 132), (1040, 302)), (1034, 188)),
    # shelving
    Route(MEMBERS[ON_HOST], "SHELVED", ON_HOST, ((306, 306), (202, 306)), (256, 306)),
    Route(MEMBERS[ON_HOST], "SHELVED_OFFLOADED", ON_HOST, ((306, 504), (202, 504)), (256, 504)),
    Route(("SHELVED",), "SHELVED_OFFLOADED", "SHELVED", ((120, 342), (120, 468)), (120, 405)),
    Route(MEMBERS[SHELVED], "ACTIVE", SHELVED, ((218, 405), (600, 405)), (262, 405)),
    # rescue and repair
    Route(("ACTIVE",), "RESCUE", "ACTIVE", ((842, 500), (842, 672), (882, 672)), (842, 560)),
    Route(("RESCUE",), "ACTIVE", "RESCUE", ((882, 700), (790, 700), (790, 500)), (782, 645)),
    Route(("SHUTOFF",), "RESCUE", "SHUTOFF", ((1040, 438), (1040, 686), (1012, 686)), (1040, 560)),
    Route(("ERROR",), "RESCUE", "ERROR", ((947, 800), (947, 716)), (947, 758)),
    Route(("ERROR",), "ACTIVE", "ERROR", ((872, 815), (728, 815), (728, 500)), (728, 757)),
    Route(("ERROR",), "SHUTOFF", "ERROR", ((1022, 830), (1100, 830), (1100, 438)), (1100, 650)),
    Route((ANY,), "ERROR", ANY, ((676, 845), (872, 845)), (772, 845)),
    Route((ANY,), "ACTIVE", ANY, ((656, 738), (656, 500)), (656, 714)),
    # deletion and restoring
    Route((ANY,), "SOFT_DELETED", ANY, ((350, 784), (202, 784)), (280, 784)),
    Route((ANY,), "DELETED", ANY, ((350, 871), (202, 871)), (276, 871)),
    Route(("SOFT_DELETED",), "ACTIVE", "SOFT_DELETED", ((120, 748), (120, 690), (624, 690), (624, 500)), (400, 690)),
)
