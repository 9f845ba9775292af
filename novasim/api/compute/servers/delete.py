"""DELETE /servers/{server_id}."""

from __future__ import annotations

from novasim.api.compute.servers.arguments import image_requester
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import raise_first_refusal
from novasim.simulation.time.tasks import start_task


def delete(ctx: Context, server_id: str) -> Response:
    """DELETE /servers/{server_id}: delete a server, or soft-delete it (reclaim_instance_interval). 403, 404, 409."""
    action = ACTIONS["delete"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    raise_first_refusal(action, server, ctx.caller, read_facts(ctx, server))
    start_task(ctx.world, action, server, ctx.caller, image_requester(ctx))
    return Response(action.success_code)
