"""What the judge is told about a request."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.lifecycle.check import Facts
from novasim.records import Server
from novasim.simulation import volumes


def facts(ctx: Context, server: Server, **more: Any) -> Facts:
    """Facts of this request, with the rights of its caller on the server."""
    target = {"project_id": server.project_id, "user_id": server.user_id}
    return Facts(
        ctx.minor,
        lambda rule: ctx.allowed(rule, target),
        volume_backed=volumes.is_volume_backed(server),
        **more,
    )
