"""/os-services: the compute services of the hosts."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.schemas.formats import has_wrong_format
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Aggregate, Host, Migration
from novasim.simulation.hosts import outages
from novasim.simulation.migrations import OVER
from novasim.simulation.scheduling.placement import get_zone, is_service_up
from novasim.strutils import bool_from_string

RULE = "os_compute_api:os-services:"
UUID_SINCE = 53


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-services: the services, by host and binary. 403."""
    ctx.can(RULE + "list", {})
    host, binary = ctx.query("host"), ctx.query("binary")
    hosts = [h for h in ctx.world.tx.query(Host) if host in (None, h.name) and binary in (None, "nova-compute")]
    return {"services": [_view(ctx, h) for h in hosts]}


def update(ctx: Context, service_id: str) -> dict[str, Any]:
    """PUT /os-services/{service_id} (from 2.53): enable, disable or force down a service. 400, 403, 404."""
    ctx.can(RULE + "update", {})
    return {"service": _view(ctx, _change(ctx, _get_host(ctx, service_id), ctx.body))}


def update_by_host(ctx: Context, verb: str) -> dict[str, Any]:
    """
    PUT /os-services/{verb} (until 2.52): change a service by host and binary. 400, 403, 404.

    The verbs are enable, disable, disable-log-reason and, from 2.11, force-down.
    """
    ctx.can(RULE + "update", {})
    host = ctx.world.tx.get(Host, ctx.body["host"])
    if host is None:
        raise NotFound(reason=f"Could not find binary {ctx.body['binary']} on host {ctx.body['host']}.")
    change = {
        "enable": {"status": "enabled"},
        "disable": {"status": "disabled"},
        "disable-log-reason": {"status": "disabled", "disabled_reason": ctx.body.get("disabled_reason")},
        "force-down": {"forced_down": ctx.body.get("forced_down")},
    }.get(verb)
    if change is None or (verb == "force-down" and ctx.minor < 11):
        raise NotFound(reason="Unknown action")
    return {"service": _short_view(ctx, _change(ctx, host, change), verb)}


def delete(ctx: Context, service_id: str) -> Response:
    """
    DELETE /os-services/{service_id}: delete a service with its host, also from aggregates. 400, 403, 404, 409.

    Raises:
        Conflict: the host has servers, or a migration from or to it is in progress (409).
    """
    ctx.can(RULE + "delete", {})
    host = _get_host(ctx, service_id)
    if outages.list_servers_on(ctx.world, host):
        raise Conflict(
            reason="Unable to delete compute service that is hosting instances. Migrate or delete the instances first."
        )
    if any(host.name in (move.source_host, move.dest_host) for move in _list_active_migrations(ctx)):
        raise Conflict(
            reason="Unable to delete compute service that has in-progress migrations. "
            "Complete or cancel the migrations first."
        )
    for aggregate in ctx.world.tx.query(Aggregate):
        if host.name in aggregate.hosts:
            aggregate.hosts.remove(host.name)
            ctx.world.tx.put(aggregate)
    ctx.world.tx.delete(host)
    return Response(204)


def _list_active_migrations(ctx: Context) -> list[Migration]:
    return [move for move in ctx.world.tx.query(Migration) if move.status not in OVER]


def _get_host(ctx: Context, service_id: str) -> Host:
    """The host of a service, by number or, from 2.53, by UUID."""
    if ctx.minor >= UUID_SINCE and has_wrong_format("uuid", service_id):
        raise BadRequest(reason=f"Invalid uuid {service_id}")
    if ctx.minor < UUID_SINCE and not service_id.removeprefix("-").isdigit():
        raise BadRequest(reason="Invalid input received: id must be an integer")
    for host in ctx.world.tx.query(Host):
        if service_id == (host.service_id if ctx.minor >= UUID_SINCE else str(host.number)):
            return host
    raise NotFound(reason=f"Service {service_id} could not be found.")


def _change(ctx: Context, host: Host, change: dict[str, Any]) -> Host:
    if not change:
        raise BadRequest(reason="No updates were requested. Fields 'status' or 'forced_down' should be specified.")
    reason = change.get("disabled_reason")
    if reason and change.get("status") != "disabled":
        raise BadRequest(reason="Specifying disabled_reason requires that status is 'disabled'.")
    if "status" in change:
        host.disabled = change["status"] == "disabled"
        host.disabled_reason = reason
    if "forced_down" in change:
        forced = bool_from_string(change["forced_down"])
        if not forced and host.forced_down and outages.list_unfinished_evacuations(ctx.world, host):
            raise BadRequest(
                reason=f"Unable to force up host {host.name} as `done` evacuation migration records remain associated "
                "with the host. Ensure the compute service has been restarted, allowing these records to move to "
                "`completed` before retrying this request."
            )
        host.forced_down = forced
    host.updated_at = ctx.world.time
    ctx.world.tx.put(host)
    return host


def _view(ctx: Context, host: Host) -> dict[str, Any]:
    view: dict[str, Any] = {
        "id": host.service_id if ctx.minor >= UUID_SINCE else host.number,
        "binary": "nova-compute",
        "host": host.name,
        "zone": get_zone(ctx.world, host.name),
        "status": "disabled" if host.disabled else "enabled",
        "state": "up" if is_service_up(host) else "down",
        "updated_at": (host.updated_at or host.created_at).rstrip("Z"),
        "disabled_reason": host.disabled_reason,
    }
    if ctx.minor >= 11:
        view["forced_down"] = host.forced_down
    return view


def _short_view(ctx: Context, host: Host, verb: str) -> dict[str, Any]:
    view: dict[str, Any] = {"binary": "nova-compute", "host": host.name}
    if verb == "force-down":
        return view | {"forced_down": host.forced_down}
    view["status"] = "disabled" if host.disabled else "enabled"
    if verb == "disable-log-reason":
        view["disabled_reason"] = host.disabled_reason
    return view
