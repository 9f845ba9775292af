"""Waiting for a server: through the door, in the cloud's own time, with a progress bar where somebody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from novasim.cli.session import Session
from novasim.errors import NotFound, StillWaiting, UsageError, WentToError
from novasim.lifecycle.status import STATUSES, has_failed, is_removed
from novasim.simulation import clock

Server = dict[str, Any]
Done = Callable[[Server | None], bool]
PAUSE = 0.1


GOALS: dict[str, Done] = {
    "deleted": lambda server: server is None,
    "task": lambda server: server is None or not server["OS-EXT-STS:task_state"],
}


def goal(text: str) -> Done:
    """
    What `--for` names: a status, "task" (no task left) or "deleted".

    Raises:
        UsageError: no such status; the message names the nearest.
    """
    if text.lower() in GOALS:
        return GOALS[text.lower()]
    if text.upper() not in STATUSES:
        import difflib

        near = difflib.get_close_matches(text.upper(), STATUSES, 1)
        raise UsageError(f"There is no status {text!r}" + (f"; did you mean {near[0]}?" if near else "."))
    return lambda server: server is not None and server["status"] == text.upper()


def wait_for(session: Session, server_id: str, name: str, done: Done, timeout: float, expects_error: bool) -> None:
    """
    Wait until *done* holds for a server.

    Args:
        timeout: Seconds of the cloud's time. expects_error: whether ERROR is what is waited for.

    Raises:
        StillWaiting: the time is over, or (manual clock) it stands still. WentToError: the server failed.
    """
    begun = moment(session)
    with _Bar(name) as show:
        while not done(server := _look(session, server_id)):
            if server is None:
                raise NotFound(reason=f"Instance {server_id} could not be found.")
            if not expects_error and has_failed(server["status"], server["OS-EXT-STS:task_state"]):
                reason = (server.get("fault") or {}).get("message", "no reason given")
                raise WentToError(f"{name} went to ERROR: {reason}")
            _let_time_pass(session, name, begun, timeout)
            show(server)


def _let_time_pass(session: Session, name: str, begun: float, timeout: float) -> None:
    with session.cloud.reading() as world:
        mode = clock.mode_of(world.settings)
        if mode != "real":
            hint = "novasim clock advance 30s moves it" if mode == "manual" else "nothing is under way any more"
            raise StillWaiting(f"{name} is not there yet, and the clock is {mode}: {hint}.")
        if world.now - begun >= timeout:
            raise StillWaiting(f"{name} is not there after {timeout:g} s.")
    clock.sleep(PAUSE)


def moment(session: Session) -> float:
    """The cloud's time now, in seconds since the epoch."""
    with session.cloud.reading() as world:
        return world.now


def _look(session: Session, server_id: str) -> Server | None:
    try:
        server: Server = session.get(f"/servers/{server_id}")["server"]
    except NotFound:
        return None
    return server


class _Bar:
    """A spinner on stderr with status and task of the server; nothing where nobody looks."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.status: Any = None

    def __enter__(self) -> Callable[[Server], None]:
        if not sys.stderr.isatty():
            return lambda server: None
        from rich.console import Console

        self.status = Console(stderr=True).status(self.name)
        self.status.start()
        return lambda server: self.status.update(_line(self.name, server))

    def __exit__(self, *_: object) -> None:
        if self.status is not None:
            self.status.stop()


def _line(name: str, server: Server) -> str:
    task = server["OS-EXT-STS:task_state"]
    return f"{name}: {server['status']}" + (f" ({task})" if task else "")


def after_action(session: Session, server_id: str, name: str, action: str, timeout: float) -> None:
    """Wait until an action that was just accepted has come to its end."""
    if action in ("delete", "force-delete"):
        wait_for(session, server_id, name, _gone_or_soft, timeout, expects_error=True)
        return
    wait_for(session, server_id, name, _settled(session, server_id), timeout, expects_error=action == "reset-state")
    server = _look(session, server_id)
    if server is not None and action != "reset-state" and has_failed(server["status"]):
        raise WentToError(f"{name} went to ERROR: {(server.get('fault') or {}).get('message', 'no reason given')}")
    _say_if_failed(session, server_id, name, action)


def _gone_or_soft(server: Server | None) -> bool:
    return is_removed(server["status"] if server else None)


def _settled(session: Session, server_id: str) -> Done:
    """No task is left, whether it showed a task_state or ran in the background."""
    from novasim.records import Task

    def done(server: Server | None) -> bool:
        if server is None:
            return True
        with session.cloud.reading() as world:
            return world.tx.get(Task, server_id) is None

    return done


def _say_if_failed(session: Session, server_id: str, name: str, action: str) -> None:
    """A server that is back where it was although its action failed (no valid host): say so."""
    actions = session.get(f"/servers/{server_id}/os-instance-actions")["instanceActions"]
    if actions and actions[0]["message"] == "Error":
        click.echo(f"novasim: {action} of {name} failed; see: novasim history {name}", err=True)
        raise WentToError(f"{name} was left as it was.")
