"""wait, watch, history, clock."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import click

from novasim.api.request import Response
from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import get_server_or_none, server_id
from novasim.cli.options import Seconds, output_options, pass_session, server_argument, servers_argument
from novasim.cli.servers.requests import on_each
from novasim.cli.servers.waiting import await_goal, goal, is_removal
from novasim.cli.session import Session
from novasim.control import clock as clock_control
from novasim.errors import ServerNotFound, StillWaiting, UsageError
from novasim.records import Server
from novasim.render.view import View
from novasim.simulation.time import clock

INSTANT = 1e-6  # seconds: as fine as times are shown, so that what is due a little later is reached, too
EVENTS = ("Start", "Action", "Request", "Event", "Result", "Seconds")


@click.command()
@servers_argument
@click.option(
    "--for",
    "text",
    default="ACTIVE",
    show_default=True,
    metavar="STATUS|task|deleted",
    help="A status to wait for; task: until nothing is being done any more; deleted: until it is gone.",
)
@click.option(
    "--timeout",
    type=Seconds(),
    default=600.0,
    show_default=True,
    help="Give up after this many seconds of the cloud's time (exit code 7).",
)
@output_options
@pass_session
def wait(session: Session, servers: tuple[str, ...], text: str, timeout: float) -> None:
    """
    Wait until servers reach a status. A server that goes to ERROR ends the wait (exit code 8).

    Example: novasim wait web1 web2 --for ACTIVE --timeout 60
    """
    goal(text)
    attempts, found = Attempts(session), []
    for name in servers:
        there, id = attempts.of(partial(_id_unless_gone, session, name, text))
        found += [(name, id)] if there and id else []
    if found:
        await_goal(session, attempts, found, text, timeout)
    attempts.finish()


def _id_unless_gone(session: Session, name: str, text: str) -> str | None:
    """The server's id; None if it is to be waited for until it is deleted, and it has been deleted already."""
    try:
        id = server_id(session, name)
        session.get(f"/servers/{id}")
    except ServerNotFound:
        if is_removal(text) and _was_there(session, name):
            return None
        raise
    return id


def _was_there(session: Session, name: str) -> bool:
    with session.cloud.reading() as world:
        known = [*world.tx.query(Server, {"name": name}), world.tx.get(Server, name)]
    return any(server and server.project_id == session.caller.project_id for server in known)


@click.command()
@click.option("--interval", type=Seconds(), default=1.0, show_default=True, help="Seconds from one look to the next.")
@click.option("--times", type=click.IntRange(min=1), help="Look so often, then end (default: until Ctrl-C).")
@output_options
@pass_session
def watch(session: Session, interval: float, times: int | None) -> None:
    """
    Show the servers and what they are busy with, again and again; Ctrl-C ends it.

    Example: novasim watch
    """
    looks = 0
    while times is None or looks < times:
        if looks:
            clock.sleep(interval)
            click.clear()
        query = [("all_tenants", "1")] if session.caller.is_admin else []
        servers = session.get("/servers/detail", query)["servers"]
        rows = [[s["name"], s["status"], s["OS-EXT-STS:task_state"], s.get("progress")] for s in servers]
        titles, ids = ("Name", "Status", "Task", "Progress"), [s["id"] for s in servers]
        session.write(View(titles, rows, servers, ids, live=True))
        looks += 1
        if times is None and not sys.stdout.isatty():
            return


@click.command()
@server_argument
@output_options
@pass_session
def history(session: Session, server: str) -> None:
    """
    Show what was asked of a server, and what came of it, oldest first.

    Example: novasim history web1
    """
    with session.transaction(writes=False):
        on_each(
            session,
            [server],
            "history",
            lambda id: session.request("GET", f"/servers/{id}/os-instance-actions"),
            then=lambda answers: session.write(_history(session, *answers[0][1:])),
        )


def _history(session: Session, id: str, answer: Response) -> View:
    path = f"/servers/{id}/os-instance-actions"
    listed = list(reversed(answer.body["instanceActions"]))
    full = [session.get(f"{path}/{entry['request_id']}")["instanceAction"] for entry in listed]
    rows = [row for entry in full for row in _rows(entry)]
    return View(EVENTS, rows, full, [entry["request_id"] for entry in full])


