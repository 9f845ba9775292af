"""
Attacks on novasim: hostile requests, files and clients.

`make test` runs a short version of each attack, and `make attack` the full version.
"""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

IS_FULL = os.environ.get("NOVASIM_ATTACK") == "full"


def extent(short: T, full: T) -> T:
    """The short or the full extent of an attack, such as a number of examples."""
    return full if IS_FULL else short
