"""Facts common to the checks of all actions."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.lifecycle.check import Facts
from novasim.records import Server
from novasim.simulation import volumes


def read_facts(ctx: Context, server: Server, **more: Any) -> Facts:
    """Facts about the request, its caller's rights on the server, and *more* that the action's own checks need."""
    target = {"project_id": server.project_id, "user_id": server.user_id}
    return Facts(
        ctx.minor,
        lambda rule: ctx.is_allowed(rule, target),
        volume_backed=volumes.is_volume_backed(server),
        **more,
    )
