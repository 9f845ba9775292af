"""The commands `why` (what blocks an action) and `can` (which actions are accepted)."""

from __future__ import annotations

from shlex import quote
from typing import Any

import click

from novasim.cli.options import output_options, pass_session, server_argument
from novasim.cli.session import Session
from novasim.errors import UsageError, exit_code_for
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.render.output import print_message
from novasim.render.view import view_list

CAN_COLUMNS = {"Action": "action", "Allowed": "allowed", "Code": "code", "Why not": "reason"}


@click.command()
@server_argument
@click.argument("action", metavar="ACTION")
@output_options
@pass_session
def why(session: Session, server: str, action: str) -> None:
    """
    List everything that blocks an action on a server.

    Each reason comes with a remedy. If nothing blocks the action, the command says what would follow. The exit code is
    0 if the action would be accepted, otherwise that of the refusal.

    Example: novasim why web1 resize
    """
    from novasim.cli.learning.situations import open_situation
    from novasim.teach.verdicts import describe_verdict

    row = _find_action(action, server)
    with open_situation(session, server) as situation:
        page = describe_verdict(situation, row)
    _show_verdict(session, page)
    if not page["accepted"]:
        click.get_current_context().exit(exit_code_for(page["code"]))


def _find_action(text: str, server: str) -> Action:
    """
    The action on servers with this name, here or in the API.

    Raises:
        UsageError: There is no such action, or it does not act on an existing server.
    """
    from novasim.teach.topics import find_action_name

    if text not in ACTIONS and server.lower() in ACTIONS:
        raise UsageError(f"There is no action {text!r}. The server comes first: novasim why {quote(text)} {server}")
    action = ACTIONS[find_action_name(text)]
    if not action.acts_on_server:
        raise UsageError(f"{action.name} is not an action on an existing server.")
    return action


def _show_verdict(session: Session, page: dict[str, Any]) -> None:
    if not session.has_default_output:
        session.show(page)
        return
    from novasim.cli.learning.text import print_lines
    from novasim.teach.verdicts import verdict_lines

    print_lines(verdict_lines(page))


@click.command()
@server_argument
@click.option("--allowed/--refused", "allowed", default=None, help="Only actions that would be accepted, or refused.")
@output_options
@pass_session
def can(session: Session, server: str, allowed: bool | None) -> None:
    """
    List all actions on a server, and whether each would be accepted.

    Example: novasim can web1 --allowed
    """
    from novasim.cli.learning.situations import open_situation
    from novasim.teach.verdicts import list_verdicts

    with open_situation(session, server) as situation:
        rows = list_verdicts(situation)
    shown = [row for row in rows if allowed is None or row["allowed"] is allowed]
    session.write(view_list(shown, CAN_COLUMNS, "action")._replace(hide_first=("Code",)))
    if not shown and session.is_human_readable:
        reasons = _refused_line(session, server)
        print_message(f"novasim: {session.who} is allowed no action on {server} now. The reasons: {reasons}")


def _refused_line(session: Session, server: str) -> str:
    from novasim.teach.commands import arrange_words

    words = arrange_words(["can"], [server], ["--refused"])
    return session.command_line(*words, who=session.who)
