"""What is done to the simulation itself, not to the simulated Nova: its clock, its options, its file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from novasim.cloud import Cloud
from novasim.control.worlds import make_world
from novasim.errors import ServerNotFound, UsageError
from novasim.records import Server
from novasim.simulation.hosts.outages import waits_for_its_host
from novasim.simulation.options import DEFAULTS, RANGES, WHOLE_RANGE
from novasim.simulation.time import clock
from novasim.simulation.time.settle import settle
from novasim.store.base import Store
from novasim.strutils import bool_from_string
from novasim.suggestions import did_you_mean

if TYPE_CHECKING:
    from novasim.scenarios.reading import Scenario

DURATION = "duration."
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds_in(text: str) -> float:
    """
    A duration in seconds: 30, 30s, 5m, 2h, 1d.

    Raises:
        UsageError: not of that form, or negative.
    """
    number, unit = (text[:-1], text[-1]) if text[-1:] in UNITS else (text, "s")
    try:
        seconds = float(number) * UNITS[unit]
    except ValueError:
        raise UsageError(f"{text!r} is no duration; write 30, 30s, 5m, 2h or 1d.") from None
    if not 0 <= seconds < 1e12:
        raise UsageError(f"{text!r}: a duration is not negative and not endless.")
    return seconds


def clock_state(cloud: Cloud) -> dict[str, Any]:
    """The clock's mode, its time and speed, and what it waits for next."""
    from novasim.records import Task

    with cloud.reading() as world:
        tasks = [task for task in world.tx.query(Task) if task.timer or not waits_for_its_host(world, task)]
        ends = [task.ends[task.position] for task in tasks]
        return {
            "mode": clock.mode_of(world.settings),
            "now": world.time,
            "speed": world.settings.speed,
            "tasks": len(ends),
            "next": clock.iso(min(ends)) if ends else None,
        }


def clock_setting(cloud: Cloud) -> str:
    """The mode that the cloud itself has, whatever the environment says."""
    with cloud.reading() as world:
        return world.settings.clock


def set_clock(cloud: Cloud, mode: str, speed: float | None = None) -> None:
    """
    Change the clock's mode, and the speed of a real one; the time goes on from where it is.

    A seeded cloud that has served no request keeps standing at its beginning, so that scripts repeat exactly.
    """
    if mode not in clock.MODES:
        raise UsageError(f"There is no clock {mode!r}; there are: {', '.join(clock.MODES)}.")
    if speed is not None and not 0 < speed < 1e6:
        raise UsageError("The speed of a clock is above 0 and below 1,000,000.")
    with cloud.writing(is_request=False) as world:
        settings = world.settings
        if settings.wall_anchor is not None:
            clock.anchor(settings, world.now, cloud.wall())
        settings.clock = mode
        settings.speed = settings.speed if speed is None else speed
        world.tx.put(settings)


def advance(cloud: Cloud, seconds: float) -> str:
    """
    Move a manual clock and apply what is due by then.

    Raises:
        UsageError: the clock is not manual.

    Returns:
        The time reached.
    """
    with cloud.writing(is_request=False) as world:
        mode = clock.mode_of(world.settings)
        if mode != "manual":
            raise UsageError(f"The clock is {mode}; only a manual one is advanced: novasim clock set manual.")
        world.now += seconds
        settle(world)
        clock.anchor(world.settings, world.now, cloud.wall())
        world.tx.put(world.settings)
        return world.time


def guest_acts(cloud: Cloud, server_id: str, what: str) -> None:
    """
    Let a guest shut down, crash or reboot by itself.

    Raises:
        Conflict: it does not run. NotFound: there is no such server.
    """
    from novasim.simulation import guests

    with cloud.writing() as world:
        server = world.tx.get(Server, server_id)
        if server is None:
            raise ServerNotFound(server=server_id)
        guests.act(world, server, what)


def options_of(cloud: Cloud) -> dict[str, Any]:
    """All options with their values in this cloud."""
    with cloud.reading() as world:
        own = {DURATION + name: seconds for name, seconds in sorted(world.settings.durations.items())}
        return {name: world.option(name) for name in DEFAULTS} | own


