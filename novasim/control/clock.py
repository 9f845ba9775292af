"""
Reads, sets and advances the clock of a cloud.

Durations (30s, 5m) are parsed in ten lines, which a library such as pytimeparse would not shorten.
"""

from __future__ import annotations

import os
from typing import Any

from novasim.cloud import Cloud
from novasim.errors import UsageError
from novasim.records import Settings, Task
from novasim.simulation.hosts.outages import is_waiting_for_host
from novasim.simulation.time import clock
from novasim.simulation.time.settle import settle
from novasim.simulation.time.transitions import Recorder, Transition
from novasim.simulation.world import World
from novasim.strutils import parse_iso_time

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
MAX_SECONDS = 1e12
SET_MANUAL = "novasim clock set manual"
NO_STEPPING = "The stepping clock needs one worker, which keeps the time that it has reached in memory."


def parse_duration(text: str) -> float:
    """
    Convert a duration such as 30, 30s, 5m, 2h or 1d to seconds.

    Raises:
        UsageError: The text does not have this form, or is negative or too long.
    """
    number, unit = (text[:-1], text[-1]) if text[-1:] in UNITS else (text, "s")
    try:
        seconds = float(number) * UNITS[unit]
    except ValueError:
        raise UsageError(f"{text!r} is not a duration; write 30, 30s, 5m, 2h or 1d.") from None
    if not 0 <= seconds < MAX_SECONDS:
        limit = f"below {MAX_SECONDS:,.0f} seconds" if seconds > 0 else "at least 0"
        raise UsageError(f"{text!r} is not a duration that the clock can take: it must be {limit}.")
    return seconds


def parse_moment(text: str, now: float) -> float:
    """
    Convert a date, a time in ISO 8601 (UTC without a zone), or a duration before *now* to seconds since the epoch.

    Raises:
        UsageError: The text has none of these forms.
    """
    try:
        return parse_iso_time(text)
    except ValueError:
        if text[-1:] not in UNITS:
            raise UsageError(f"{text!r} is not a time; write 2026-01-31, 2026-01-31T12:00 or 2h (ago).") from None
        return now - parse_duration(text)


def find_override(cloud: Cloud) -> str:
    """The mode that NOVASIM_CLOCK sets for this process if the cloud has another one; otherwise an empty text."""
    with cloud.store.read() as tx:
        settings = tx.get(Settings, "cloud")
        mode = clock.get_mode(settings) if settings else ""
        return mode if settings and mode != settings.clock else ""


def require_mode(mode: str) -> None:
    """Raise UsageError if NOVASIM_CLOCK of this process has another mode, so that setting *mode* has no effect."""
    if (override := os.environ.get("NOVASIM_CLOCK", mode)) not in ("", mode):
        raise UsageError(f"NOVASIM_CLOCK={override} overrides the clock of the cloud. To set it, unset that variable.")


def _how_to_set(mode: str) -> str:
    by_variable = os.environ.get("NOVASIM_CLOCK") == mode
    return "NOVASIM_CLOCK sets it, so unset that variable, or set it to manual" if by_variable else SET_MANUAL


def describe_clock(cloud: Cloud) -> dict[str, Any]:
    """
    Describe the state of the clock.

    Returns:
        mode, now (ISO 8601), speed (simulated seconds per real second), tasks (how many have a due time), next (the
        earliest due time, or None).
    """
    with cloud.reading() as world:
        tasks = [task for task in world.tx.query(Task) if task.timer or not is_waiting_for_host(world, task)]
        due_times = [task.ends[task.position] for task in tasks]
        return {
            "mode": clock.get_mode(world.settings),
            "now": world.time,
            "speed": world.settings.speed,
            "tasks": len(due_times),
            "next": clock.format_time(min(due_times)) if due_times else None,
        }


