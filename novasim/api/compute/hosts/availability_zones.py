"""/os-availability-zone: the zones and, for administrators, what is in them."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.records import Host
from novasim.simulation.scheduling.placement import get_zone

RULE = "os_compute_api:os-availability-zone:"


def index(ctx: Context) -> dict[str, Any]:
    """Names and states."""
    ctx.can(RULE + "list")
    zones = _zones(ctx)
    return {"availabilityZoneInfo": [_view(name, hosts, None) for name, hosts in sorted(zones.items())]}


def detail(ctx: Context) -> dict[str, Any]:
    """The hosts of each zone, and the zone of the services that run no servers."""
    ctx.can(RULE + "detail", {})
    inner = {"controller": {name: _state(True, None) for name in ("nova-conductor", "nova-scheduler")}}
    views = [{"zoneName": "internal", "zoneState": {"available": True}, "hosts": inner}]
    for name, hosts in sorted(_zones(ctx).items()):
        services = {h.name: {"nova-compute": _state(_is_up(h), h.updated_at, not h.disabled)} for h in hosts}
        views.append(_view(name, hosts, services))
    return {"availabilityZoneInfo": views}


def _zones(ctx: Context) -> dict[str, list[Host]]:
    zones: dict[str, list[Host]] = {}
    for host in ctx.world.tx.query(Host):
        zones.setdefault(str(get_zone(ctx.world, host.name)), []).append(host)
    return zones


def _view(name: str, hosts: list[Host], services: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "zoneName": name,
        "zoneState": {"available": any(not host.disabled for host in hosts)},
        "hosts": services,
    }


def _is_up(host: Host) -> bool:
    return host.up and not host.forced_down


def _state(available: bool, updated_at: str | None, active: bool = True) -> dict[str, Any]:
    return {"available": available, "active": active, "updated_at": updated_at and updated_at.rstrip("Z")}
