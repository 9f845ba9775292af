"""The range of compute microversions 2.N, as N. NEWEST is the default end of a range."""

from __future__ import annotations

OLDEST, NEWEST = 1, 104
