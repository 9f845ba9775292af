"""The command wait."""

from __future__ import annotations

import click

from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import server_id
from novasim.cli.options import LazyCommand, Seconds, output_options, pass_session
from novasim.cli.selection.options import selection_options, servers_argument
from novasim.cli.servers.wait_goals import StatusGoal, is_deletion, parse_goal, wait_for_all
from novasim.cli.session import Session
from novasim.errors import ServerNotFound
from novasim.records import Server


@click.command(cls=LazyCommand)
@servers_argument
@click.option(
    "--for",
    "goal",
    default="ACTIVE",
    show_default=True,
    metavar="STATUS|idle|deleted",
    help="What to wait for: a status, idle (until no task is running) or deleted.",
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
@selection_options()
def wait(session: Session, servers: tuple[str, ...], goal: str, timeout: float) -> None:
    """
    Wait until servers reach a status. The wait fails if a server goes to ERROR (exit code 8).

    Example: novasim wait web1 web2 --for ACTIVE --timeout 60
    """
    parse_goal(goal)
    with Attempts(session) as attempts:
        goals: list[StatusGoal] = []
        for name in servers:
            with attempts.attempt():
                id = _find_unless_deleted(session, name, goal)
                goals += [StatusGoal(name, id, goal)] if id else []
        wait_for_all(attempts, goals, timeout)


def _find_unless_deleted(session: Session, name: str, text: str) -> str | None:
    """The server's id; None if `--for` *text* is "deleted" and the server has been deleted already."""
    try:
        id = server_id(session, name)
        session.get(f"/servers/{id}")
    except ServerNotFound:
        if is_deletion(text) and _has_existed(session, name):
            return None
        raise
    return id


def _has_existed(session: Session, name: str) -> bool:
    with session.cloud.reading() as world:
        known = [*world.tx.query(Server, {"name": name}), world.tx.get(Server, name)]
    return any(server and server.project_id == session.caller.project_id for server in known)
