"""Availability zones, services, hosts, pools and filters of the volume service."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.volume.lookup import read_flag
from novasim.api.volume.views import HOST, format_time
from novasim.errors import BadRequest, NotFound
from novasim.records import Volume
from novasim.simulation.hosts.volume_services import VOLUME, find_settings, is_enabled, set_enabled
from novasim.simulation.scheduling import placement

PROCESSES = (
    ("cinder-scheduler", "simulated"),
    ("cinder-volume", HOST.partition("#")[0]),
    ("cinder-backup", "simulated"),
)
BACKEND = {
    "pool_name": "pool",
    "volume_backend_name": "simulated",
    "storage_protocol": "simulated",
    "vendor_name": "novasim",
    "driver_version": "1.0",
}
CLUSTERS_SINCE, BACKEND_STATES_SINCE = 7, 49  # microversions
POOL_GIB = 1_000_000
FILTERS = {  # by resource; source: cinder's resource_filters.json
    "volume": "name status metadata bootable migration_status availability_zone group_id size created_at updated_at "
    "consumes_quota",
    "backup": "name status volume_id",
    "snapshot": "name status volume_id metadata availability_zone consumes_quota",
    "group": "name",
    "group_snapshot": "name status group_id",
    "attachment": "volume_id status instance_id attach_status",
    "message": "resource_uuid resource_type event_id request_id message_level",
    "pool": "name volume_type",
    "volume_type": "is_public extra_specs",
}


def list_zones(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/os-availability-zone: the availability zones."""
    names = sorted({"nova", *placement.list_zones(ctx.world)})
    return {"availabilityZoneInfo": [{"zoneName": name, "zoneState": {"available": True}} for name in names]}


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/os-services: the services, which are always up; filters binary and host. 403."""
    require_admin(ctx, "Policy doesn't allow volume_extension:services:index to be performed.")
    wanted_binary, wanted_host = ctx.query("binary") or None, ctx.query("host") or None
    return {
        "services": [
            _view(ctx, binary, host)
            for binary, host in PROCESSES
            if wanted_binary in (None, binary) and (wanted_host is None or _is_host(wanted_host, host))
        ]
    }


def _is_host(text: str, host: str) -> bool:
    """Whether a text names a host; without a backend, all of its backends. Source: Cinder, _filter_host."""
    return text in (host, host.partition("@")[0])


def _view(ctx: Context, binary: str, host: str) -> dict[str, Any]:
    view = {
        "binary": binary,
        "host": host,
        "zone": "nova",
        "status": "enabled" if is_enabled(ctx.world, binary) else "disabled",
        "state": "up",
        "updated_at": format_time(ctx.world.time),
        "disabled_reason": find_settings(ctx.world, binary).get("disabled_reason"),
    }
    if ctx.minor >= CLUSTERS_SINCE:
        view["cluster"] = None
    if binary != VOLUME:
        return view
    if ctx.minor >= BACKEND_STATES_SINCE:
        view["backend_state"] = "up" if is_enabled(ctx.world, binary) else None
    return view | {"replication_status": "disabled", "active_backend_id": None, "frozen": False}


def enable(ctx: Context, project: str) -> dict[str, Any]:
    """PUT /v3/{project}/os-services/enable: let a service take new work. 400, 403, 404."""
    return _update(ctx, enabled=True)


def disable(ctx: Context, project: str) -> dict[str, Any]:
    """PUT /v3/{project}/os-services/disable: give a service no new work. 400, 403, 404."""
    return _update(ctx, enabled=False)


def disable_with_reason(ctx: Context, project: str) -> dict[str, Any]:
    """PUT /v3/{project}/os-services/disable-log-reason: disable a service, and say why. 400, 403, 404."""
    reason = ctx.body.get("disabled_reason")
    if reason is not None and not reason.strip():
        raise BadRequest(reason="Disabled reason contains invalid characters or is too long")
    return {**_update(ctx, enabled=False, reason=reason), "disabled_reason": reason}


def _update(ctx: Context, enabled: bool, reason: str | None = None) -> dict[str, Any]:
    require_admin(ctx, "Policy doesn't allow volume_extension:services:update to be performed.")
    host, service, binary = ctx.body.get("host"), ctx.body.get("service", ""), ctx.body.get("binary", "")
    if not host:
        raise BadRequest(reason="Invalid input received: Host field is missing.")
    name = binary or service
    if not any(name == known and _is_host(host, each) for known, each in PROCESSES):
        raise NotFound(reason=f"Service {name} could not be found on host {host}.")
    set_enabled(ctx.world, name, enabled, reason)
    status = "enabled" if enabled else "disabled"
    return {"host": host, "service": service, "binary": binary, "status": status, "disabled": not enabled}


def list_pools(ctx: Context, project: str) -> dict[str, Any]:
    """
    GET /v3/{project}/scheduler-stats/get_pools: the only pool, unless its service is disabled. 400, 403.

    detail=true adds its capabilities.
    """
    require_admin(ctx, "Policy doesn't allow scheduler_extension:scheduler_stats:get_pools to be performed.")
    if not is_enabled(ctx.world, VOLUME):
        return {"pools": []}
    pool: dict[str, Any] = {"name": HOST}
    if read_flag(ctx, "detail"):
        used = sum(volume.size for volume in ctx.world.tx.query(Volume))
        pool["capabilities"] = BACKEND | {
            "total_capacity_gb": POOL_GIB,
            "free_capacity_gb": POOL_GIB - used,
            "allocated_capacity_gb": used,
            "multiattach": True,
            "reserved_percentage": 0,
        }
    return {"pools": [pool]}


def show_capabilities(ctx: Context, project: str, host: str) -> dict[str, Any]:
    """GET /v3/{project}/capabilities/{host}: the backend of the host `volumes@simulated`. 403, 404."""
    require_admin(ctx, "Policy doesn't allow volume_extension:capabilities to be performed.")
    if host != PROCESSES[1][1]:
        raise NotFound(reason=f"Can't find service: {host}")
    return {
        "namespace": f"OS::Storage::Capabilities::{host}",
        **BACKEND,
        **dict.fromkeys(("display_name", "description", "visibility")),
        "replication_targets": [],
        "properties": {},
    }


def list_hosts(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/os-hosts: the hosts of the services. 403."""
    require_admin(ctx, "Policy doesn't allow volume_extension:hosts to be performed.")
    return {
        "hosts": [
            {
                "host_name": host,
                "service": binary,
                "zone": "nova",
                "service-status": "available",
                "service-state": "enabled" if is_enabled(ctx.world, binary) else "disabled",
                "last-update": format_time(ctx.world.time),
            }
            for binary, host in PROCESSES
        ]
    }


def list_filters(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/resource_filters: the filters that each list of the service has; filter resource."""
    resource = ctx.query("resource")
    return {
        "resource_filters": [
            {"resource": name, "filters": filters.split()}
            for name, filters in FILTERS.items()
            if resource in (None, "", name)
        ]
    }