def set_option(cloud: Cloud, name: str, text: str) -> None:
    """
    Give an option a value of the kind that it has. duration.ACTION and duration.ACTION.PHASE take durations.

    Raises:
        UsageError: no such option, or a value of another kind.
    """
    if name.startswith(DURATION):
        _check_phase(name)
        value: Any = seconds_in(text)
    else:
        value = _value(name, text)
    with cloud.writing(is_request=False) as world:
        settings = world.settings
        (settings.durations if name.startswith(DURATION) else settings.options)[name.removeprefix(DURATION)] = value
        world.tx.put(settings)


def unset_option(cloud: Cloud, name: str) -> None:
    """Back to Nova's default."""
    if name.startswith(DURATION):
        _check_phase(name)
    else:
        _check_name(name)
    with cloud.writing(is_request=False) as world:
        world.settings.options.pop(name, None)
        world.settings.durations.pop(name.removeprefix(DURATION), None)
        world.tx.put(world.settings)


def _check_phase(name: str) -> None:
    """duration.ACTION or duration.ACTION.PHASE, by the action table."""
    from novasim.lifecycle.actions import ACTIONS

    action, _, phase = name.removeprefix(DURATION).partition(".")
    if action not in ACTIONS:
        raise UsageError(f"There is no action {action!r}.{did_you_mean(action, ACTIONS)}")
    courses = (ACTIONS[action].phases, *ACTIONS[action].variants.values())
    phases = [each.task_state for course in courses for each in course if each.task_state]
    if phase and phase not in phases:
        raise UsageError(f"The action {action} has no phase {phase!r}; it has: {', '.join(dict.fromkeys(phases))}.")


def _check_name(name: str) -> None:
    if name not in DEFAULTS:
        import difflib

        near = difflib.get_close_matches(name, DEFAULTS, 3)
        raise UsageError(f"There is no option {name!r}" + (f"; did you mean {', '.join(near)}?" if near else "."))


def _value(name: str, text: str) -> Any:
    _check_name(name)
    default = DEFAULTS[name]
    if isinstance(default, bool):
        try:
            return bool_from_string(text, strict=True)
        except ValueError:
            raise UsageError(f"{name} is true or false, not {text!r}.") from None
    kinds: dict[type, Any] = {int: int, float: float, list: _list}
    try:
        value = kinds.get(type(default), str)(text)
    except ValueError:
        raise UsageError(f"{name} takes a value such as {default!r}, not {text!r}.") from None
    least, most = RANGES.get(name, WHOLE_RANGE)
    if isinstance(value, int | float) and not least <= value <= most:
        raise UsageError(f"{name} is between {least:g} and {most:,g}, not {value:g}.")
    return value


def _list(text: str) -> list[Any]:
    found = json.loads(text)
    if not isinstance(found, list):
        raise ValueError(text)
    return found


def set_policy(cloud: Cloud, overrides: dict[str, str]) -> None:
    """Let these overrides of policy rules count, and no others; they were checked when they were read."""
    with cloud.writing(is_request=False) as world:
        world.settings.policy = dict(overrides)
        world.tx.put(world.settings)


def read_scenario(path: str) -> Scenario:
    """
    A scenario file, checked; nothing is made yet.

    Raises:
        UsageError: it cannot be read or says something that makes no sense; the line is named.
    """
    from novasim.scenarios.reading import read

    return read(path)


def make_cloud(store: Store, hosts: int, unlimited: bool, seed: int | None, scenario: Scenario | None = None) -> None:
    """
    Make a new world: the default one, or that of a scenario.

    Raises:
        UsageError: there is one already, or the figures make no sense.
    """
    if not 0 <= hosts <= 10_000:
        raise UsageError(f"A cloud has between 0 and 10,000 hosts, not {hosts}.")
    if store.exists():
        raise UsageError("There is a cloud already; --force replaces it.")
    seed = seed if seed is not None else clock.seed_of_environment()
    if scenario is None:
        make_world(store, seed, hosts, unlimited)
        return
    from novasim.scenarios.building import build

    with store.write() as tx:
        build(tx, scenario, clock.wall(), seed)
