"""/os-services: the compute services of the hosts, and the control services. Source: Nova's services.py."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.schemas.formats import has_wrong_format
from novasim.api.views.down_cells import SINCE as SHOWN_SINCE
from novasim.api.views.down_cells import UNKNOWN
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Aggregate, Host, Migration
from novasim.simulation.hosts import outages
from novasim.simulation.hosts.cells import is_cell_down, require_cell_of
from novasim.simulation.hosts.control_services import (
    CONTROL_HOST,
    CONTROL_ZONE,
    ControlService,
    delete_control_service,
    list_control_services,
)
from novasim.simulation.migrations import OVER
from novasim.simulation.scheduling.placement import get_zone, is_service_up
from novasim.strutils import bool_from_string

RULE = "os_compute_api:os-services:"
UUID_SINCE = 53
COMPUTE = "nova-compute"
STATUSES = {"enable": "enabled", "disable": "disabled", "disable-log-reason": "disabled"}  # by verb, until 2.52

Service = Host | ControlService


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-services: the services, filtered by host and binary. 403."""
    ctx.can(RULE + "list", {})
    host, binary = ctx.query("host"), ctx.query("binary")
    views = [view for service in _list_services(ctx) if (view := _view_or_unknown(ctx, service))]
    return {"services": [v for v in views if (not host or v["host"] == host) and (not binary or v["binary"] == binary)]}


def _view_or_unknown(ctx: Context, service: Service) -> dict[str, Any]:
    """The view of a service; in a cell that cannot be reached only its name from 2.69, and before that nothing."""
    if isinstance(service, ControlService) or not is_cell_down(ctx.world, service.name):
        return _view(ctx, service)
    return {"binary": COMPUTE, "host": service.name, "status": UNKNOWN} if ctx.minor >= SHOWN_SINCE else {}


def _list_services(ctx: Context) -> list[Service]:
    return [*ctx.world.tx.query(Host), *list_control_services(ctx.world)]


def update(ctx: Context, service_id: str) -> dict[str, Any]:
    """PUT /os-services/{service_id} (from 2.53): enable, disable or force down a compute service. 400, 403, 404."""
    _check_uuid(service_id)
    ctx.can(RULE + "update", {})
    service = _find_service(ctx, service_id)
    if service is None:
        raise NotFound(reason=f"Service {service_id} could not be found.")
    if isinstance(service, ControlService):
        raise _not_updatable(service.binary)
    body = ctx.body
    if body.get("status") == "enabled" and body.get("disabled_reason"):
        raise BadRequest(reason="Specifying 'disabled_reason' with status 'enabled' is invalid.")
    if "forced_down" in body:
        _check_evacuations(ctx, service.name, bool_from_string(body["forced_down"]))
    if not body.keys() & {"status", "forced_down"}:
        raise BadRequest(reason="No updates were requested. Fields 'status' or 'forced_down' should be specified.")
    return {"service": _view(ctx, _change(ctx, service, body))}


def update_by_host(ctx: Context, verb: str) -> dict[str, Any]:
    """
    PUT /os-services/{verb} (until 2.52): change a service by host and binary. 400, 403, 404.

    The verbs are enable, disable, disable-log-reason and, from 2.11, force-down.
    """
    ctx.can(RULE + "update", {})
    change, shown = _read_change(ctx, verb)
    host, binary = ctx.body["host"], ctx.body["binary"]
    if binary == COMPUTE and "forced_down" in change:
        _check_evacuations(ctx, host, change["forced_down"])
    if binary != COMPUTE:
        raise _not_updatable(binary)
    service = ctx.world.tx.get(Host, host)
    if service is None:
        raise NotFound(reason=f"Host '{host}' is not mapped to any cell")
    require_cell_of(ctx.world, service)
    _change(ctx, service, change)
    return {"service": {"host": host, "binary": binary, **shown}}


