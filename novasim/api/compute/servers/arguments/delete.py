"""Arguments of force-delete and restore."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest, image_requester
from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.records import Server
from novasim.simulation import quotas


def read_force_delete(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read force-delete: the caller, in whose name the image of a shelved server is deleted."""
    return ActionRequest(read_facts(ctx, server), image_requester(ctx))


def read_restore(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read restore: the quota for the server, because a soft-deleted server does not use any."""
    needed = {"instances": 1, "cores": server.flavor["vcpus"], "ram": server.flavor["ram"]}
    quota_refusal = quotas.find_quota_excess(ctx.world, server.project_id, server.user_id, needed)
    return ActionRequest(read_facts(ctx, server, quota_refusal=quota_refusal), {})


HANDLERS = {"force-delete": ActionHandler(read_force_delete), "restore": ActionHandler(read_restore)}
