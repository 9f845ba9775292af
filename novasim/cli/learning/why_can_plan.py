"""The commands `why`, `can` and `plan`: what stands against a request, what does not, and how to get on."""

from __future__ import annotations

import shlex
from typing import Any

import click

from novasim.cli.options import output_options, pass_session, server_argument
from novasim.cli.session import Session
from novasim.errors import EXIT_BY_HTTP, Conflict, UsageError
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.status import resting_state

CAN = {"Action": "action", "Allowed": "allowed", "Code": "code", "Why not": "reason"}


@click.command()
@server_argument
@click.argument("action", metavar="ACTION")
@output_options
@pass_session
def why(session: Session, server: str, action: str) -> None:
    """
    Say everything that stands against an action on a server now.

    Each reason comes with what helps; if there is none, it says what would follow. The exit code is 0 if it would be
    accepted, otherwise that of the refusal.

    Example: novasim why web1 resize
    """
    from novasim.cli.learning.situations import situation_named
    from novasim.teach.verdicts import verdict

    row = _done_to_servers(action)
    with situation_named(session, server) as situation:
        page = verdict(situation, row)
    _show_verdict(session, page)
    if not page["accepted"]:
        click.get_current_context().exit(EXIT_BY_HTTP.get(page["code"], 1))


def _show_verdict(session: Session, page: dict[str, Any]) -> None:
    if not session.has_default_output:
        session.show(page)
        return
    from novasim.cli.learning.text import print_lines
    from novasim.teach.verdicts import lines_of

    print_lines(lines_of(page))


@click.command()
@server_argument
@click.option("--allowed/--refused", "only", default=None, help="Only what would be accepted, or refused.")
@output_options
@pass_session
def can(session: Session, server: str, only: bool | None) -> None:
    """
    List all actions on a server, and whether each would be accepted now.

    Example: novasim can web1 --allowed
    """
    from novasim.cli.learning.situations import situation_named
    from novasim.teach import verdicts

    with situation_named(session, server) as situation:
        rows = verdicts.can(situation)
    session.show_list([row for row in rows if only is None or row["allowed"] is only], CAN, "action")


@click.command()
@server_argument
@click.argument("status", metavar="STATUS")
@click.option("--run", "runs", is_flag=True, help="Carry it out.")
@output_options
@pass_session
def plan(session: Session, server: str, status: str, runs: bool) -> None:
    """
    Print the shortest sequence of commands that brings a server to a status.

    What is not a command begins with #, so that a shell can read all of it. With --run they are carried out. Who asks,
    locks and running tasks are taken into account.

    Example: novasim plan web1 SHUTOFF
    """
    from novasim.cli.learning.situations import situation_named
    from novasim.teach.topics import status_named

    wanted = status_named(status)
    with situation_named(session, server) as situation:
        page, lines = _plan(situation, wanted)
    if not session.has_default_output:
        session.show(page)
    elif not runs or not page["own"]:
        from novasim.cli.learning.text import print_lines

        print_lines(lines)
    if runs:
        _run(session, page)


def _plan(situation: Any, status: str) -> tuple[dict[str, Any], list[Any]]:
    """The plan as data, and as lines for people."""
    from novasim.teach import about_states
    from novasim.teach.planning import plan_to_rest
    from novasim.teach.verdicts import plan_lines, why_unreachable

    rests = resting_state(status)
    made = plan_to_rest(situation, rests) if rests else None
    if made is None:
        passing = [] if rests else about_states.ways_in(status)
        raise Conflict(reason=why_unreachable(situation, status, passing))
    page = {"server": situation.called, "status": status, **made._asdict()}
    return page, list(plan_lines(situation, made))


def _run(session: Session, page: dict[str, Any]) -> None:
    """Give the commands of a plan one after another, as if they had been typed; the first failure ends it."""
    if not page["own"]:
        raise Conflict(reason=f"{session.who} may not do all of that; nothing was done.")
    root = click.get_current_context().find_root()
    for line in page["commands"]:
        click.echo(line, err=True)
        _, *words = shlex.split(line)
        while words[0].startswith("--"):  # who asks, and where, is as for this command
            words = words[2:]
        name, *rest = words
        command = root.command.get_command(root, name)  # type: ignore[attr-defined]
        with command.make_context(name, rest, parent=root) as context:
            command.invoke(context)


def _done_to_servers(text: str) -> Action:
    """
    An action by its name, here or in the API.

    Raises:
        UsageError: there is none, or it is not done to a server that is there.
    """
    from novasim.teach.topics import action_named

    name = action_named(text)
    if name == "create":
        raise UsageError("create makes a server; it is not done to one that is there.")
    return ACTIONS[name]
