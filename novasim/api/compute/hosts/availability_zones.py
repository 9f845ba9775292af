"""/os-availability-zone: zones and, for administrators, the services in them."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.records import Host
from novasim.simulation.hosts.control_services import CONTROL_HOST, CONTROL_ZONE, list_control_services
from novasim.simulation.scheduling.placement import get_zone

RULE = "os_compute_api:os-availability-zone:"


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-availability-zone: names and states; zones without an enabled host come last. 403."""
    ctx.can(RULE + "list")
    available, unavailable = _list_zones(ctx)
    views = [_view(name, True, None) for name in available] + [_view(name, False, None) for name in unavailable]
    return {"availabilityZoneInfo": views}


def detail(ctx: Context) -> dict[str, Any]:
    """
    GET /os-availability-zone/detail: the enabled services of each zone, and the zone of the controller. 403.

    Source: nova/api/openstack/compute/availability_zone.py _describe_availability_zones_verbose.
    """
    ctx.can(RULE + "detail", {})
    controller = {service.binary: _service_state(True, None) for service in list_control_services(ctx.world)}
    views = [_view(CONTROL_ZONE, True, {CONTROL_HOST: controller})] if controller else []
    available, unavailable = _list_zones(ctx)
    for name, hosts in available.items():
        services = {h.name: {"nova-compute": _service_state(_is_up(h), h.updated_at or h.created_at)} for h in hosts}
        views.append(_view(name, True, services))
    views += [_view(name, False, None) for name in unavailable]
    return {"availabilityZoneInfo": views}


def _list_zones(ctx: Context) -> tuple[dict[str, list[Host]], list[str]]:
    """The zones with their enabled hosts, and the zones that have none; each sorted by name."""
    enabled: dict[str, list[Host]] = {}
    zones: set[str] = set()
    for host in ctx.world.tx.query(Host):
        zone = str(get_zone(ctx.world, host.name))
        zones.add(zone)
        if not host.disabled:
            enabled.setdefault(zone, []).append(host)
    return dict(sorted(enabled.items())), sorted(zones - set(enabled))


def _view(name: str, is_available: bool, services: dict[str, Any] | None) -> dict[str, Any]:
    return {"zoneName": name, "zoneState": {"available": is_available}, "hosts": services}


def _is_up(host: Host) -> bool:
    return host.up and not host.forced_down


def _service_state(is_up: bool, updated_at: str | None) -> dict[str, Any]:
    return {"available": is_up, "active": True, "updated_at": updated_at and updated_at.rstrip("Z")}
