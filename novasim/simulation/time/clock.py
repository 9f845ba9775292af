"""Real and simulated time. Only this module reads the wall clock or sleeps."""

from __future__ import annotations

import math
import os
import time
from datetime import datetime, timezone
from functools import lru_cache

from novasim.errors import UsageError
from novasim.records import Settings

MODES = ("real", "manual", "instant")
STEPPING = "stepping"  # each request first moves to the end of the next task; for the library and `serve`
ALL_MODES = (*MODES, STEPPING)
END_OF_TIME = 253402300799.0  # 9999-12-31T23:59:59Z: the clock stops here
SEEDED_EPOCH = 1767225600.0  # 2026-01-01T00:00:00Z: the start time of clouds with a given seed

wall = time.time
sleep = time.sleep


def format_time(seconds: float) -> str:
    """Format seconds since the epoch as ISO 8601 in UTC with microseconds. Later times become the end of time."""
    fraction, whole = math.modf(min(seconds, END_OF_TIME))
    micros = round(fraction * 1_000_000)
    if not 0 <= micros < 1_000_000:  # rounded up to the next second, or before the epoch
        whole, micros = whole + micros // 1_000_000, micros % 1_000_000
    return f"{_format_second(int(whole))}.{micros:06}Z"


@lru_cache(maxsize=16)  # a create has half a dozen times within few seconds
def _format_second(seconds: int) -> str:
    day, seconds = divmod(seconds, 86_400)
    minutes, second = divmod(seconds, 60)
    return f"{_format_day(day)}T{minutes // 60:02}:{minutes % 60:02}:{second:02}"


@lru_cache(maxsize=16)  # strftime takes longer than all the rest
def _format_day(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, timezone.utc).strftime("%Y-%m-%d")


def parse_time(text: str) -> float:
    """Convert a time as `format_time` writes it to seconds since the epoch. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()


def get_mode(settings: Settings) -> str:
    """
    The clock's mode: NOVASIM_CLOCK, or else the cloud's setting.

    Raises:
        UsageError: NOVASIM_CLOCK has another value. ValueError: the setting has.
    """
    mode = os.environ.get("NOVASIM_CLOCK")
    if mode and mode not in ALL_MODES:
        raise UsageError(f"NOVASIM_CLOCK is {mode!r}; it must be one of {', '.join(ALL_MODES)}.")
    if settings.clock not in ALL_MODES:
        raise ValueError(f"Unknown clock mode {settings.clock!r}")
    return mode or settings.clock


def get_time(settings: Settings, wall_now: float, mode: str) -> float:
    """
    The simulated time that belongs to a wall time. Both are seconds since the epoch.

    It is never before the newest time in the cloud's documents, even if the wall clock was set back.
    """
    return min(max(_extrapolate(settings, wall_now, mode), get_latest(settings)), END_OF_TIME)


def get_latest(settings: Settings) -> float:
    """The newest time at which documents were written."""
    return max(settings.sim_anchor, settings.latest)


def _extrapolate(settings: Settings, wall_now: float, mode: str) -> float:
    return settings.sim_anchor if mode != "real" else _follow_wall(settings, wall_now)


def find_start(settings: Settings, now: float, wall_now: float, mode: str) -> float:
    """
    The simulated time at which a request changes something, at the earliest *now*.

    The instant clock jumps to the end of tasks, and does not move between requests. But clients ask for changes since a
    moment of their own clock, so what a request changes has no earlier time than the request. A seeded cloud has
    nothing to do with the wall clock, so that two runs are the same.
    """
    return min(max(now, _follow_wall(settings, wall_now)), END_OF_TIME) if mode == "instant" else now


def _follow_wall(settings: Settings, wall_now: float) -> float:
    if settings.wall_anchor is None:
        return settings.sim_anchor
    return settings.sim_anchor + (wall_now - settings.wall_anchor) * settings.speed


def get_wall_time(settings: Settings, moment: float, mode: str) -> float:
    """The wall time that belongs to a later simulated time; infinite if the clock does not run by itself."""
    if mode != "real" or settings.wall_anchor is None or not settings.speed:
        return math.inf
    return settings.wall_anchor + (moment - settings.sim_anchor) / settings.speed


def find_next_due(settings: Settings) -> float:
    """
    The wall time before which no stored task is due; infinite if the clock does not run by itself.

    Raises:
        UsageError, ValueError: as `get_mode`.
    """
    return get_wall_time(settings, settings.next_due_at, get_mode(settings))


def set_anchor(settings: Settings, moment: float, wall_now: float) -> None:
    """Make *moment* the simulated time at the wall time *wall_now*."""
    settings.sim_anchor, settings.wall_anchor = moment, wall_now


def keep_time(settings: Settings, moment: float, wall_now: float, mode: str) -> None:
    """
    Store the simulated time *moment* after a change. The real clock runs by itself once it has started, and the instant
    clock keeps the wall time that it follows; `Settings.latest` has the time to which it has jumped.

    A seeded cloud has no wall time before the first request under the real clock, so that two runs store the same.
    """
    if mode in ("real", "instant") and settings.wall_anchor is not None:
        return
    settings.sim_anchor = moment
    if mode == "real" or settings.wall_anchor is not None:
        settings.wall_anchor = wall_now


class Clock:
    """Reads the time of a cloud, which never runs backwards in this process unless another state is loaded."""

    def __init__(self) -> None:
        self._latest = 0.0  # of the state at the last reading
        self._last: tuple[float, float] | None = None  # simulated time and wall time of that reading
        self.stepped = 0.0  # simulated time that the stepping clock has reached in memory

    def read(self, settings: Settings, wall_now: float, mode: str, is_request: bool = False) -> float:
        """
        The simulated time, as `get_time` returns it, or at which a request that writes begins.

        After the wall clock was set back, time goes on from the last reading. The anchors of *settings* are changed
        accordingly; the next write stores them.
        """
        now, latest = get_time(settings, wall_now, mode), get_latest(settings)
        if latest < self._latest:
            self.stepped = 0.0
        if mode == STEPPING:
            now = max(now, self.stepped)
        if mode == "real" and settings.wall_anchor is not None:
            last_now, last_wall = (latest, wall_now) if self._last is None or latest < self._latest else self._last
            earliest = max(latest, last_now)
            if _extrapolate(settings, wall_now, mode) < earliest:
                elapsed = max(0.0, wall_now - last_wall) * settings.speed
                now = min(max(earliest, last_now + elapsed), END_OF_TIME)
                set_anchor(settings, now, wall_now)
            self._last = now, wall_now
        self._latest = latest
        return find_start(settings, now, wall_now, mode) if is_request else now

    def step(self, moment: float) -> None:
        """Move the stepping clock to a simulated time, which the next write stores."""
        self.stepped = max(self.stepped, moment)

    def reset(self) -> None:
        """Forget all readings and steps, because another state has been loaded."""
        self._latest, self._last, self.stepped = 0.0, None, 0.0


def read_seed_from_environment() -> int | None:
    """The seed in NOVASIM_SEED, or None. Raises UsageError if it is not a whole number."""
    text = os.environ.get("NOVASIM_SEED")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"NOVASIM_SEED is {text!r}; it must be a whole number.") from None