def _rows(entry: dict[str, Any]) -> list[list[Any]]:
    head = [entry["start_time"][:19], entry["action"], entry["request_id"][:12]]
    events = list(reversed(entry.get("events", ())))
    if not events:
        return [[*head, "", entry["message"] or "", ""]]
    return [
        [*(head if number == 0 else ("", "", "")), event["event"], event["result"] or "running", _seconds(event)]
        for number, event in enumerate(events)
    ]


def _seconds(event: dict[str, Any]) -> str:
    if not event["finish_time"]:
        return ""
    return f"{clock.seconds_of(event['finish_time'] + 'Z') - clock.seconds_of(event['start_time'] + 'Z'):.1f}"


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
    Show how the clock goes, what time it is, and what is due next.

    Example: novasim clock show
    """
    session.show(clock_control.describe_clock(session.cloud))


@clock_group.command("set")
@click.argument("mode", type=click.Choice(clock.MODES), required=False)
@click.option("--speed", type=float, help="Seconds of the cloud per real second.")
@pass_session
def set_clock(session: Session, mode: str | None, speed: float | None) -> None:
    """
    Choose how time passes: real as on the wall, manual by clock advance alone, instant with every task done at once.

    Without a mode only the speed changes.

    Example: novasim clock set manual
    """
    if mode is None and speed is None:
        raise UsageError(f"Give a mode ({', '.join(clock.MODES)}), --speed, or both.")
    clock_control.set_clock(session.cloud, mode, speed)


@clock_group.command("freeze")
@pass_session
def freeze_clock(session: Session) -> None:
    """
    Stop the time where it is; from now on it moves by advance.

    Example: novasim clock freeze
    """
    clock_control.set_clock(session.cloud, "manual")


@clock_group.command("run")
@click.option("--speed", type=float, help="Seconds of the cloud per real second.")
@pass_session
def run_clock(session: Session, speed: float | None) -> None:
    """
    Let the time pass by itself again, from where it is.

    Example: novasim clock run --speed 10
    """
    clock_control.set_clock(session.cloud, "real", speed)


@clock_group.command("speed", context_settings={"ignore_unknown_options": True})
@click.argument("factor", type=float)
@pass_session
def set_speed(session: Session, factor: float) -> None:
    """
    How many seconds of the cloud a real second has; the time goes on from where it is.

    Example: novasim clock speed 60
    """
    clock_control.set_clock(session.cloud, speed=factor)


@clock_group.command("advance", context_settings={"ignore_unknown_options": True})
@click.argument("duration", required=False)
@click.option("--until", "target", metavar="SERVER=STATUS", help="Until a server shows a status.")
@click.option("--limit", default="1d", show_default=True, help="Go no further than this with --until.")
@pass_session
def advance(session: Session, duration: str | None, target: str | None, limit: str) -> None:
    """
    Move a manual clock: by 30, 30s, 5m, 2h, 1d, or until a server shows a status.

    Example: novasim clock advance 30s
    """
    if (duration is None) == (target is None):
        raise UsageError("Give either a duration or --until SERVER=STATUS.")
    if duration is not None:
        click.echo(clock_control.advance_clock(session.cloud, clock_control.parse_duration(duration)))
    else:
        _advance_until(session, str(target), clock_control.parse_duration(limit))


def _advance_until(session: Session, target: str, limit: float) -> None:
    name, sign, status = target.partition("=")
    if not sign:
        raise UsageError(f"{target!r} is not of the form SERVER=STATUS.")
    done, id = goal(status), server_id(session, name)
    begun = clock_control.describe_clock(session.cloud)["now"]
    while not done(get_server_or_none(session, id)):
        state = clock_control.describe_clock(session.cloud)
        if state["next"] is None:
            raise StillWaiting(f"Nothing is under way that could make {name} {status}.")
        step = clock.seconds_of(state["next"]) - clock.seconds_of(state["now"])
        if clock.seconds_of(state["next"]) - clock.seconds_of(begun) > limit:
            raise StillWaiting(f"{name} would not be {status} within {limit:g} s.")
        clock_control.advance_clock(session.cloud, max(step, INSTANT))
    click.echo(clock_control.describe_clock(session.cloud)["now"])
