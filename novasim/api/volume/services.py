"""Availability zones, services, pools, extensions and transfers of the volume service."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.volume.views import HOST, format_time
from novasim.records import Volume
from novasim.simulation.scheduling import placement
from novasim.strutils import bool_from_string

PROCESSES = (("cinder-scheduler", "simulated"), ("cinder-volume", HOST.partition("#")[0]))
POOL_GIB = 1_000_000


def list_zones(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/os-availability-zone: the availability zones."""
    names = sorted({"nova", *placement.list_zones(ctx.world)})
    return {"availabilityZoneInfo": [{"zoneName": name, "zoneState": {"available": True}} for name in names]}


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/os-services: the services, which are always up; filters binary and host. 403."""
    require_admin(ctx, "Policy doesn't allow volume_extension:services:index to be performed.")
    filters = {name: ctx.query(name) for name in ("binary", "host") if ctx.query(name)}
    views = [_view(ctx, binary, host) for binary, host in PROCESSES]
    return {"services": [view for view in views if all(view[name] == value for name, value in filters.items())]}


def _view(ctx: Context, binary: str, host: str) -> dict[str, Any]:
    return {
        "binary": binary,
        "host": host,
        "zone": "nova",
        "status": "enabled",
        "state": "up",
        "updated_at": format_time(ctx.world.time),
        "disabled_reason": None,
        "replication_status": "disabled",
        "active_backend_id": None,
        "frozen": False,
        "cluster": None,
    }


def list_pools(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/scheduler-stats/get_pools: the only pool; detail=true adds its capabilities. 403."""
    require_admin(ctx, "Policy doesn't allow scheduler_extension:scheduler_stats:get_pools to be performed.")
    pool: dict[str, Any] = {"name": HOST}
    if bool_from_string(ctx.query("detail")):
        used = sum(volume.size for volume in ctx.world.tx.query(Volume))
        pool["capabilities"] = {
            "pool_name": "pool",
            "volume_backend_name": "simulated",
            "storage_protocol": "simulated",
            "total_capacity_gb": POOL_GIB,
            "free_capacity_gb": POOL_GIB - used,
            "allocated_capacity_gb": used,
            "multiattach": True,
            "vendor_name": "novasim",
            "driver_version": "1.0",
            "reserved_percentage": 0,
        }
    return {"pools": [pool]}


def list_extensions(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/extensions: an empty list, because no extension is optional."""
    return {"extensions": []}


def list_transfers(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/volume-transfers: an empty list, because transfers are not simulated."""
    return {"transfers": []}
