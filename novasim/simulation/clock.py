"""Time: the only room that looks at a wall clock or waits for one."""

from __future__ import annotations

import os
import time
from datetime import datetime, timezone

from novasim.errors import UsageError
from novasim.records import Settings

MODES = ("real", "manual", "instant")
SEEDED_EPOCH = 1767225600.0  # 2026-01-01T00:00:00Z: where the time of a cloud with a given seed begins

wall = time.time
sleep = time.sleep


def iso(seconds: float) -> str:
    """Seconds since the epoch as an ISO 8601 string in UTC, with microseconds."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seconds_of(text: str) -> float:
    """The reverse of `iso`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()


def mode_of(settings: Settings) -> str:
    """The clock in force: NOVASIM_CLOCK before the cloud's own setting."""
    mode = os.environ.get("NOVASIM_CLOCK") or settings.clock
    if mode not in MODES:
        raise UsageError(f"NOVASIM_CLOCK is {mode!r}; it must be one of {', '.join(MODES)}.")
    return mode


def now(settings: Settings, wall_now: float, mode: str) -> float:
    """The simulated time in seconds since the epoch, given the wall time."""
    if mode != "real" or settings.wall_anchor is None:
        return settings.sim_anchor
    return settings.sim_anchor + (wall_now - settings.wall_anchor) * settings.speed


def anchor(settings: Settings, moment: float, wall_now: float) -> None:
    """Make *moment* the simulated time that belongs to *wall_now*."""
    settings.sim_anchor, settings.wall_anchor = moment, wall_now


def seed_of_environment() -> int | None:
    """NOVASIM_SEED, or None. Raises UsageError if it is not a whole number."""
    text = os.environ.get("NOVASIM_SEED")
    if not text:
        return None
    if not text.lstrip("-").isdigit():
        raise UsageError(f"NOVASIM_SEED is {text!r}; it must be a whole number.")
    return int(text)
