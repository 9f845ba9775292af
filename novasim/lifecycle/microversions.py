"""The ranges of microversions. Those of compute, 2.N, are named OLDEST and NEWEST, the default end of a range."""

from __future__ import annotations

OLDEST, NEWEST = 1, 104
RANGES = {"compute": (2, OLDEST, NEWEST), "placement": (1, 0, 39), "volume": (3, 0, 71)}  # major, oldest, newest minor
