"""Time: the only room that looks at a wall clock or waits for one."""

from __future__ import annotations

import math
import os
import time
from datetime import datetime, timezone
from functools import lru_cache

from novasim.errors import UsageError
from novasim.records import Settings

MODES = ("real", "manual", "instant")
SEEDED_EPOCH = 1767225600.0  # 2026-01-01T00:00:00Z: where the time of a cloud with a given seed begins

wall = time.time
sleep = time.sleep


def format_time(seconds: float) -> str:
    """Seconds since the epoch as an ISO 8601 string in UTC, with microseconds."""
    fraction, whole = math.modf(seconds)
    micros = round(fraction * 1_000_000)
    if not 0 <= micros < 1_000_000:  # rounded up to the next second, or before the epoch
        whole, micros = whole + micros // 1_000_000, micros % 1_000_000
    return f"{_to_the_second(int(whole))}.{micros:06}Z"


@lru_cache(maxsize=256)  # what happens in one second is written many times
def _to_the_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def parse_time(text: str) -> float:
    """The reverse of `iso`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()


def get_mode(settings: Settings) -> str:
    """The clock in force: NOVASIM_CLOCK before the cloud's own setting."""
    mode = os.environ.get("NOVASIM_CLOCK") or settings.clock
    if mode not in MODES:
        raise UsageError(f"NOVASIM_CLOCK is {mode!r}; it must be one of {', '.join(MODES)}.")
    return mode


def get_time(settings: Settings, wall_now: float, mode: str) -> float:
    """The simulated time in seconds since the epoch, given the wall time."""
    if mode != "real" or settings.wall_anchor is None:
        return settings.sim_anchor
    return settings.sim_anchor + (wall_now - settings.wall_anchor) * settings.speed


def get_wall_time(settings: Settings, moment: float, mode: str) -> float:
    """The wall time that belongs to a later moment of the simulation; infinite if time does not pass by itself."""
    if mode != "real" or settings.wall_anchor is None or not settings.speed:
        return math.inf
    return settings.wall_anchor + (moment - settings.sim_anchor) / settings.speed


def set_anchor(settings: Settings, moment: float, wall_now: float) -> None:
    """Make *moment* the simulated time that belongs to *wall_now*."""
    settings.sim_anchor, settings.wall_anchor = moment, wall_now


def read_seed_from_environment() -> int | None:
    """NOVASIM_SEED, or None. Raises UsageError if it is not a whole number."""
    text = os.environ.get("NOVASIM_SEED")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"NOVASIM_SEED is {text!r}; it must be a whole number.") from None
