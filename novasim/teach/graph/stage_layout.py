"""
The positions of the stage: the lifecycle in 16:9, with room for servers in every status.

As in `layout`, the positions are written by hand, the edges are computed, and a test checks that nothing crosses.
"""

from __future__ import annotations

from novasim.teach.graph.edges import ANY, NOWHERE
from novasim.teach.graph.layout import MEMBERS, ON_HOST, SHELVED, Box, Point, Route

WIDTH, HEIGHT = 1280, 720
RADIUS = 9
START_POINT: Point = (276, 76)

BOXES = {
    "BUILD": Box(376, 24, 224, 104),
    "ACTIVE": Box(700, 212, 224, 292),
    "PAUSED": Box(360, 212, 224, 104),
    "SUSPENDED": Box(360, 400, 224, 104),
    "SHUTOFF": Box(1036, 212, 224, 168),
    "VERIFY_RESIZE": Box(880, 20, 224, 112),
    "RESCUE": Box(990, 592, 224, 104),
    "ERROR": Box(664, 592, 224, 104),
    "SHELVED": Box(16, 136, 224, 104),
    "SHELVED_OFFLOADED": Box(16, 312, 224, 104),
    "SOFT_DELETED": Box(16, 472, 224, 104),
    "DELETED": Box(16, 608, 224, 88),
    ANY: Box(368, 592, 160, 104),
}
FRAMES = {ON_HOST: Box(346, 198, 926, 324), SHELVED: Box(6, 124, 246, 304)}

ROUTES = (
    Route((NOWHERE,), "BUILD", NOWHERE, ((276 + RADIUS, 76), (376, 76)), (326, 76)),
    Route(("BUILD",), "ACTIVE", "BUILD", ((600, 76), (724, 76), (724, 212)), (660, 76)),
    # power
    Route(("ACTIVE",), "PAUSED", "ACTIVE", ((700, 232), (584, 232)), (645, 232)),
    Route(("PAUSED",), "ACTIVE", "PAUSED", ((584, 288), (700, 288)), (638, 288)),
    Route(("ACTIVE",), "SUSPENDED", "ACTIVE", ((700, 428), (584, 428)), (645, 428)),
    Route(("SUSPENDED",), "ACTIVE", "SUSPENDED", ((584, 480), (700, 480)), (638, 480)),
    Route(("ACTIVE",), "SHUTOFF", "ACTIVE", ((924, 246), (1036, 246)), (976, 246)),
    Route(("SHUTOFF",), "ACTIVE", "SHUTOFF", ((1036, 330), (924, 330)), (984, 330)),
    # resize and migration
    Route(("ACTIVE",), "VERIFY_RESIZE", "ACTIVE", ((768, 212), (768, 42), (880, 42)), (822, 42)),
    Route(("VERIFY_RESIZE",), "ACTIVE", "VERIFY_RESIZE", ((880, 106), (828, 106), (828, 212)), (828, 168)),
    Route(("SHUTOFF",), "VERIFY_RESIZE", "SHUTOFF", ((1236, 212), (1236, 42), (1104, 42)), (1164, 42)),
    Route(("VERIFY_RESIZE",), "SHUTOFF", "VERIFY_RESIZE", ((1104, 106), (1150, 106), (1150, 212)), (1150, 168)),
    # shelving
    Route(MEMBERS[ON_HOST], "SHELVED", ON_HOST, ((346, 222), (240, 222)), (296, 222)),
    Route(MEMBERS[ON_HOST], "SHELVED_OFFLOADED", ON_HOST, ((346, 404), (240, 404)), (296, 404)),
    Route(("SHELVED",), "SHELVED_OFFLOADED", "SHELVED", ((128, 240), (128, 312)), (128, 274)),
    Route(MEMBERS[SHELVED], "ACTIVE", SHELVED, ((252, 358), (700, 358)), (470, 358)),
    # rescue and repair
    Route(("ACTIVE",), "RESCUE", "ACTIVE", ((906, 504), (906, 544), (1090, 544), (1090, 592)), (1020, 544)),
    Route(("RESCUE",), "ACTIVE", "RESCUE", ((990, 616), (956, 616), (956, 570), (870, 570), (870, 504)), (914, 570)),
    Route(("SHUTOFF",), "RESCUE", "SHUTOFF", ((1170, 380), (1170, 592)), (1170, 452)),
    Route(("ERROR",), "RESCUE", "ERROR", ((888, 664), (990, 664)), (936, 664)),
    Route(("ERROR",), "ACTIVE", "ERROR", ((800, 592), (800, 504)), (800, 550)),
    Route(("ERROR",), "SHUTOFF", "ERROR", ((776, 696), (776, 710), (1240, 710), (1240, 380)), (1240, 452)),
    Route((ANY,), "ERROR", ANY, ((528, 664), (664, 664)), (592, 664)),
    Route((ANY,), "ACTIVE", ANY, ((500, 592), (500, 568), (744, 568), (744, 504)), (600, 568)),
    # deletion and restoring
    Route((ANY,), "SOFT_DELETED", ANY, ((392, 592), (392, 560), (240, 560)), (314, 560)),
    Route((ANY,), "DELETED", ANY, ((368, 652), (240, 652)), (306, 652)),
    Route(("SOFT_DELETED",), "ACTIVE", "SOFT_DELETED", ((240, 538), (716, 538), (716, 504)), (440, 538)),
)
