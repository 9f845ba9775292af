"""
The positions of the stage: the lifecycle in 16:9, with room for servers in every status.

As in `layout`, the positions are written by hand, the edges are computed, and a test checks that nothing crosses.
"""

from __future__ import annotations

from novasim.teach.graph.edges import ANY, NOWHERE
from novasim.teach.graph.layout import MEMBERS, ON_HOST, SHELVED, Box, Point, Route

WIDTH, HEIGHT = 1280, 720
RADIUS = 9
START_POINT: Point = (262, 76)

BOXES = {
    "BUILD": Box(376, 24, 224, 104),
    "ACTIVE": Box(704, 212, 206, 292),
    "PAUSED": Box(358, 212, 206, 104),
    "SUSPENDED": Box(358, 400, 206, 104),
    "SHUTOFF": Box(1050, 212, 206, 168),
    "VERIFY_RESIZE": Box(880, 20, 224, 112),
    "RESCUE": Box(990, 592, 224, 104),
    "ERROR": Box(664, 592, 224, 104),
    "SHELVED": Box(16, 136, 224, 104),
    "SHELVED_OFFLOADED": Box(16, 312, 224, 104),
    "SOFT_DELETED": Box(16, 472, 224, 104),
    "DELETED": Box(16, 608, 224, 88),
    ANY: Box(392, 592, 136, 104),
}
FRAMES = {ON_HOST: Box(346, 198, 926, 320), SHELVED: Box(6, 124, 246, 304)}

ROUTES = (
    Route((NOWHERE,), "BUILD", NOWHERE, ((262 + RADIUS, 76), (376, 76)), (318, 76)),
    Route(("BUILD",), "ACTIVE", "BUILD", ((600, 76), (716, 76), (716, 212)), (654, 76)),
    # power
    Route(("ACTIVE",), "PAUSED", "ACTIVE", ((704, 234), (564, 234)), (637, 234)),
    Route(("PAUSED",), "ACTIVE", "PAUSED", ((564, 288), (704, 288)), (629, 288)),
    Route(("ACTIVE",), "SUSPENDED", "ACTIVE", ((704, 420), (564, 420)), (637, 420)),
    Route(("SUSPENDED",), "ACTIVE", "SUSPENDED", ((564, 476), (704, 476)), (629, 476)),
    Route(("ACTIVE",), "SHUTOFF", "ACTIVE", ((910, 246), (1050, 246)), (976, 246)),
    Route(("SHUTOFF",), "ACTIVE", "SHUTOFF", ((1050, 330), (910, 330)), (985, 330)),
    # resize and migration
    Route(("ACTIVE",), "VERIFY_RESIZE", "ACTIVE", ((748, 212), (748, 44), (880, 44)), (812, 44)),
    Route(("VERIFY_RESIZE",), "ACTIVE", "VERIFY_RESIZE", ((880, 106), (848, 106), (848, 212)), (848, 166)),
    Route(("SHUTOFF",), "VERIFY_RESIZE", "SHUTOFF", ((1248, 212), (1248, 44), (1104, 44)), (1174, 44)),
    Route(("VERIFY_RESIZE",), "SHUTOFF", "VERIFY_RESIZE", ((1104, 106), (1150, 106), (1150, 212)), (1150, 166)),
    # shelving
    Route(MEMBERS[ON_HOST], "SHELVED", ON_HOST, ((346, 222), (240, 222)), (297, 222)),
    Route(MEMBERS[ON_HOST], "SHELVED_OFFLOADED", ON_HOST, ((346, 404), (240, 404)), (297, 404)),
    Route(("SHELVED",), "SHELVED_OFFLOADED", "SHELVED", ((128, 240), (128, 312)), (128, 274)),
    Route(MEMBERS[SHELVED], "ACTIVE", SHELVED, ((252, 358), (704, 358)), (470, 358)),
    # rescue and repair
    Route(("ACTIVE",), "RESCUE", "ACTIVE", ((896, 504), (896, 542), (1090, 542), (1090, 592)), (1012, 542)),
    Route(("RESCUE",), "ACTIVE", "RESCUE", ((990, 616), (974, 616), (974, 574), (878, 574), (878, 504)), (926, 574)),
    Route(("SHUTOFF",), "RESCUE", "SHUTOFF", ((1160, 380), (1160, 592)), (1160, 440)),
    Route(("ERROR",), "RESCUE", "ERROR", ((888, 664), (990, 664)), (935, 664)),
    Route(("ERROR",), "ACTIVE", "ERROR", ((801, 592), (801, 504)), (801, 552)),
    Route(("ERROR",), "SHUTOFF", "ERROR", ((776, 696), (776, 710), (1236, 710), (1236, 380)), (1236, 484)),
    Route((ANY,), "ERROR", ANY, ((528, 664), (664, 664)), (592, 664)),
    Route((ANY,), "ACTIVE", ANY, ((500, 592), (500, 572), (726, 572), (726, 504)), (610, 572)),
    # deletion and restoring
    Route((ANY,), "SOFT_DELETED", ANY, ((410, 592), (410, 560), (240, 560)), (322, 560)),
    Route((ANY,), "DELETED", ANY, ((392, 652), (240, 652)), (320, 652)),
    Route(("SOFT_DELETED",), "ACTIVE", "SOFT_DELETED", ((240, 534), (712, 534), (712, 504)), (460, 534)),
)
