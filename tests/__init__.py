"""
Tests.

Those that try many cases have two extents: `make test` runs the short one, and `make fuzz` the full one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

IS_FULL = os.environ.get("NOVASIM_TESTS") == "full"


def extent(short: T, full: T) -> T:
    """The short or the full extent of a test, such as a number of examples."""
    return full if IS_FULL else short


def part(cases: Iterable[T], nth: int) -> list[T]:
    """Every nth case in the short extent, all in the full one."""
    return list(cases)[:: extent(nth, 1)]
