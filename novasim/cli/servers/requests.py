"""Sending an action to one or several servers, and waiting for what was accepted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from novasim.api import microversions
from novasim.api.request import Response
from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import server_id
from novasim.cli.session import Session
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS

Send = Callable[[str], Response]
Answer = tuple[str, str, Response]
Then = Callable[[list[Answer]], None]


def newest(action: Action) -> int:
    """The newest microversion that has an action."""
    return min(action.until, microversions.NEWEST)


def act(session: Session, name: str, server: str, arguments: Any = None, until: int | None = None) -> Response:
    """
    Send one action to the server with the id *server*.

    Args:
        until: The last microversion that has all of the arguments, if the action outlived one of them.
    """
    action = ACTIONS[name]
    minor = newest(action) if until is None else until
    return session.request("POST", f"/servers/{server}/action", {action.api: arguments}, minor=minor)


def on_each(
    session: Session,
    servers: Sequence[str],
    name: str,
    send: Send,
    wait: bool = False,
    timeout: float = 600.0,
    then: Then | None = None,
) -> None:
    """
    Do *send* for each server named, given its id; then, with *wait*, wait for all that were accepted.

    Args:
        then: Shows what was accepted, when all is over: what the user calls the server, its id, the answer.

    Raises:
        click.exceptions.Exit: with the code of the first failure, when all have been tried.
    """
    attempts, answers = Attempts(session), []
    for server in servers:
        done, answer = attempts.of(partial(_send, session, server, send), server, ACTIONS.get(name))
        answers += [answer] if done else []
    finish(session, attempts, answers, name, timeout if wait else None, then)


def _send(session: Session, server: str, send: Send) -> Answer:
    id = server_id(session, server)
    return server, id, send(id)


def finish(
    session: Session, attempts: Attempts, answers: list[Answer], name: str, timeout: float | None, then: Then | None
) -> None:
    """
    What follows when everything was sent: wait for at most *timeout* seconds, show, and end with the right code.

    A password is told only once, so it is shown even if somebody does not want to wait any longer.
    """
    try:
        if timeout is not None and answers:
            from novasim.cli.servers.waiting import await_actions

            await_actions(session, attempts, answers, name, timeout)
    finally:
        if then and answers:
            then(answers)
    attempts.finish()


def act_on_each(
    session: Session, servers: Sequence[str], name: str, arguments: Any, wait: bool, timeout: float
) -> None:
    """Send the same action to each server."""
    on_each(session, servers, name, lambda id: act(session, name, id, arguments), wait, timeout)
