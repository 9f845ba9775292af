"""POST /servers/{id}/action: one request, one row of the action table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from novasim.api import schemas
from novasim.api.compute.servers import action_arguments as arguments
from novasim.api.compute.servers.facts import facts as facts_of
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Gone, NoSuchRoute
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import BY_API, find_action
from novasim.lifecycle.preconditions import require
from novasim.records import Server
from novasim.simulation.time.tasks import start_task

Reader = Callable[[Context, Server, Any], arguments.Read]
Answer = Callable[[Context, Server, dict[str, Any]], Response]


class Handling(NamedTuple):
    """
    What an action needs beyond its row.

    Args:
        read: Turns the request's arguments into facts for the judge and arguments for the effect.
        answer: Makes the response; by default it has no body.
    """

    read: Reader | None = None
    answer: Answer | None = None


HANDLINGS: dict[str, Handling] = {
    "lock": Handling(arguments.lock),
    "resize": Handling(arguments.resize),
    "confirm-resize": Handling(arguments.waiting_move),
    "revert-resize": Handling(arguments.waiting_move),
    "rebuild": Handling(arguments.rebuild, arguments.answer_rebuild),
    "rescue": Handling(arguments.rescue, arguments.answer_rescue),
    "unshelve": Handling(arguments.unshelve),
    "create-image": Handling(arguments.create_image, arguments.answer_image),
    "create-backup": Handling(arguments.create_backup, arguments.answer_image),
    "migrate": Handling(arguments.migrate),
    "live-migrate": Handling(arguments.live_migrate),
    "evacuate": Handling(arguments.evacuate, arguments.answer_evacuate),
    "reset-state": Handling(arguments.reset_state),
    "restore": Handling(arguments.restore),
    "console-log": Handling(None, arguments.answer_console_log),
    **{
        f"console-url-{kind}": Handling(arguments.console, arguments.answer_console)
        for kind in ("vnc", "spice", "rdp", "serial")
    },
    "add-floating-ip": Handling(arguments.add_floating_ip),
    "remove-floating-ip": Handling(arguments.remove_floating_ip),
    "add-fixed-ip": Handling(arguments.add_fixed_ip),
    "remove-fixed-ip": Handling(arguments.remove_fixed_ip),
    "add-security-group": Handling(arguments.add_security_group),
    "remove-security-group": Handling(arguments.remove_security_group),
}


def act(ctx: Context, server_id: str) -> Response:
    """
    Judge and begin the action named in the body.

    Raises:
        BadRequest (400): not exactly one action, or its arguments are wrong.
        NoSuchRoute (404): the action does not exist at this microversion.
        NovaFault: whatever the row's preconditions refuse.
    """
    key, given = _only_item(ctx.body)
    action = _row(ctx, key, given)
    schemas.check_body(f"action.{key}", ctx.minor, ctx.body)
    if action.code == Gone.http:
        raise Gone()
    handling = HANDLINGS.get(action.name, Handling())
    if handling.read in arguments.BEFORE_THE_SERVER:
        arguments.BEFORE_THE_SERVER[handling.read](ctx, given)
    server = get_server(ctx, server_id)
    ctx.can(action.rule_for(given, ctx.minor), target_of(server))
    return perform(ctx, action, server, given, handling)


def perform(ctx: Context, action: Action, server: Server, given: Any, handling: Handling) -> Response:
    """Read the arguments, ask the judge, begin, answer."""
    facts, args = handling.read(ctx, server, given) if handling.read else (facts_of(ctx, server), {})
    require(action, server, ctx.caller, facts)
    if not arguments.is_idle(args):
        start_task(ctx.world, action, server, ctx.caller, args)
    return handling.answer(ctx, server, args) if handling.answer else Response(action.code)


def _only_item(body: Any) -> tuple[str, Any]:
    if not isinstance(body, dict) or len(body) != 1:
        raise BadRequest(reason="Malformed request body")
    return next(iter(body.items()))


def _row(ctx: Context, key: str, given: Any) -> Action:
    if key not in BY_API:
        raise BadRequest(reason=f"There is no such action: {key}")
    if not BY_API[key][0].exists_at(ctx.minor):
        raise NoSuchRoute()
    return find_action(key, given)
