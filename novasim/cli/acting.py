"""Sending an action to one or several servers: all are tried, each failure is told, the first one is the exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from novasim.api import microversions
from novasim.api.request import Response
from novasim.cli.lookup import server_id
from novasim.cli.refusals import tell
from novasim.cli.session import Session
from novasim.cli.waiting import after_action
from novasim.errors import NovasimError
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS

Send = Callable[[str], Any]


def newest(action: Action) -> int:
    """The newest microversion that has an action."""
    return min(action.until, microversions.NEWEST)


def act(session: Session, name: str, server: str, arguments: Any = None) -> Response:
    """Send one action to the server with the id *server*."""
    action = ACTIONS[name]
    return session.ask("POST", f"/servers/{server}/action", {action.api: arguments}, minor=newest(action))


def on_each(
    session: Session, servers: Sequence[str], name: str, send: Send, wait: bool = False, timeout: float = 600.0
) -> None:
    """
    Do *send* for each server named, given its id; then, with *wait*, wait for all that were accepted.

    Raises:
        click.exceptions.Exit: with the code of the first failure, when all have been tried.
    """
    failures: list[int] = []
    accepted: list[tuple[str, str]] = []
    for server in servers:
        try:
            id = server_id(session, server)
            send(id)
            accepted.append((server, id))
        except NovasimError as error:
            tell(session, error, server, ACTIONS.get(name))
            failures.append(error.exit_code)
    for server, id in accepted if wait else ():
        try:
            after_action(session, id, server, name, timeout)
        except NovasimError as error:
            tell(session, error)
            failures.append(error.exit_code)
    if failures:
        click.get_current_context().exit(failures[0])


def act_on_each(
    session: Session, servers: Sequence[str], name: str, arguments: Any, wait: bool, timeout: float
) -> None:
    """Send the same action to each server."""
    on_each(session, servers, name, lambda id: act(session, name, id, arguments), wait, timeout)
