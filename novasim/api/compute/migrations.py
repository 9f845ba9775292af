"""/os-migrations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from novasim.api.compute.page_links import read_limit, read_marker, skip_to_marker
from novasim.api.compute.servers.migrations import common_view
from novasim.api.context import Context
from novasim.api.schemas import drop_unknown_parameters
from novasim.api.schemas.formats import parse_time
from novasim.api.views.links import links
from novasim.errors import BadRequest
from novasim.records import Flavor, Migration
from novasim.simulation.hosts.cells import is_cell_down
from novasim.simulation.migrations import EVACUATION, LIVE_MIGRATION, UNDER_WAY
from novasim.simulation.time.clock import format_time
from novasim.strutils import bool_from_string

RULE = "os_compute_api:os-migrations:"
UNKNOWN_MARKER = "Marker {} could not be found."
EXACT_FILTERS = {  # by query key: the field of the record
    "status": "status",
    "migration_type": "migration_type",
    "instance_uuid": "server_id",
    "user_id": "user_id",
    "project_id": "project_id",
    "uuid": "id",
}
HOST_FILTERS = {  # by query key: fields of the record, one of which has the value
    "host": ("source_host", "dest_host"),
    "node": ("source_host", "dest_host"),
    "source_compute": ("source_host",),
}


def index(ctx: Context) -> dict[str, Any]:
    """
    GET /os-migrations: migrations, newest first. 400, 403.

    Paged and filtered by time from 2.59, by changes-before from 2.66. Only those who may list the migrations of all
    projects can leave out project_id or name another project.

    Source: nova/api/openstack/compute/migrations.py _index; nova/db/main/api.py migration_get_all_by_filters.
    """
    ctx.can(RULE + "index")
    pairs = drop_unknown_parameters("migrations.list", ctx.minor, ctx.request.query)
    query = dict(pairs)
    if query.get("project_id", "") != ctx.caller.project_id:
        ctx.can(RULE + "index:all_projects", {})
    with_hosts = ctx.is_allowed(RULE + "index:host", {})
    migrations: Sequence[Migration] = _filter(ctx, query)
    body: dict[str, Any] = {}
    if ctx.minor >= 59:
        migrations = skip_to_marker(migrations, read_marker(pairs), message=UNKNOWN_MARKER)
        limit = read_limit(ctx, pairs)
        if len(migrations) >= limit > 0:
            href = f"{ctx.request.endpoint}/v2.1/os-migrations?limit={limit}&marker={migrations[limit - 1].id}"
            body["migrations_links"] = [{"rel": "next", "href": href}]
        migrations = migrations[:limit]
    return {"migrations": [_view(ctx, migration, with_hosts) for migration in migrations]} | body


def _filter(ctx: Context, query: dict[str, str]) -> list[Migration]:
    """
    The migrations that match the query, newest first.

    Raises:
        BadRequest: changes-since is later than changes-before (400).
    """
    since = query.get("changes-since") if ctx.minor >= 59 else None
    before = query.get("changes-before") if ctx.minor >= 66 else None
    if since and before and parse_time(since) > parse_time(before):
        raise BadRequest(reason="The value of changes-since must be less than or equal to changes-before.")
    migrations = [
        migration
        for migration in ctx.world.tx.query(Migration)
        if _matches(migration, query)
        and _is_between(migration, since, before)
        and not is_cell_down(ctx.world, migration.source_host)
    ]
    return sorted(migrations, key=lambda migration: migration.number, reverse=True)


def _matches(migration: Migration, query: dict[str, str]) -> bool:
    hosts = dict(query)
    if "host" in hosts:  # then Nova ignores source_compute
        hosts.pop("source_compute", None)
    return (
        all(getattr(migration, field) == query[name] for name, field in EXACT_FILTERS.items() if name in query)
        and all(
            hosts[name] in (getattr(migration, field) for field in fields)
            for name, fields in HOST_FILTERS.items()
            if name in hosts
        )
        and not bool_from_string(query.get("hidden"))  # only moves between cells are hidden
    )


def _is_between(migration: Migration, since: str | None, before: str | None) -> bool:
    return (since is None or migration.updated_at >= format_time(parse_time(since))) and (
        before is None or migration.updated_at <= format_time(parse_time(before))
    )


def _view(ctx: Context, migration: Migration, with_hosts: bool) -> dict[str, Any]:
    flavors = (migration.old_flavor, migration.new_flavor) if migration.migration_type != EVACUATION else ({}, {})
    old, new = (_find_flavor_number(ctx, flavor) for flavor in flavors)
    view = common_view(ctx, migration, with_hosts) | {
        "instance_uuid": migration.server_id,
        "old_instance_type_id": old,
        "new_instance_type_id": new,
    }
    if ctx.minor >= 23:
        view["migration_type"] = migration.migration_type
        if migration.migration_type == LIVE_MIGRATION and migration.status in UNDER_WAY:
            view["links"] = links(
                ctx.request.endpoint, f"servers/{migration.server_id}/migrations", str(migration.number)
            )
    return view


def _find_flavor_number(ctx: Context, snapshot: dict[str, Any]) -> int | None:
    flavor = ctx.world.tx.get(Flavor, snapshot.get("id", ""))
    return flavor.number if flavor else None