def set_clock(cloud: Cloud, mode: str | None = None, speed: float | None = None) -> None:
    """
    Change the mode of the clock, its speed, or both. The simulated time does not jump.

    A seeded cloud that has served no request stays at its fixed start time, so that scripts are repeatable.

    Args:
        mode: real, manual, instant or stepping; None keeps the mode.
        speed: Simulated seconds per real second under the real clock; None keeps the speed.

    Raises:
        UsageError: Unknown mode, speed out of range, or the teacher of a class has stopped the time.
    """
    if mode is not None and mode not in clock.ALL_MODES:
        raise UsageError(f"Unknown clock mode {mode!r}; choose one of: {', '.join(clock.ALL_MODES)}.")
    if mode == clock.STEPPING and not cloud.may_step:
        raise UsageError(f"{NO_STEPPING} Start the server without --workers.")
    if speed is not None:
        check_speed(speed)
    with cloud.writing(is_request=False, what="clock set") as world:
        _check_holder(cloud, world.settings)
        _set(cloud, world, mode, speed)


def hold_clock(cloud: Cloud, holder: str) -> None:
    """Stop the time. Until `release_clock`, callers behind a server cannot change the clock. *holder* is a noun."""
    with cloud.writing(is_request=False, what="clock set") as world:
        world.settings.clock_holder = holder
        _set(cloud, world, "manual")


def release_clock(cloud: Cloud, mode: str) -> None:
    """Give the clock a mode, and let all callers change it."""
    with cloud.writing(is_request=False, what="clock set") as world:
        world.settings.clock_holder = ""
        _set(cloud, world, mode)


def describe_holder(settings: Settings) -> str:
    """Who has stopped the clock, as a clause; "" if nobody has."""
    return f"the {settings.clock_holder} has stopped the time" if settings.clock_holder else ""


def require_free_clock(cloud: Cloud) -> None:
    """Raise UsageError if somebody has stopped the clock, and the caller is behind a server."""
    with cloud.store.read() as tx:
        if settings := tx.get(Settings, "cloud"):
            _check_holder(cloud, settings)


def _check_holder(cloud: Cloud, settings: Settings) -> None:
    if settings.clock_holder and not cloud.may_start_clock:
        who = describe_holder(settings)
        raise UsageError(f"{who[0].upper()}{who[1:]}. The clock can be changed when it runs again.")


def _set(cloud: Cloud, world: World, mode: str | None, speed: float | None = None) -> None:
    settings = world.settings
    if settings.wall_anchor is not None or (mode == "real" and settings.requests):
        wall = cloud.wall()
        world.now = clock.find_start(settings, world.now, wall, clock.get_mode(settings))
        clock.set_anchor(settings, world.now, wall)
    settings.clock = settings.clock if mode is None else mode
    settings.speed = settings.speed if speed is None else speed
    world.tx.put(settings)


def check_speed(speed: float) -> None:
    """Raise UsageError if the clock cannot have a speed, in simulated seconds per real second."""
    if not 0 < speed < 1e6:
        raise UsageError("The speed of the clock must be above 0 and below 1,000,000.")


def advance_and_collect(cloud: Cloud, seconds: float) -> tuple[str, list[Transition]]:
    """Advance a manual clock as `advance_clock` does. Return the new time, and what has happened meanwhile."""
    recorder = Recorder()
    return advance_clock(cloud, seconds, recorder), recorder.transitions


def advance_clock(cloud: Cloud, seconds: float, recorder: Recorder | None = None) -> str:
    """
    Advance a manual clock and apply everything that is due by then.

    Args:
        recorder: Collects what happens meanwhile.

    Returns:
        The new simulated time (ISO 8601).

    Raises:
        UsageError: The clock is not manual, the time would be after the year 9999, or the teacher has stopped the time.
    """
    with cloud.writing(is_request=False, what="clock advance") as world:
        _check_holder(cloud, world.settings)
        mode = clock.get_mode(world.settings)
        if mode != "manual":
            raise UsageError(f"The clock is {mode}; only a manual clock can be advanced: {_how_to_set(mode)}.")
        if world.now + seconds > clock.END_OF_TIME:
            raise UsageError(f"The clock stops at {clock.format_time(clock.END_OF_TIME)}.")
        world.now += seconds
        world.recorders += [recorder] if recorder else []
        settle(world)
        clock.keep_time(world.settings, world.now, cloud.wall(), mode)
        world.tx.put(world.settings)
        return world.time
