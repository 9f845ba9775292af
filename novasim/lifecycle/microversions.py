"""The range of compute microversions 2.N, as N. Whatever has no end ends with NEWEST."""

from __future__ import annotations

OLDEST, NEWEST = 1, 104
