"""The commands `classroom freeze`, `classroom thaw` and `classroom speed`: the clocks of all clouds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from novasim.classroom.lessons import get_lesson
from novasim.classroom.room import Room
from novasim.classroom.status import open_existing
from novasim.classroom.users import TEACHER
from novasim.cli.classroom.options import room_option
from novasim.cli.errors.attempts import Attempts
from novasim.cli.lessons.known import open_library
from novasim.cli.options import pass_session
from novasim.cli.session import Session
from novasim.cloud import Cloud
from novasim.control.clock import check_speed, describe_clock, hold_clock, release_clock, set_clock
from novasim.render.output import print_line

ORIGIN = (TEACHER, (), None)  # in the record, without a command line, which proofs would repeat
USUAL = 1.0  # simulated seconds per real second

T = TypeVar("T")


@click.command()
@room_option
@pass_session
def freeze(session: Session, room: Room) -> None:
    """
    Stop the time in all clouds. Students cannot advance it until 'classroom thaw'.

    Requests are accepted, and their tasks stand still, also in clouds that 'start' or 'reset' builds meanwhile.

    Example: novasim classroom freeze --room room
    """
    _set_frozen(room, True)
    _change(session, room, lambda cloud: hold_clock(cloud, TEACHER), "the time stands still")


@click.command()
@room_option
@pass_session
def thaw(session: Session, room: Room) -> None:
    """
    Let the time run again in all clouds, or give them the clock of the lesson.

    Example: novasim classroom thaw --room room
    """
    lesson = get_lesson(room, open_library())
    _set_frozen(room, False)
    mode = lesson.clock if lesson else "real"
    speeds = _change(session, room, lambda cloud: _thaw(cloud, mode), f"the clock is {mode}")
    for speed in sorted(set(speeds.values()) - {USUAL}):
        names = [name for name, found in speeds.items() if found == speed]
        print_line(f"{', '.join(names)}: the time runs {speed:g} times as fast, as it was set before.")


def _thaw(cloud: Cloud, mode: str) -> float:
    """Set the mode of the clock. Returns the speed, which has an effect under the real clock only."""
    release_clock(cloud, mode)
    return float(describe_clock(cloud)["speed"]) if mode == "real" else USUAL


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("factor", type=float)
@room_option
@pass_session
def speed(session: Session, room: Room, factor: float) -> None:
    """
    Set the simulated seconds per real second in all clouds.

    Example: novasim classroom speed 10 --room room
    """
    check_speed(factor)
    later = " after 'classroom thaw'" if room.content.is_frozen else ""
    effect = f"the time runs {factor:g} times as fast{later}"
    _change(session, room, lambda cloud: set_clock(cloud, speed=factor), effect)


def _set_frozen(room: Room, is_frozen: bool) -> None:
    with room.changing():
        room.content = room.content._replace(is_frozen=is_frozen)


def _change(session: Session, room: Room, change: Callable[[Cloud], T], effect: str) -> dict[str, T]:
    """Change all clouds. Returns the results by name; clouds that cannot be changed are reported."""
    results = {}
    names = room.cloud_names()
    with Attempts(session) as attempts:
        for name in names:
            with attempts.attempt():
                cloud = open_existing(room.cloud_path(name))
                cloud.origin = ORIGIN
                results[name] = change(cloud)
        print_line(f"{len(results)} of {len(names)} clouds: {effect}.")
    return results
