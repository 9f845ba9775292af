"""/servers/{server_id}/migrations: live migrations in progress."""

from __future__ import annotations

from itertools import chain
from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.lifecycle.live_migration import ABORT, FORCE_COMPLETE, Interruption, state_refusals, status_refusals
from novasim.records import Host, Migration, Server, Task
from novasim.simulation.effects.move import complete_live_migration
from novasim.simulation.instance_actions import record_external_event
from novasim.simulation.migrations import LIVE_MIGRATION, UNDER_WAY
from novasim.simulation.time.tasks import cancel_task, complete_task

RULE = "os_compute_api:servers:migrations:"
HOST_FIELDS = ("dest_compute", "dest_host", "dest_node", "source_compute", "source_node")


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/migrations (from 2.23): all in progress. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "index", target_of(server))
    with_hosts = ctx.is_allowed(RULE + "index:host", target_of(server))
    migrations = ctx.world.tx.query(Migration, {"server_id": server.id, "migration_type": LIVE_MIGRATION})
    return {"migrations": [_view(ctx, each, with_hosts) for each in migrations if each.status in UNDER_WAY]}


def show(ctx: Context, server_id: str, number: str) -> dict[str, Any]:
    """GET /servers/{server_id}/migrations/{number} (from 2.23): one in progress. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    migration = _find(ctx, server, number)
    if migration is None:
        raise NotFound(reason=f"In-progress live migration {number} is not found for server {server.id}.")
    if migration.migration_type != LIVE_MIGRATION:
        raise NotFound(reason=f"Migration {number} for server {server.id} is not live-migration.")
    if migration.status not in UNDER_WAY:
        raise NotFound(reason=f"Live migration {number} for server {server.id} is not in progress.")
    return {"migration": _view(ctx, migration, with_hosts=True)}


def act(ctx: Context, server_id: str, number: str) -> Response:
    """POST /servers/{server_id}/migrations/{number}/action (from 2.22): force_complete. 400, 403, 404, 409."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "force_complete", target_of(server))
    task = _get_task(ctx, FORCE_COMPLETE, server, number)
    _record(ctx, server, "live_migration_force_complete", "compute_live_migration_force_complete")
    complete_live_migration(ctx.world, server, task)
    complete_task(ctx.world, server, task)
    return Response(202)


def delete(ctx: Context, server_id: str, number: str) -> Response:
    """DELETE /servers/{server_id}/migrations/{number} (from 2.24): abort a migration. 400, 403, 404, 409."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "delete", target_of(server))
    task = _get_task(ctx, ABORT, server, number)
    task.args["aborted"] = True
    ctx.world.tx.put(task)
    _record(ctx, server, "live_migration_cancel", "compute_live_migration_abort")
    cancel_task(ctx.world, server)
    ctx.world.touch(server)
    return Response(202)


def _record(ctx: Context, server: Server, name: str, event: str) -> None:
    """Enter the request into the server's log. Source: nova/compute/instance_actions.py."""
    record_external_event(ctx.world, name, event, server, ctx.caller)


def _get_task(ctx: Context, interruption: Interruption, server: Server, number: str) -> Task:
    """Return the task of a live migration in progress. Raises the first refusal of the interruption (400, 404, 409)."""
    migration = _find(ctx, server, number)
    refusals = chain(
        state_refusals(interruption, server, ctx.caller),
        status_refusals(interruption, server, migration, number, ctx.minor),
    )
    for refusal in refusals:
        raise refusal
    task = ctx.world.tx.get(Task, server.id)
    assert task is not None  # a running migration has a task
    return task


def _find(ctx: Context, server: Server, number: str) -> Migration | None:
    migrations = ctx.world.tx.query(Migration, {"server_id": server.id})
    return next((migration for migration in migrations if str(migration.number) == number), None)


def common_view(ctx: Context, migration: Migration, with_hosts: bool) -> dict[str, Any]:
    """
    Return the fields that both representations of a migration have.

    Args:
        with_hosts: Whether the caller may see the hosts; they are null otherwise.
    """
    hosts = (migration.dest_host, _find_ip(ctx, migration), migration.dest_host, *[migration.source_host] * 2)
    view: dict[str, Any] = {
        "id": migration.number,
        "created_at": migration.created_at.rstrip("Z"),
        "updated_at": migration.updated_at.rstrip("Z"),
        **dict(zip(HOST_FIELDS, hosts if with_hosts else [None] * len(hosts), strict=True)),
        "status": migration.status,
    }
    if ctx.minor >= 59:
        view["uuid"] = migration.id
    if ctx.minor >= 80:
        view |= {"user_id": migration.user_id, "project_id": migration.project_id}
    return view


def _find_ip(ctx: Context, migration: Migration) -> str | None:
    """The IP address of the target, which the target's host records. Live migrations do not record it."""
    host = ctx.world.tx.get(Host, migration.dest_host) if migration.dest_host else None
    return host.host_ip if host and migration.migration_type != LIVE_MIGRATION else None


def _view(ctx: Context, migration: Migration, with_hosts: bool) -> dict[str, Any]:
    progress: dict[str, Any] = {}
    for resource in ("memory", "disk"):
        total = getattr(migration, f"{resource}_total_bytes")
        done = getattr(migration, f"{resource}_processed_bytes")
        progress |= {
            f"{resource}_total_bytes": total,
            f"{resource}_processed_bytes": done,
            f"{resource}_remaining_bytes": total - done,
        }
    return {**common_view(ctx, migration, with_hosts), "server_uuid": migration.server_id, **progress}
