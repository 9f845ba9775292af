"""The arguments of each action's request: one module per subject, named like those of `simulation/effects/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.lifecycle.check import Facts
from novasim.records import Server


class ActionRequest(NamedTuple):
    """
    A request for an action that has been read and not yet checked.

    Args:
        facts: What the checks of the action's row need.
        args: What the action's effect needs; None if the request is accepted and changes nothing.
        secret: A password for the response. It is not stored.
    """

    facts: Facts
    args: dict[str, Any] | None
    secret: str = ""


class ActionHandler(NamedTuple):
    """
    The functions of an action with arguments. They change nothing; the action's effect does.

    Args:
        read: Reads the request's arguments. An action without it has no arguments that matter.
        check_first: Refuses arguments before the server is looked up.
        check: Refuses arguments after the checks of the row.
        respond: Creates the response. Without it the response has the row's code and no body.
    """

    read: Callable[[Context, Server, Any], ActionRequest] | None = None
    check_first: Callable[[Context, Any], None] | None = None
    check: Callable[[Context, ActionRequest], None] | None = None
    respond: Callable[[Context, Server, ActionRequest], Response] | None = None

    def read_request(self, ctx: Context, server: Server, arguments: Any) -> ActionRequest:
        """The request with the facts that its checks need."""
        return self.read(ctx, server, arguments) if self.read else ActionRequest(read_facts(ctx, server), {})


_SUBJECTS = {
    "lock": ("lock", "reset-state"),
    "resize": ("resize", "confirm-resize", "revert-resize"),
    "rebuild": ("rebuild",),
    "rescue": ("rescue",),
    "password": ("change-password",),
    "shelve": ("shelve", "unshelve"),
    "delete": ("force-delete", "restore"),
    "image": ("create-image", "create-backup"),
    "move": ("migrate", "live-migrate", "evacuate"),
    "consoles": ("console-log", "console-url-vnc", "console-url-spice", "console-url-rdp", "console-url-serial"),
    "addresses": (
        *("add-floating-ip", "remove-floating-ip", "add-fixed-ip", "remove-fixed-ip"),
        *("add-security-group", "remove-security-group"),
    ),
}
_SUBJECT_OF = {action: subject for subject, actions in _SUBJECTS.items() for action in actions}


@cache
def get_handler(action_name: str) -> ActionHandler:
    """The handler of an action; empty for actions without arguments."""
    subject = _SUBJECT_OF.get(action_name)
    if subject is None:
        return ActionHandler()
    handler: ActionHandler = import_module(f"novasim.api.compute.servers.arguments.{subject}").HANDLERS[action_name]
    return handler


def requester(ctx: Context) -> dict[str, str]:
    """The user and project that the record of a migration names."""
    return {"user_id": ctx.caller.user_id, "project_id": ctx.caller.project_id}


def image_requester(ctx: Context) -> dict[str, Any]:
    """The argument of effects that create or delete images for the caller."""
    return {"requester": requester(ctx) | {"is_admin": ctx.caller.is_admin}}
