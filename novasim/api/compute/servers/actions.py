"""POST /servers/{server_id}/action: one request, one row of the action table."""

from __future__ import annotations

from typing import Any

from novasim.api import schemas
from novasim.api.compute.servers.arguments import get_handler
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Gone, NoSuchRoute
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import BY_API, find_action
from novasim.lifecycle.preconditions import raise_first_refusal
from novasim.simulation.time.tasks import start_task


def act(ctx: Context, server_id: str) -> Response:
    """
    POST /servers/{server_id}/action: check and begin the action named in the body.

    Raises:
        BadRequest: not exactly one action, an unknown one, or wrong arguments (400).
        NoSuchRoute: the action does not exist at this microversion (404).
        NovaFault: any refusal of the row's checks, or of an injected fault.
    """
    key, arguments = _only_item(ctx.body)
    action = _find_action(ctx, key, arguments)
    schemas.check_body(f"action.{key}", ctx.minor, ctx.body)
    if action.success_code == Gone.http:
        raise Gone()
    handler = get_handler(action.name)
    if handler.check_first:
        handler.check_first(ctx, arguments)
    server = get_server(ctx, server_id)
    ctx.can(action.rule_for(arguments, ctx.minor), target_of(server))
    request = handler.read_request(ctx, server, arguments)
    raise_first_refusal(action, server, ctx.caller, request.facts)
    if handler.check:
        handler.check(ctx, request)
    start_task(ctx.world, action, server, ctx.caller, request.args)
    return handler.respond(ctx, server, request) if handler.respond else Response(action.success_code)


def _only_item(body: Any) -> tuple[str, Any]:
    if not isinstance(body, dict) or len(body) != 1:
        raise BadRequest(reason="Malformed request body")
    return next(iter(body.items()))


def _find_action(ctx: Context, key: str, arguments: Any) -> Action:
    if key not in BY_API:
        raise BadRequest(reason=f"There is no such action: {key}")
    if not BY_API[key][0].exists_at(ctx.minor):
        raise NoSuchRoute()
    return find_action(key, arguments)
