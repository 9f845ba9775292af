"""/os-hosts (until 2.42), which /os-hypervisors and /os-services replace."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import NoSuchPath, NotFound, NotSimulated, PolicyRefusal
from novasim.records import Host, Server
from novasim.simulation.hosts.control_services import CONTROL_HOST, CONTROL_ZONE, list_control_services
from novasim.simulation.scheduling.placement import get_zone

View = dict[str, Any]
POWER_VERBS = ("startup", "shutdown", "reboot")


def _require_admin(ctx: Context, verb: str) -> None:
    if not ctx.caller.is_admin:
        raise PolicyRefusal(rule=f"os_compute_api:os-hosts:{verb}")


def index(ctx: Context) -> View:
    """GET /os-hosts: the enabled services by host and zone. 403."""
    _require_admin(ctx, "list")
    hosts = [host for host in ctx.world.tx.query(Host) if not host.disabled]
    views = [{"host_name": h.name, "service": "compute", "zone": get_zone(ctx.world, h.name)} for h in hosts]
    views += [
        {"host_name": CONTROL_HOST, "service": service.topic, "zone": CONTROL_ZONE}
        for service in list_control_services(ctx.world)
    ]
    return {"hosts": [view for view in views if ctx.query("zone") in (None, "", view["zone"])]}


def show(ctx: Context, name: str) -> View:
    """GET /os-hosts/{name}: the resources of a host, their use, and the use of each project. 403, 404."""
    _require_admin(ctx, "show")
    host = _get(ctx, name)
    servers = [server for server in ctx.world.tx.query(Server, {"host": name}) if not server.deleted]
    rows = [
        _row(name, "(total)", host.vcpus, host.ram_mb, host.disk_gb),
        _row(
            name,
            "(used_now)",
            host.used_vcpus,
            host.used_ram_mb + host.reserved_ram_mb,
            host.used_disk_gb + host.reserved_disk_gb,
        ),
        _sum_row(name, "(used_max)", servers),
    ]
    projects = dict.fromkeys(server.project_id for server in servers)
    rows += [_sum_row(name, project, [s for s in servers if s.project_id == project]) for project in projects]
    return {"host": rows}


def _sum_row(host: str, project: str, servers: list[Server]) -> View:
    flavors = [server.flavor for server in servers]
    disk = sum(flavor["disk"] + flavor.get("ephemeral", 0) for flavor in flavors)
    return _row(host, project, sum(f["vcpus"] for f in flavors), sum(f["ram"] for f in flavors), disk)


def _row(host: str, project: str, cpu: int, memory_mb: int, disk_gb: int) -> View:
    return {"resource": {"host": host, "project": project, "cpu": cpu, "memory_mb": memory_mb, "disk_gb": disk_gb}}


def _get(ctx: Context, name: str) -> Host:
    if host := ctx.world.tx.get(Host, name):
        return host
    raise NotFound(reason=f"Compute host {name} could not be found.")


def update(ctx: Context, name: str) -> View:
    """
    PUT /os-hosts/{name}: enable or disable a host. 403, 404, 501.

    Raises:
        NotSimulated: maintenance mode, which no driver supports any more (501).
    """
    _require_admin(ctx, "update")
    host = _get(ctx, name)
    if "maintenance_mode" in ctx.body:
        raise NotSimulated(reason="Maintenance mode of hosts is not simulated. Set the status of the host instead.")
    host.disabled = ctx.body["status"].lower() == "disable"
    host.updated_at = ctx.world.time
    ctx.world.tx.put(host)
    return {"host": host.name, "status": "disabled" if host.disabled else "enabled"}


def power(ctx: Context, name: str, verb: str) -> View:
    """GET /os-hosts/{name}/{verb}: start, stop or reboot a host, which is not simulated. 403, 404, 501."""
    if verb not in POWER_VERBS:
        raise NoSuchPath()
    _require_admin(ctx, verb)
    _get(ctx, name)
    raise NotSimulated(reason=f"Nova's {verb} of a host is not simulated. Use 'novasim host' instead.")
