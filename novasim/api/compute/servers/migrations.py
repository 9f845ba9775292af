"""/servers/{server_id}/migrations: the live migrations of a server that are in progress."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import Conflict, Locked, NotFound
from novasim.lifecycle.preconditions import is_locked_for
from novasim.records import Migration, Server, Task
from novasim.simulation.effects.move import complete_live_migration
from novasim.simulation.migrations import UNDER_WAY
from novasim.simulation.time.tasks import cancel_task, complete_task

RULE = "os_compute_api:servers:migrations:"


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/migrations (from 2.23): all in progress. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "index", target_of(server))
    return {"migrations": [_view(ctx, migration) for migration in _list_in_progress(ctx, server)]}


def show(ctx: Context, server_id: str, number: str) -> dict[str, Any]:
    """GET /servers/{server_id}/migrations/{number} (from 2.23): one in progress. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    migration = _get(ctx, server, number)
    if migration not in _list_in_progress(ctx, server):
        raise NotFound(reason=f"In-progress live migration {number} is not found for server {server.id}.")
    return {"migration": _view(ctx, migration)}


def act(ctx: Context, server_id: str, number: str) -> Response:
    """POST /servers/{server_id}/migrations/{number}/action (from 2.22): force_complete. 403, 404, 409."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "force_complete", target_of(server))
    task = _get_task(ctx, server, number)
    complete_live_migration(ctx.world, server, task)
    complete_task(ctx.world, server, task)
    return Response(202)


def delete(ctx: Context, server_id: str, number: str) -> Response:
    """DELETE /servers/{server_id}/migrations/{number} (from 2.24): abort a migration. 403, 404, 409."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "delete", target_of(server))
    task = _get_task(ctx, server, number)
    task.args["aborted"] = True
    ctx.world.tx.put(task)
    cancel_task(ctx.world, server)
    ctx.world.touch(server)
    return Response(202)


def _get_task(ctx: Context, server: Server, number: str) -> Task:
    """The task of a live migration in progress. Raises Conflict (409): it is not in progress. Locked (409)."""
    if is_locked_for(server, ctx.caller):
        raise Locked(server=server.id)
    migration = _get(ctx, server, number)
    task = ctx.world.tx.get(Task, server.id)
    if migration.status not in UNDER_WAY or task is None or task.args.get("migration") != migration.id:
        raise Conflict(reason=f"Migration {number} of instance {server.id} is not running: it is {migration.status}.")
    return task


def _get(ctx: Context, server: Server, number: str) -> Migration:
    for migration in ctx.world.tx.query(Migration, {"server_id": server.id}):
        if str(migration.number) == number:
            return migration
    raise NotFound(reason=f"Migration {number} for server {server.id} could not be found.")


def _list_in_progress(ctx: Context, server: Server) -> list[Migration]:
    return [
        migration
        for migration in ctx.world.tx.query(Migration, {"server_id": server.id, "migration_type": "live-migration"})
        if migration.status in UNDER_WAY
    ]


def common_view(ctx: Context, migration: Migration) -> dict[str, Any]:
    """The part of the representation that both lists of migrations have."""
    view: dict[str, Any] = {
        "id": migration.number,
        "created_at": migration.created_at.rstrip("Z"),
        "updated_at": migration.updated_at.rstrip("Z"),
        "dest_compute": migration.dest_host,
        "dest_host": migration.dest_host,
        "dest_node": migration.dest_host,
        "source_compute": migration.source_host,
        "source_node": migration.source_host,
        "status": migration.status,
    }
    if ctx.minor >= 59:
        view["uuid"] = migration.id
    if ctx.minor >= 80:
        view |= {"user_id": migration.user_id, "project_id": migration.project_id}
    return view


def _view(ctx: Context, migration: Migration) -> dict[str, Any]:
    progress: dict[str, Any] = {}
    for resource in ("memory", "disk"):
        total = getattr(migration, f"{resource}_total_bytes")
        done = getattr(migration, f"{resource}_processed_bytes")
        progress |= {
            f"{resource}_total_bytes": total,
            f"{resource}_processed_bytes": done,
            f"{resource}_remaining_bytes": total - done,
        }
    return {**common_view(ctx, migration), "server_uuid": migration.server_id, **progress}
