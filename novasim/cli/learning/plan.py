"""The command `plan`: the shortest path to a status, as commands or carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from novasim.cli.options import output_options, pass_session, server_argument
from novasim.cli.session import Session
from novasim.errors import Conflict

if TYPE_CHECKING:
    from novasim.teach.plans import Plan


@click.command()
@server_argument
@click.argument("status", metavar="STATUS")
@click.option("--run", "runs", is_flag=True, help="Run the commands.")
@output_options
@pass_session
def plan(session: Session, server: str, status: str, runs: bool) -> None:
    """
    Find (or run) the shortest path to a status.

    The path takes the caller, locks and running tasks into account. It is printed as commands for a shell; remarks
    begin with #.

    Example: novasim plan web1 SHUTOFF
    """
    from novasim.cli.learning.situations import open_situation
    from novasim.teach.goals import find_plan
    from novasim.teach.topics import find_status
    from novasim.teach.verdicts import describe_other_plan, plan_lines

    goal = find_status(status)
    with open_situation(session, server) as situation:
        found = find_plan(situation, goal)
        lines = list(plan_lines(situation, goal, found))
        other = describe_other_plan(situation, found)
    if not session.has_default_output:
        session.show(_describe_plan(server, goal, found) | {"alternative": other[1] if other else None})
    elif not runs or not found.is_own:
        from novasim.cli.learning.text import print_lines

        print_lines(lines)
    if runs:
        _run(session, server, found)


def _describe_plan(server: str, status: str, found: Plan) -> dict[str, object]:
    return {
        "server": server,
        "status": status,
        "commands": found.command_lines(server),
        "needs_administrator": not found.is_own,
        "first_change": found.reason or None,
    }


def _run(session: Session, server: str, found: Plan) -> None:
    """
    Take the steps of a plan; the first failure ends the command.

    Raises:
        Conflict: The caller cannot take all of them. Nothing is done.
    """
    from novasim.cli.learning.steps import run_steps

    if not found.is_own:
        raise Conflict(reason=f"{session.who} is not allowed to do all of this; nothing was done.")
    run_steps(session, server, found.steps)
