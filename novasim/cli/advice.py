"""What helps against a refusal: the state it is in, the states it needs, the command that leads there."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

from novasim.api.compute.facts import facts
from novasim.api.context import Context
from novasim.api.microversions import NEWEST
from novasim.api.request import Request
from novasim.cli.ending import did_you_mean
from novasim.cli.session import Session
from novasim.errors import (
    InvalidState,
    Locked,
    NoSuchRoute,
    NotReady,
    NovaFault,
    NovasimError,
    PolicyRefusal,
    QuotaExceeded,
    ServerNotFound,
    WrongState,
)
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import needs, way
from novasim.lifecycle.preconditions import refusals
from novasim.lifecycle.status import shown_status
from novasim.records import Server

Lines = list[str]
ABOUT_THE_SERVER = (Locked, NotReady, WrongState, InvalidState)


def advice(session: Session, error: NovaFault, server: str, action: Action | None) -> Lines:
    """Lines that help against a refusal of *action* on the server that the user calls *server*."""
    for kind, advise in ADVICE.items():
        if isinstance(error, kind):
            try:
                return advise(session, error, server, action)
            except NovasimError:  # whoever advises asks the cloud, too, and may be refused as well
                return []
    return []


def _about_lock(session: Session, error: Any, server: str, action: Action | None) -> Lines:
    if _reasons(session, error, ACTIONS["unlock"], NovaFault):
        way_out = _line(session, "unlock", server, who="admin")
        return [f"An administrator has locked {server}, and only one lifts that: {way_out}"]
    return [f"{server} is locked. The one who locked it lifts that: {_line(session, 'unlock', server)}"]


def _about_state(session: Session, error: Any, server: str, action: Action | None) -> Lines:
    if action is None:
        return []
    for reason in [error, *_reasons(session, error, action, WrongState)]:
        if reason.busy:
            return [
                f"{server} is busy ({reason.facts['state']}); {action.name} needs it idle.",
                f"Try: {_line(session, 'wait', server)} --for task",
            ]
    state = str(error.facts["state"])
    wanted = ", ".join(shown_status(vm_state, None) for vm_state in needs(action))
    now = f"{server} is {shown_status(state, None)}; {action.name} needs {wanted}."
    return [now, *_way_there(session, error, server, way(state, needs(action), session.caller.is_admin))]


def _way_there(session: Session, error: Any, server: str, steps: list[Action] | None) -> Lines:
    """The commands to give, or what stands against the first of them."""
    if not steps:
        return []
    for reason in _reasons(session, error, steps[0], ABOUT_THE_SERVER):
        return advice(session, reason, server, steps[0])
    return ["Try: " + " && ".join(command(session, step, server) for step in steps)]


def _about_launch(session: Session, error: Any, server: str, action: Action | None) -> Lines:
    with session.cloud.reading() as world:
        found = world.tx.get(Server, str(error.facts["server"]))
    if found is not None and found.locked_by:
        return _about_lock(session, error, server, action)
    return [f"{server} has never run; it can only be deleted: {_line(session, 'delete', server)}"]


def _about_host(session: Session, error: Any, server: str, action: Action | None) -> Lines:
    if action is None:
        return []
    for reason in _reasons(session, error, action, (WrongState, InvalidState)):
        return advice(session, reason, server, action)
    return [f"{server} is on no host, and {action.name} needs one."]


def _about_policy(session: Session, error: Any, server: str, action: Action | None) -> Lines:
    if session.caller.is_admin:
        return []
    return [f"{session.who} may not do that; the ready-made administrator can be asked: novasim --as admin ..."]


def _about_quota(session: Session, error: Any, server: str, action: Action | None) -> Lines:
    return [f"See: {_line(session, 'quota', 'show')}"]


def _about_name(session: Session, error: Any, server: str, action: Action | None) -> Lines:
    everybodys = [("all_tenants", "1")] if session.caller.is_admin else []
    names = {each["name"] for each in session.get("/servers", everybodys)["servers"]}
    near = did_you_mean(str(error.facts["server"]), sorted(names)).strip()
    return [near] if near else [f"See: {_line(session, 'list')}"] if names else []


def _about_microversion(session: Session, error: Any, server: str, action: Action | None) -> Lines:
    pinned = session.pinned
    if action is None or pinned is None or action.exists_at(pinned):
        return []
    return [f"{action.name} exists from microversion 2.{action.since} to 2.{action.until}; 2.{pinned} was asked for."]


ADVICE: dict[type[NovaFault], Callable[[Session, Any, str, Action | None], Lines]] = {
    Locked: _about_lock,
    WrongState: _about_state,
    NotReady: _about_host,
    InvalidState: _about_launch,
    PolicyRefusal: _about_policy,
    QuotaExceeded: _about_quota,
    ServerNotFound: _about_name,
    NoSuchRoute: _about_microversion,
}


def _reasons(
    session: Session, error: NovaFault, action: Action, kinds: type[NovaFault] | tuple[type[NovaFault], ...]
) -> list[Any]:
    """What stands against an action on the server of a refusal, as far as its own state tells."""
    with session.cloud.reading() as world:
        server = world.tx.get(Server, str(error.facts["server"]))
        if server is None:
            return []
        known = facts(Context(Request(session.caller, "GET", "/", NEWEST), world), server)
        return [each for each in refusals(action, server, session.caller, known) if isinstance(each, kinds)]


def _line(session: Session, *words: str, who: str = "") -> str:
    """A command line for the same caller, or for another one."""
    who = who or session.who
    caller = [] if who == "demo" else ["--as", who]
    return " ".join(word if word.isalnum() else shlex.quote(word) for word in ["novasim", *caller, *words])


def command(session: Session, action: Action, server: str) -> str:
    """An action as the command that requests it."""
    name = "reboot" if action.name == "hard-reboot" else action.name
    more = {"hard-reboot": ["--hard"], "resize": ["--flavor", "FLAVOR"], "rebuild": ["--image", "IMAGE"]}
    return _line(session, name, server, *more.get(action.name, ()), "--wait")
