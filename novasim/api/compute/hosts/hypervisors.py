"""/os-hypervisors: the compute hosts and their resources."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.paging import read_limit, read_marker
from novasim.api.context import Context
from novasim.api.schemas import drop_unknown_parameters
from novasim.api.schemas.formats import has_wrong_format
from novasim.api.views.hypervisors import figures, hypervisor_id, uptime_of, view
from novasim.api.views.links import VERSION
from novasim.errors import BadRequest, NoSuchRoute, NotFound
from novasim.records import Host, Server
from novasim.strutils import bool_from_string

RULE = "os_compute_api:os-hypervisors:"
PAGED_SINCE, UUID_SINCE = 33, 53
SUMMED = (
    "current_workload",
    "disk_available_least",
    "free_disk_gb",
    "free_ram_mb",
    "local_gb",
    "local_gb_used",
    "memory_mb",
    "memory_mb_used",
    "running_vms",
    "vcpus",
    "vcpus_used",
)


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-hypervisors: names and states; paged from 2.33, with pattern and servers from 2.53. 400, 403, 404."""
    ctx.can(RULE + "list", {})
    return _list_page(ctx, detail=False)


def detail(ctx: Context) -> dict[str, Any]:
    """GET /os-hypervisors/detail: also resources (until 2.87) or uptime (from 2.88). 400, 403, 404."""
    ctx.can(RULE + "list-detail", {})
    return _list_page(ctx, detail=True)


def show(ctx: Context, id: str) -> dict[str, Any]:
    """GET /os-hypervisors/{id}: one hypervisor with all attributes. 400, 403, 404."""
    ctx.can(RULE + "show", {})
    host = _get(ctx, id)
    pairs = dict(drop_unknown_parameters("hypervisors.show", ctx.minor, ctx.request.query))
    on_it = _servers(ctx).get(host.name, [])
    return {"hypervisor": view(ctx, host, on_it, detail=True, with_servers=bool_from_string(pairs.get("with_servers")))}


def uptime(ctx: Context, id: str) -> dict[str, Any]:
    """
    GET /os-hypervisors/{id}/uptime (until 2.87): the uptime of a host. 400, 403, 404.

    Raises:
        BadRequest: the host is down (400).
    """
    ctx.can(RULE + "uptime", {})
    host = _get(ctx, id)
    if (text := uptime_of(ctx, host)) is None:
        raise BadRequest(reason=f"Compute service of {host.name} is unavailable at this time.")
    return {"hypervisor": view(ctx, host, [], detail=False) | {"uptime": text}}


def search(ctx: Context, id: str) -> dict[str, Any]:
    """GET /os-hypervisors/{id}/search (until 2.52): hypervisors whose names contain the text. 403, 404."""
    ctx.can(RULE + "search", {})
    return {"hypervisors": [view(ctx, host, [], detail=False) for host in _matching(ctx, id)]}


def servers(ctx: Context, id: str) -> dict[str, Any]:
    """GET /os-hypervisors/{id}/servers (until 2.52): the same with their servers. 403, 404."""
    ctx.can(RULE + "servers", {})
    on_hosts = _servers(ctx)
    found = _matching(ctx, id)
    return {"hypervisors": [view(ctx, h, on_hosts.get(h.name, []), detail=False, with_servers=True) for h in found]}


def statistics(ctx: Context) -> dict[str, Any]:
    """GET /os-hypervisors/statistics (until 2.87): sums over all hosts that are not disabled. 403."""
    ctx.can(RULE + "statistics", {})
    on_hosts = _servers(ctx)
    hosts = [host for host in ctx.world.tx.query(Host) if not host.disabled]
    each = [figures(host, on_hosts.get(host.name, [])) for host in hosts]
    return {"hypervisor_statistics": {"count": len(each)} | {name: sum(f[name] for f in each) for name in SUMMED}}


def no_statistics(ctx: Context) -> None:
    """GET /os-hypervisors/statistics (from 2.88): the path does not exist. 404."""
    raise NoSuchRoute()


def _list_page(ctx: Context, detail: bool) -> dict[str, Any]:
    asked = drop_unknown_parameters("hypervisors.list", ctx.minor, ctx.request.query)
    pairs = dict(asked)
    pattern = pairs.get("hypervisor_hostname_pattern")
    if pattern is not None:
        if "limit" in pairs or pairs.get("marker"):
            raise BadRequest(
                reason="Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported."
            )
        hosts, limit = _matching(ctx, pattern), 0
    else:
        limit = read_limit(ctx, asked) if ctx.minor >= PAGED_SINCE else 0
        hosts = _after(ctx, ctx.world.tx.query(Host), read_marker(asked))
        hosts = hosts[:limit] if limit or "limit" in pairs else hosts
    on_hosts = _servers(ctx)
    with_servers = bool_from_string(pairs.get("with_servers"))
    answer: dict[str, Any] = {
        "hypervisors": [view(ctx, h, on_hosts.get(h.name, []), detail=detail, with_servers=with_servers) for h in hosts]
    }
    if hosts and len(hosts) == limit:
        kept = [f"{name}={value}" for name, value in sorted(pairs.items()) if name != "marker"]
        href = f"{ctx.request.endpoint}/{VERSION}{ctx.request.path}?"
        href += "&".join([*kept, f"marker={hypervisor_id(ctx, hosts[-1])}"])
        answer["hypervisors_links"] = [{"rel": "next", "href": href}]
    return answer


def _after(ctx: Context, hosts: list[Host], marker: str | None) -> list[Host]:
    if marker is None:
        return hosts
    for position, host in enumerate(hosts):
        if str(hypervisor_id(ctx, host)) == marker:
            return hosts[position + 1 :]
    raise BadRequest(reason=f"marker [{marker}] not found")


def _matching(ctx: Context, pattern: str) -> list[Host]:
    """Hosts whose names contain the text, ignoring case. Raises NotFound (404)."""
    found = [host for host in ctx.world.tx.query(Host) if pattern.lower() in host.name.lower()]
    if not found:
        raise NotFound(reason=f"No hypervisor matching '{pattern}' could be found.")
    return found


def _get(ctx: Context, id: str) -> Host:
    if ctx.minor >= UUID_SINCE and has_wrong_format("uuid", id):
        raise BadRequest(reason=f"Invalid uuid {id}")
    for host in ctx.world.tx.query(Host):
        if str(hypervisor_id(ctx, host)) == id:
            return host
    raise NotFound(reason=f"Hypervisor with ID '{id}' could not be found.")


def _servers(ctx: Context) -> dict[str, list[Server]]:
    on_hosts: dict[str, list[Server]] = {}
    for server in ctx.world.tx.query(Server):
        if server.host and not server.deleted:
            on_hosts.setdefault(server.host, []).append(server)
    return on_hosts
