"""Arguments of migrate, live-migrate and evacuate, and the response to evacuate."""

from __future__ import annotations

from typing import Any

from novasim.api.compute import references
from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest, requester
from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, NovaFault
from novasim.records import Server
from novasim.simulation.effects.move import find_target
from novasim.simulation.failures import TaskFailed
from novasim.strutils import bool_from_string

PASSWORD_LENGTH = 12  # of a server that is evacuated


def read_migrate(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read migrate: the target host, which requests may name from 2.56."""
    name = (arguments or {}).get("host") if ctx.minor >= 56 else None
    source, target = references.find_host(ctx, server.host), references.find_host(ctx, name)
    facts = read_facts(ctx, server, host_name=name, host=target, source_host=source)
    return ActionRequest(facts, {"flavor": dict(server.flavor), "host": name, **requester(ctx)})


def read_live_migrate(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """
    The target host, and whether it is forced: on request from 2.30 to 2.67, always before 2.30.

    Raises:
        BadRequest: forced without a host (400).
    """
    name = arguments["host"]
    forced = _is_forced(arguments) or (name is not None and ctx.minor < 30)
    block = _read_block_migration(arguments)
    args = {"host": name, "forced": forced, "block_migration": block, "waits": ctx.minor < 34, **requester(ctx)}
    host = references.find_host(ctx, name)
    refusal = _find_target_refusal(ctx, server, args) if ctx.minor < 34 and (host or not name) else None
    facts = read_facts(ctx, server, host_name=name, host=host, target_refusal=refusal)
    return ActionRequest(facts, args)


def _read_block_migration(arguments: dict[str, Any]) -> bool | None:
    """Whether to copy the disks; None for "auto"."""
    value = arguments["block_migration"]
    return None if value == "auto" else bool_from_string(value)


def _is_forced(arguments: dict[str, Any]) -> bool:
    forced = bool_from_string(arguments.get("force"))
    if forced and arguments.get("host") is None:
        raise BadRequest(reason="Can't force to a non-provided destination")
    return forced


def _find_target_refusal(ctx: Context, server: Server, args: dict[str, Any]) -> NovaFault | None:
    """Why a request that waits for the checks (before 2.34) is refused."""
    if server.host is None:
        return None
    try:
        find_target(ctx.world, server, args)
    except TaskFailed as failure:
        return BadRequest(reason=failure.message)
    return None


def read_evacuate(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """
    The target host, whether it is forced (as for live-migrate, from 2.29), and whether the server ends stopped (2.95).

    Raises:
        BadRequest: forced without a host (400).
    """
    name = arguments.get("host")
    forced = _is_forced(arguments) or (name is not None and ctx.minor < 29)
    source, target = references.find_host(ctx, server.host), references.find_host(ctx, name)
    facts = read_facts(ctx, server, host_name=name, host=target, source_host=source, has_arguments=True)
    password = arguments.get("adminPass") or ctx.world.ids.password(PASSWORD_LENGTH)
    args = {"host": name, "forced": forced, "stopped": ctx.minor >= 95, **requester(ctx)}
    return ActionRequest(facts, args, password)


def respond_evacuate(ctx: Context, server: Server, request: ActionRequest) -> Response:
    """Respond with the new password (before 2.14)."""
    return Response(200, {"adminPass": request.secret} if ctx.minor < 14 else None)


HANDLERS = {
    "migrate": ActionHandler(read_migrate),
    "live-migrate": ActionHandler(read_live_migrate),
    "evacuate": ActionHandler(read_evacuate, respond=respond_evacuate),
}
