"""How a refusal is told: one line, then the state it is in, the states it needs, and the command that leads there."""

from __future__ import annotations

import json

import click

from novasim.api.door import refusal_body
from novasim.cli.session import Session
from novasim.errors import InvalidState, Locked, NotReady, NovaFault, NovasimError, WrongState
from novasim.lifecycle.action import Action
from novasim.lifecycle.plan import needs, way
from novasim.lifecycle.status import shown_status


def tell(session: Session | None, error: NovasimError, server: str = "", action: Action | None = None) -> None:
    """Print an error on stderr: Nova's body with `-f json`, else a line and what would help."""
    if session is not None and session.fmt == "json" and isinstance(error, NovaFault):
        click.echo(json.dumps(refusal_body(error)), err=True)
        return
    click.echo("novasim: " + " ".join(str(error).split()), err=True)
    if session is not None and action is not None:
        for line in advice(session, error, server, action):
            click.echo("  " + line, err=True)


def advice(session: Session, error: NovasimError, server: str, action: Action) -> list[str]:
    """What would help against a refusal of *action* on the server called *server*."""
    if isinstance(error, Locked):
        return [f"{server} is locked. The one who locked it lifts that: novasim unlock {server}"]
    if isinstance(error, WrongState):
        return _about_state(session, error, server, action)
    if isinstance(error, NotReady):
        return [f"{server} is on no host; {action.name} needs one. See: novasim show {server}"]
    if isinstance(error, InvalidState):
        return [f"{server} is locked or has never run. See: novasim history {server}"]
    return []


def _about_state(session: Session, error: WrongState, server: str, action: Action) -> list[str]:
    state = str(error.facts["state"])
    if error.busy:
        return [f"{server} is busy ({state}); {action.name} needs it idle. Try: novasim wait {server} --for task"]
    wanted = ", ".join(shown_status(vm_state, None) for vm_state in needs(action))
    lines = [f"{server} is {shown_status(state, None)}; {action.name} needs {wanted}."]
    path = way(state, needs(action), session.caller.is_admin)
    if path:
        lines.append("Try: " + " && ".join(command(step, server) for step in path))
    return lines


def command(action: Action, server: str) -> str:
    """An action as the command that requests it."""
    verb = "reboot --hard" if action.name == "hard-reboot" else action.name
    more = {"resize": " --flavor FLAVOR", "rebuild": " --image IMAGE"}.get(action.name, "")
    return f"novasim {verb} {server}{more} --wait"
