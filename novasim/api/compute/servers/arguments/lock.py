"""Arguments of lock and reset-state."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest
from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.records import Server


def read_lock(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read who locks (owner or admin) and the reason (from 2.73). A second lock by the owner changes nothing."""
    is_owner = ctx.caller.project_id == server.project_id
    if is_owner and server.locked_by:
        return ActionRequest(read_facts(ctx, server), None)
    reason = arguments.get("locked_reason") if ctx.minor >= 73 and isinstance(arguments, dict) else None
    return ActionRequest(read_facts(ctx, server), {"side": "owner" if is_owner else "admin", "reason": reason})


def read_reset_state(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read reset-state: the new vm_state."""
    return ActionRequest(read_facts(ctx, server), {"state": arguments["state"]})


HANDLERS = {
    "lock": ActionHandler(read_lock),
    "reset-state": ActionHandler(read_reset_state),
}
