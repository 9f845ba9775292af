"""Arguments of resize, confirm-resize and revert-resize."""

from __future__ import annotations

from typing import Any

from novasim.api.compute import references
from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest, requester
from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.errors import QuotaExceeded
from novasim.records import Flavor, Server
from novasim.simulation import quotas
from novasim.simulation.migrations import find_latest_migration


def read_resize(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read resize: the new flavor, the quota for the additional resources, and OS-DCF:diskConfig."""
    ref = arguments["flavorRef"]
    flavor = references.find_flavor(ctx, ref)
    disk_config = arguments.get("OS-DCF:diskConfig")
    facts = read_facts(
        ctx,
        server,
        flavor_ref=ref,
        flavor=flavor,
        quota_refusal=_find_quota_excess(ctx, server, flavor) if flavor else None,
        source_host=references.find_host(ctx, server.host),
        disk_config=disk_config,
    )
    flavor_snapshot = references.flavor_snapshot(flavor) if flavor else {}
    return ActionRequest(facts, {"flavor": flavor_snapshot, "disk_config": disk_config, **requester(ctx)})


def _find_quota_excess(ctx: Context, server: Server, flavor: Flavor) -> QuotaExceeded | None:
    more = {"cores": flavor.vcpus - server.flavor["vcpus"], "ram": flavor.ram - server.flavor["ram"]}
    return quotas.find_quota_excess(ctx.world, server.project_id, server.user_id, more)


def read_finished_migration(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read confirm-resize or revert-resize: the resize or migration that is finished."""
    migration = find_latest_migration(ctx.world, server, "finished")
    return ActionRequest(read_facts(ctx, server, needs_migration=True, migration=migration), {})


HANDLERS = {
    "resize": ActionHandler(read_resize),
    "confirm-resize": ActionHandler(read_finished_migration),
    "revert-resize": ActionHandler(read_finished_migration),
}
