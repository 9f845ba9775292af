"""/os-migrations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from novasim.api.compute.paging import read_limit, read_marker, skip_to_marker
from novasim.api.compute.servers.migrations import common_view
from novasim.api.context import Context
from novasim.api.schemas import drop_unknown_parameters
from novasim.api.schemas.formats import parse_time
from novasim.api.views.links import links
from novasim.records import Flavor, Migration, Server
from novasim.simulation.time.clock import format_time

RULE = "os_compute_api:os-migrations:"
EXACT_FILTERS = {  # by query key: the field of the record
    "status": "status",
    "migration_type": "migration_type",
    "instance_uuid": "server_id",
    "user_id": "user_id",
    "source_compute": "source_host",
}


def index(ctx: Context) -> dict[str, Any]:
    """
    GET /os-migrations: migrations of the servers that the caller may see, newest first. 400, 403.

    Paged and filtered by time from 2.59, by changes-before from 2.66, by user and project from 2.80.
    """
    ctx.can(RULE + "index")
    pairs = drop_unknown_parameters("migrations.list", ctx.minor, ctx.request.query)
    migrations: Sequence[Migration] = _filter(ctx, dict(pairs))
    body: dict[str, Any] = {}
    if ctx.minor >= 59:
        migrations = skip_to_marker(migrations, read_marker(pairs), message="Marker {} could not be found.")
        limit = read_limit(ctx, pairs)
        if len(migrations) >= limit > 0:
            href = f"{ctx.request.endpoint}/v2.1/os-migrations?limit={limit}&marker={migrations[limit - 1].id}"
            body["migrations_links"] = [{"rel": "next", "href": href}]
        migrations = migrations[:limit]
    return {"migrations": [_view(ctx, migration) for migration in migrations]} | body


def _filter(ctx: Context, query: dict[str, str]) -> list[Migration]:
    """The migrations that match the query, newest first."""
    migrations = [migration for migration in _list_visible(ctx) if _matches(migration, query)]
    return sorted(migrations, key=lambda migration: migration.number, reverse=True)


def _list_visible(ctx: Context) -> list[Migration]:
    migrations = ctx.world.tx.query(Migration)
    if ctx.is_allowed(RULE + "index:all_projects", {}):
        return migrations
    own = {server.id for server in ctx.world.tx.query(Server, {"project_id": ctx.caller.project_id})}
    return [migration for migration in migrations if migration.server_id in own]


def _matches(migration: Migration, query: dict[str, str]) -> bool:
    since, before = query.get("changes-since"), query.get("changes-before")
    return (
        all(getattr(migration, field) == query[name] for name, field in EXACT_FILTERS.items() if name in query)
        and query.get("host", migration.source_host) in (migration.source_host, migration.dest_host)
        and query.get("project_id", migration.project_id) == migration.project_id
        and (since is None or migration.updated_at >= format_time(parse_time(since)))
        and (before is None or migration.updated_at <= format_time(parse_time(before)))
    )


def _view(ctx: Context, migration: Migration) -> dict[str, Any]:
    view = common_view(ctx, migration) | {
        "instance_uuid": migration.server_id,
        "old_instance_type_id": _find_flavor_number(ctx, migration.old_flavor),
        "new_instance_type_id": _find_flavor_number(ctx, migration.new_flavor),
    }
    if ctx.minor >= 23:
        view["migration_type"] = migration.migration_type
        if migration.migration_type == "live-migration":
            view["links"] = links(ctx, f"servers/{migration.server_id}/migrations", str(migration.number))
    return view


def _find_flavor_number(ctx: Context, snapshot: dict[str, Any]) -> int | None:
    flavor = ctx.world.tx.get(Flavor, snapshot.get("id", ""))
    return flavor.number if flavor else None
