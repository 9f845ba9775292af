"""The volume service itself: its zones, its processes, its pool, its extensions."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.volume.views import HOST, time_of
from novasim.records import Volume
from novasim.simulation.scheduling import placement
from novasim.strutils import bool_from_string

PROCESSES = (("cinder-scheduler", "simulated"), ("cinder-volume", HOST.partition("#")[0]))
POOL_GIB = 1_000_000


def zones(ctx: Context, project: str) -> dict[str, Any]:
    """The zones that volumes can be made in."""
    names = sorted({"nova", *placement.list_zones(ctx.world)})
    return {"availabilityZoneInfo": [{"zoneName": name, "zoneState": {"available": True}} for name in names]}


def index(ctx: Context, project: str) -> dict[str, Any]:
    """The processes of the service; they never fail here."""
    require_admin(ctx, "Policy doesn't allow volume_extension:services:index to be performed.")
    wanted = {name: ctx.query(name) for name in ("binary", "host") if ctx.query(name)}
    found = [_view(ctx, binary, host) for binary, host in PROCESSES]
    return {"services": [view for view in found if all(view[name] == value for name, value in wanted.items())]}


def _view(ctx: Context, binary: str, host: str) -> dict[str, Any]:
    return {
        "binary": binary,
        "host": host,
        "zone": "nova",
        "status": "enabled",
        "state": "up",
        "updated_at": time_of(ctx.world.time),
        "disabled_reason": None,
        "replication_status": "disabled",
        "active_backend_id": None,
        "frozen": False,
        "cluster": None,
    }


def pools(ctx: Context, project: str) -> dict[str, Any]:
    """The one pool that all volumes are in."""
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


def extensions(ctx: Context, project: str) -> dict[str, Any]:
    """None: what is there is there for everybody."""
    return {"extensions": []}


def transfers(ctx: Context, project: str) -> dict[str, Any]:
    """None: volumes stay in the project that made them."""
    return {"transfers": []}
