"""The clock of the cloud."""

from __future__ import annotations

from collections.abc import Sequence

import click

from novasim.cli.lookup import get_server_or_none, server_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.servers.wait_goals import current_time, parse_goal
from novasim.cli.session import Session
from novasim.control import clock as clock_control
from novasim.errors import StillWaiting, UsageError
from novasim.render.output import print_line, print_message
from novasim.simulation.time import clock
from novasim.simulation.time.transitions import Transition

MAX_TRANSITIONS = 20  # of a report; with many servers, a longer one has no reader
MIN_STEP = 1e-6  # seconds: the resolution of displayed times


@click.group("clock")
def clock_group() -> None:
    """
    Show, set and advance the clock of the cloud.

    Example: novasim clock show
    """


@clock_group.command("show")
@output_options
@pass_session
def show_clock(session: Session) -> None:
    """
    Show the mode, the current time and the time of the next event.

    Example: novasim clock show
    """
    session.show(clock_control.describe_clock(session.cloud))
    report_override(session)


@clock_group.command("set")
@click.argument("mode", type=click.Choice(clock.MODES), required=False)
@click.option("--speed", type=float, help="Simulated seconds per real second.")
@pass_session
def set_clock(session: Session, mode: str | None, speed: float | None) -> None:
    """
    Set the mode: real (wall time), manual (only clock advance) or instant (each task ends at once).

    Without a mode, only the speed changes.

    Example: novasim clock set manual
    """
    if mode is None and speed is None:
        raise UsageError(f"Give a mode ({', '.join(clock.MODES)}), --speed, or both.")
    _set(session, mode, speed)


@clock_group.command("freeze")
@pass_session
def freeze_clock(session: Session) -> None:
    """
    Set the mode to manual: the time stops, and only clock advance moves it.

    Example: novasim clock freeze
    """
    _set(session, "manual")


@clock_group.command("run")
@click.option("--speed", type=float, help="Simulated seconds per real second.")
@pass_session
def run_clock(session: Session, speed: float | None) -> None:
    """
    Set the mode to real: the time runs again, from the current time.

    Example: novasim clock run --speed 10
    """
    _set(session, "real", speed)


@clock_group.command("speed", context_settings={"ignore_unknown_options": True})
@click.argument("factor", type=float)
@pass_session
def set_speed(session: Session, factor: float) -> None:
    """
    Set the simulated seconds per real second.

    Example: novasim clock speed 60
    """
    _set(session, speed=factor)


@clock_group.command("advance", context_settings={"ignore_unknown_options": True})
@click.argument("duration", required=False)
@click.option("--until", "target", metavar="SERVER=STATUS", help="Advance until a server reaches a status, or is idle.")
@click.option("--limit", default="1d", show_default=True, help="Limit for --until.")
@pass_session
def advance(session: Session, duration: str | None, target: str | None, limit: str) -> None:
    """
    Advance a manual clock by a duration (30, 30s, 5m, 2h, 1d) or until a server reaches a status.

    SERVER=idle advances until no task of the server is running. What happens meanwhile is printed on stderr, and the
    new time on stdout.

    Example: novasim clock advance 30s
    """
    if (duration is None) == (target is None):
        raise UsageError("Give either a duration or --until SERVER=STATUS.")
    transitions, start = list[Transition](), current_time(session)
    if duration is not None:
        now = _advance(session, clock_control.parse_duration(duration), transitions)
        _report(session, transitions, start)
        print_line(now)
        return
    name, sign, status = str(target).partition("=")
    if not sign:
        raise UsageError(f"{target!r} is not of the form SERVER=STATUS.")
    try:
        now = advance_until(session, name, status, clock_control.parse_duration(limit), transitions)
    finally:
        _report(session, transitions, start)
    print_line(now)


def _set(session: Session, mode: str | None = None, speed: float | None = None) -> None:
    session.control(clock_control.set_clock, mode, speed)
    report_override(session)


def report_override(session: Session) -> None:
    """Say on stderr if the variable NOVASIM_CLOCK decides instead of the cloud's own mode."""
    if mode := clock_control.find_override(session.cloud):
        print_message(
            f"novasim: NOVASIM_CLOCK={mode} overrides the cloud's clock for this command. To end that, unset it."
        )


def _advance(session: Session, seconds: float, transitions: list[Transition] | None) -> str:
    """Advance the clock, and add what happens meanwhile. Return the new time."""
    now, happened = session.control(clock_control.advance_and_collect, seconds)
    if transitions is not None:
        transitions += happened
    return now


def _report(session: Session, transitions: Sequence[Transition], start: float) -> None:
    """Say on stderr what happened to the caller's servers (to all, for administrators), each with its time."""
    caller = session.caller
    seen = [each for each in transitions if caller.is_admin or each.server.project_id == caller.project_id]
    for each in seen[:MAX_TRANSITIONS]:
        print_message(f"{_format_elapsed(each.moment - start)} {each.server.name} {_describe(each)}")
    if len(seen) > MAX_TRANSITIONS:
        print_message(f"... and {len(seen) - MAX_TRANSITIONS} more events")


def _describe(transition: Transition) -> str:
    if transition.before == transition.after:
        return f"{transition.after}: {transition.action} has ended"
    return f"{transition.before} -> {transition.after}"


def _format_elapsed(seconds: float) -> str:
    """A duration as minutes, seconds and tenths: "00:03.1"."""
    tenths = round(seconds * 10)
    return f"{tenths // 600:02}:{tenths // 10 % 60:02}.{tenths % 10}"


def advance_until(
    session: Session, server: str, status: str, limit: float, transitions: list[Transition] | None = None
) -> str:
    """
    Advance a manual clock until a server shows a status.

    Args:
        server: The name or ID that the user gave. status: as for `wait --for`. limit: in seconds of the cloud's time.
        transitions: gets what happens meanwhile.

    Returns:
        The new time of the cloud (ISO 8601).

    Raises:
        StillWaiting: The running tasks do not lead to the status within the limit.
    """
    is_reached, id = parse_goal(status), server_id(session, server)
    state = clock_control.describe_clock(session.cloud)
    end = clock.parse_time(state["now"]) + limit
    while not is_reached(get_server_or_none(session, id)):
        state = clock_control.describe_clock(session.cloud)
        if state["next"] is None:
            raise StillWaiting(f"{server} will not become {status}: no running task leads there.")
        if clock.parse_time(state["next"]) > end:
            raise StillWaiting(f"{server} will not become {status} within {limit:g} s.")
        step = clock.parse_time(state["next"]) - clock.parse_time(state["now"])
        _advance(session, max(step, MIN_STEP), transitions)
    return str(clock_control.describe_clock(session.cloud)["now"])
