"""The command wait."""

from __future__ import annotations

from functools import partial

import click

from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import server_id
from novasim.cli.options import Seconds, output_options, pass_session, servers_argument
from novasim.cli.servers.waiting import await_goal, goal, is_removal
from novasim.cli.session import Session
from novasim.errors import ServerNotFound
from novasim.records import Server


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
