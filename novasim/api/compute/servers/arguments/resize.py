"""Arguments of resize, confirm-resize and revert-resize."""

from __future__ import annotations

from typing import Any

from novasim.api.compute import references
from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest, requester
from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.errors import QuotaExceeded
from novasim.records import Server
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
        quota_refusal=_find_quota_excess(ctx, server, flavor.vcpus, flavor.ram) if flavor else None,
        source_host=references.find_host(ctx, server.host),
        disk_config=disk_config,
    )
    flavor_snapshot = references.flavor_snapshot(flavor) if flavor else {}
    return ActionRequest(facts, {"flavor": flavor_snapshot, "disk_config": disk_config, **requester(ctx)})


def _find_quota_excess(ctx: Context, server: Server, vcpus: int, ram: int) -> QuotaExceeded | None:
    """Why the quota does not allow the server that many processors and MiB of RAM; None if it does."""
    more = {"cores": vcpus - server.flavor["vcpus"], "ram": ram - server.flavor["ram"]}
    return quotas.find_quota_excess(ctx.world, server.project_id, server.user_id, more)


def read_confirm(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read confirm-resize: the resize or migration that is finished, and its source."""
    request = _read_finished(ctx, server)
    migration = request.facts.migration
    source = references.find_host(ctx, migration.source_host) if migration else None
    return request._replace(facts=request.facts._replace(source_host=source))


def _read_finished(ctx: Context, server: Server) -> ActionRequest:
    migration = find_latest_migration(ctx.world, server, "finished")
    return ActionRequest(read_facts(ctx, server, needs_migration=True, migration=migration), {})


def read_revert(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read revert-resize: the resize or migration, and the quota for an old flavor that is larger."""
    request = _read_finished(ctx, server)
    migration = request.facts.migration
    if migration is None or not migration.old_flavor:
        return request
    excess = _find_quota_excess(ctx, server, migration.old_flavor["vcpus"], migration.old_flavor["ram"])
    return request._replace(facts=request.facts._replace(quota_refusal=excess))


HANDLERS = {
    "resize": ActionHandler(read_resize),
    "confirm-resize": ActionHandler(read_confirm),
    "revert-resize": ActionHandler(read_revert),
}