def _read_change(ctx: Context, verb: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    What a verb changes, and what the response shows of that.

    Raises:
        NotFound: no such verb at this microversion (404).
        BadRequest: the field that the verb needs is missing (400).
    """
    if verb == "force-down" and ctx.minor >= 11:
        if "forced_down" not in ctx.body:
            raise BadRequest(reason="Missing forced_down field")
        forced = {"forced_down": bool_from_string(ctx.body["forced_down"])}
        return forced, forced
    if verb not in STATUSES:
        raise NotFound(reason="Unknown action")
    change: dict[str, Any] = {"status": STATUSES[verb]}
    if verb != "disable-log-reason":
        return change, change
    if "disabled_reason" not in ctx.body:
        raise BadRequest(reason="Missing disabled reason field")
    change["disabled_reason"] = ctx.body["disabled_reason"]
    return change, change


def _not_updatable(binary: str) -> BadRequest:
    return BadRequest(
        reason=f"Updating a {binary} service is not supported. Only nova-compute services can be updated."
    )


def _check_evacuations(ctx: Context, name: str, forced_down: bool) -> None:
    """Check that no evacuated server waits for the return of a host that is no longer to be forced down."""
    host = ctx.world.tx.get(Host, name)
    if not forced_down and host is not None and outages.list_unfinished_evacuations(ctx.world, host):
        raise BadRequest(
            reason=f"Unable to force up host {name} as `done` evacuation migration records remain associated with the "
            "host. Ensure the compute service has been restarted, allowing these records to move to `completed` before "
            "retrying this request."
        )


def _change(ctx: Context, host: Host, change: dict[str, Any]) -> Host:
    if "status" in change:
        host.disabled = change["status"] == "disabled"
        host.disabled_reason = change.get("disabled_reason") if host.disabled else None
    if "forced_down" in change:
        host.forced_down = bool_from_string(change["forced_down"])
    host.updated_at = ctx.world.time
    ctx.world.tx.put(host)
    return host


def delete(ctx: Context, service_id: str) -> Response:
    """
    DELETE /os-services/{service_id}: delete a service; a compute service also from its aggregates. 400, 403, 404, 409.

    Raises:
        Conflict: the host has servers, or a migration from or to it is in progress (409).
    """
    ctx.can(RULE + "delete", {})
    if ctx.minor >= UUID_SINCE:
        _check_uuid(service_id)
    elif not service_id.removeprefix("-").isdigit():
        raise BadRequest(reason="Invalid input received: id must be an integer")
    service = _find_service(ctx, service_id)
    if service is None:
        raise NotFound(reason=f"Service {service_id} not found.")
    if isinstance(service, ControlService):
        delete_control_service(ctx.world, service)
    else:
        _delete_host(ctx, service)
    return Response(204)


def _delete_host(ctx: Context, host: Host) -> None:
    if outages.list_servers_on(ctx.world, host):
        raise Conflict(
            reason="Unable to delete compute service that is hosting instances. Migrate or delete the instances first."
        )
    if any(host.name in (move.source_host, move.dest_host) for move in _list_active_migrations(ctx)):
        raise Conflict(
            reason="Unable to delete compute service that has in-progress migrations. Complete the migrations or "
            "delete the instances first."
        )
    for aggregate in ctx.world.tx.query(Aggregate):
        if host.name in aggregate.hosts:
            aggregate.hosts.remove(host.name)
            ctx.world.tx.put(aggregate)
    ctx.world.tx.delete(host)


def _list_active_migrations(ctx: Context) -> list[Migration]:
    return [move for move in ctx.world.tx.query(Migration) if move.status not in OVER]


def _check_uuid(service_id: str) -> None:
    if has_wrong_format("uuid", service_id):
        raise BadRequest(reason=f"Invalid uuid {service_id}")


def _find_service(ctx: Context, service_id: str) -> Service | None:
    """The service with an id: a UUID, or before 2.53 a number."""
    for service in _list_services(ctx):
        if service_id == (service.service_id if ctx.minor >= UUID_SINCE else str(service.number)):
            if isinstance(service, Host):
                require_cell_of(ctx.world, service)
            return service
    return None


def _view(ctx: Context, service: Service) -> dict[str, Any]:
    view = {"id": service.service_id if ctx.minor >= UUID_SINCE else service.number}
    view |= _control_view(ctx, service) if isinstance(service, ControlService) else _compute_view(ctx, service)
    if ctx.minor < 11:
        del view["forced_down"]
    return view


def _compute_view(ctx: Context, host: Host) -> dict[str, Any]:
    return {
        "binary": COMPUTE,
        "host": host.name,
        "zone": get_zone(ctx.world, host.name),
        "status": "disabled" if host.disabled else "enabled",
        "state": "up" if is_service_up(host) else "down",
        "updated_at": (host.updated_at or host.created_at).rstrip("Z"),
        "disabled_reason": host.disabled_reason,
        "forced_down": host.forced_down,
    }


def _control_view(ctx: Context, service: ControlService) -> dict[str, Any]:
    return {
        "binary": service.binary,
        "host": CONTROL_HOST,
        "zone": CONTROL_ZONE,
        "status": "enabled",
        "state": "up",
        "updated_at": min((host.created_at.rstrip("Z") for host in ctx.world.tx.query(Host)), default=None),
        "disabled_reason": None,
        "forced_down": False,
    }
