"""/os-migrations: the moves of all servers that the caller may know of."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.paging import limit_asked, marker_asked
from novasim.api.compute.servers.migrations import common_view
from novasim.api.context import Context
from novasim.api.schemas import drop_unknown_parameters
from novasim.api.schemas.formats import parse_time
from novasim.api.views.links import links
from novasim.errors import BadRequest
from novasim.records import Flavor, Migration, Server
from novasim.simulation.time.clock import format_time

RULE = "os_compute_api:os-migrations:"
EQUAL = {
    "status": "status",
    "migration_type": "migration_type",
    "instance_uuid": "server_id",
    "user_id": "user_id",
    "source_compute": "source_host",
}


def index(ctx: Context) -> dict[str, Any]:
    """Newest first; paged and filtered by time from 2.59 (changes-before from 2.66, user and project from 2.80)."""
    ctx.can(RULE + "index")
    pairs = drop_unknown_parameters("migrations.list", ctx.minor, ctx.request.query)
    found = _chosen(ctx, dict(pairs))
    found.sort(key=lambda migration: migration.number)
    found.reverse()
    answer: dict[str, Any] = {}
    if ctx.minor >= 59:
        found = _after(found, marker_asked(pairs))
        limit = limit_asked(ctx, pairs)
        if len(found) >= limit > 0:
            href = f"{ctx.request.endpoint}/v2.1/os-migrations?limit={limit}&marker={found[limit - 1].id}"
            answer["migrations_links"] = [{"rel": "next", "href": href}]
        found = found[:limit]
    return {"migrations": [_view(ctx, migration) for migration in found]} | answer


def _chosen(ctx: Context, asked: dict[str, str]) -> list[Migration]:
    everything = ctx.is_allowed(RULE + "index:all_projects", {})
    own = (
        {server.id for server in ctx.world.tx.query(Server, {"project_id": ctx.caller.project_id})}
        if not everything
        else ()
    )
    found = [m for m in ctx.world.tx.query(Migration) if everything or m.server_id in own]
    for name, field in EQUAL.items():
        if name in asked:
            found = [m for m in found if getattr(m, field) == asked[name]]
    if "host" in asked:
        found = [m for m in found if asked["host"] in (m.source_host, m.dest_host)]
    if "project_id" in asked:
        found = [m for m in found if m.project_id == asked["project_id"]]
    if "changes-since" in asked:
        found = [m for m in found if m.updated_at >= format_time(parse_time(asked["changes-since"]))]
    if "changes-before" in asked:
        found = [m for m in found if m.updated_at <= format_time(parse_time(asked["changes-before"]))]
    return found


def _after(found: list[Migration], marker: str | None) -> list[Migration]:
    if marker is None:
        return found
    ids = [migration.id for migration in found]
    if marker not in ids:
        raise BadRequest(reason=f"Marker {marker} could not be found.")
    return found[ids.index(marker) + 1 :]


def _view(ctx: Context, migration: Migration) -> dict[str, Any]:
    view = common_view(ctx, migration) | {
        "instance_uuid": migration.server_id,
        "old_instance_type_id": _number(ctx, migration.old_flavor),
        "new_instance_type_id": _number(ctx, migration.new_flavor),
    }
    if ctx.minor >= 23:
        view["migration_type"] = migration.migration_type
        if migration.migration_type == "live-migration":
            view["links"] = links(ctx, f"servers/{migration.server_id}/migrations", str(migration.number))
    return view


def _number(ctx: Context, kept: dict[str, Any]) -> int | None:
    flavor = ctx.world.tx.get(Flavor, kept.get("id", ""))
    return flavor.number if flavor else None
