"""
Where things stand in the picture. Only places are written by hand here, never what leads where.

A route is one arrow for every action that leads from each of its sources to its target; the names on it are read from
the edges. A test sees to it that every edge of the table has exactly one route, that arrows begin and end at borders,
and that nothing crosses or covers anything else.
"""

from __future__ import annotations

from typing import NamedTuple

from novasim.teach.graph.edges import ANY, NOWHERE

Point = tuple[int, int]

WIDTH, HEIGHT = 1180, 1132
ON_A_HOST, SHELF = "frame of those on a host", "frame of the shelved"


class Box(NamedTuple):
    """A rectangle; `columns` is how many the list of names in it has."""

    x: int
    y: int
    width: int
    height: int
    columns: int = 1


class Route(NamedTuple):
    """
    One arrow.

    Args:
        start: The box or frame in which it begins. points: its corners, from border to border.
        label: The middle of its names; None leaves them out, where another arrow of the same action has them.
    """

    sources: tuple[str, ...]
    target: str
    start: str
    points: tuple[Point, ...]
    label: Point | None


BOXES = {
    "BUILD": Box(440, 125, 130, 50),
    "ACTIVE": Box(600, 250, 260, 250),
    "PAUSED": Box(330, 246, 140, 136),
    "SUSPENDED": Box(330, 428, 140, 72),
    "SHUTOFF": Box(990, 302, 140, 136),
    "VERIFY_RESIZE": Box(845, 66, 160, 88),
    "RESCUE": Box(882, 656, 130, 60),
    "ERROR": Box(872, 800, 150, 60),
    "SHELVED": Box(38, 270, 164, 72),
    "SHELVED_OFFLOADED": Box(38, 468, 164, 72),
    "SOFT_DELETED": Box(38, 748, 164, 72),
    "DELETED": Box(38, 846, 164, 50),
    ANY: Box(350, 738, 358, 190, 2),
}
FRAMES = {ON_A_HOST: Box(306, 220, 848, 404), SHELF: Box(22, 246, 196, 318)}
MEMBERS = {
    ON_A_HOST: ("ACTIVE", "PAUSED", "SHUTOFF", "SUSPENDED"),
    SHELF: ("SHELVED", "SHELVED_OFFLOADED"),
}
# Names of actions that keep each status of a frame, and are no different in any of them, stand once in the frame.
FRAME_LIST = Box(319, 506, 300, 104, 2)
# Where the name of a server is pinned to the status that it is in: the left end, on a border that is free there.
PINS = {
    "BUILD": (450, 125), "ACTIVE": (812, 250), "PAUSED": (340, 246), "SUSPENDED": (340, 428), "SHUTOFF": (1120, 438),
    "VERIFY_RESIZE": (855, 66), "RESCUE": (892, 656), "ERROR": (882, 860), "SHELVED": (48, 270),
    "SHELVED_OFFLOADED": (48, 540), "SOFT_DELETED": (48, 820), "DELETED": (48, 896),
}  # fmt: skip
BEGINNING: Point = (330, 150)
RADIUS = 9

ROUTES = (
    Route((NOWHERE,), "BUILD", NOWHERE, ((330 + RADIUS, 150), (440, 150)), (388, 150)),
    Route(("BUILD",), "ACTIVE", "BUILD", ((570, 150), (640, 150), (640, 250)), None),
    # between running and not running
    Route(("ACTIVE",), "PAUSED", "ACTIVE", ((600, 282), (470, 282)), (535, 282)),
    Route(("PAUSED",), "ACTIVE", "PAUSED", ((470, 338), (600, 338)), (535, 338)),
    Route(("ACTIVE",), "SUSPENDED", "ACTIVE", ((600, 443), (470, 443)), (535, 443)),
    Route(("SUSPENDED",), "ACTIVE", "SUSPENDED", ((470, 480), (600, 480)), (535, 480)),
    Route(("ACTIVE",), "SHUTOFF", "ACTIVE", ((860, 340), (990, 340)), (925, 340)),
    Route(("SHUTOFF",), "ACTIVE", "SHUTOFF", ((990, 400), (860, 400)), (925, 400)),
    # resize and migration
    Route(("ACTIVE",), "VERIFY_RESIZE", "ACTIVE", ((700, 250), (700, 88), (845, 88)), (772, 88)),
    Route(("VERIFY_RESIZE",), "ACTIVE", "VERIFY_RESIZE", ((845, 132), (800, 132), (800, 250)), (800, 188)),
    Route(("SHUTOFF",), "VERIFY_RESIZE", "SHUTOFF", ((1116, 302), (1116, 88), (1005, 88)), (1061, 88)),
    Route(("VERIFY_RESIZE",), "SHUTOFF", "VERIFY_RESIZE", ((1005, 132), (1034, 132), (1034, 302)), (1034, 188)),
    # the shelf
    Route(MEMBERS[ON_A_HOST], "SHELVED", ON_A_HOST, ((306, 306), (202, 306)), (260, 306)),
    Route(MEMBERS[ON_A_HOST], "SHELVED_OFFLOADED", ON_A_HOST, ((306, 504), (202, 504)), (260, 504)),
    Route(("SHELVED",), "SHELVED_OFFLOADED", "SHELVED", ((120, 342), (120, 468)), (120, 405)),
    Route(MEMBERS[SHELF], "ACTIVE", SHELF, ((218, 405), (600, 405)), (262, 405)),
    # rescue and repair
    Route(("ACTIVE",), "RESCUE", "ACTIVE", ((842, 500), (842, 672), (882, 672)), (842, 560)),
    Route(("RESCUE",), "ACTIVE", "RESCUE", ((882, 700), (800, 700), (800, 500)), (800, 645)),
    Route(("SHUTOFF",), "RESCUE", "SHUTOFF", ((1040, 438), (1040, 686), (1012, 686)), (1040, 560)),
    Route(("ERROR",), "RESCUE", "ERROR", ((947, 800), (947, 716)), (947, 758)),
    Route(("ERROR",), "ACTIVE", "ERROR", ((872, 815), (745, 815), (745, 500)), (745, 690)),
    Route(("ERROR",), "SHUTOFF", "ERROR", ((1022, 830), (1100, 830), (1100, 438)), (1100, 650)),
    Route((ANY,), "ERROR", ANY, ((708, 845), (872, 845)), (790, 845)),
    Route((ANY,), "ACTIVE", ANY, ((692, 738), (692, 500)), (692, 560)),
    # the end, and back from it
    Route((ANY,), "SOFT_DELETED", ANY, ((350, 784), (202, 784)), (278, 784)),
    Route((ANY,), "DELETED", ANY, ((350, 871), (202, 871)), (278, 871)),
    Route(("SOFT_DELETED",), "ACTIVE", "SOFT_DELETED", ((120, 748), (120, 690), (642, 690), (642, 500)), (400, 690)),
)
