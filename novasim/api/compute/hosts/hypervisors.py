"""/os-hypervisors: the compute hosts and their resources."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.page_links import read_limit, read_marker
from novasim.api.context import Context
from novasim.api.schemas import Query, drop_unknown_parameters
from novasim.api.schemas.formats import has_wrong_format
from novasim.api.views.hypervisors import format_uptime, hypervisor_id, hypervisor_view, resource_figures
from novasim.api.views.links import VERSION
from novasim.errors import BadRequest, NoSuchRoute, NotFound
from novasim.records import Host, Server
from novasim.simulation.hosts.cells import require_all_cells, require_cell_of
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
    query = dict(drop_unknown_parameters("hypervisors.show", ctx.minor, ctx.request.query))
    with_servers = bool_from_string(query.get("with_servers"))
    (view,) = _list_views(ctx, [host], detail=True, with_servers=with_servers)
    return {"hypervisor": view}


def uptime(ctx: Context, id: str) -> dict[str, Any]:
    """
    GET /os-hypervisors/{id}/uptime (until 2.87): the uptime of a host. 400, 403, 404.

    Raises:
        BadRequest: the host is down (400).
    """
    ctx.can(RULE + "uptime", {})
    host = _get(ctx, id)
    if (text := format_uptime(ctx, host)) is None:
        raise BadRequest(reason=f"Compute service of {host.name} is unavailable at this time.")
    return {"hypervisor": hypervisor_view(ctx, host, [], detail=False) | {"uptime": text}}


def search(ctx: Context, id: str) -> dict[str, Any]:
    """GET /os-hypervisors/{id}/search (until 2.52): hypervisors whose names contain the text. 403, 404."""
    ctx.can(RULE + "search", {})
    return {"hypervisors": [hypervisor_view(ctx, host, [], detail=False) for host in _find_matching(ctx, id)]}


def servers(ctx: Context, id: str) -> dict[str, Any]:
    """GET /os-hypervisors/{id}/servers (until 2.52): the same with their servers. 403, 404."""
    ctx.can(RULE + "servers", {})
    return {"hypervisors": _list_views(ctx, _find_matching(ctx, id), detail=False, with_servers=True)}


def statistics(ctx: Context) -> dict[str, Any]:
    """GET /os-hypervisors/statistics (until 2.87): sums over all hosts that are not disabled. 403."""
    ctx.can(RULE + "statistics", {})
    servers_by_host = _group_servers(ctx)
    hosts = [host for host in _list_hosts(ctx) if not host.disabled]
    figures = [resource_figures(host, servers_by_host.get(host.name, [])) for host in hosts]
    sums = {name: sum(each[name] for each in figures) for name in SUMMED}
    return {"hypervisor_statistics": {"count": len(hosts)} | sums}


def no_statistics(ctx: Context) -> None:
    """GET /os-hypervisors/statistics (from 2.88): the path does not exist. 404."""
    raise NoSuchRoute()


def _list_page(ctx: Context, detail: bool) -> dict[str, Any]:
    pairs = drop_unknown_parameters("hypervisors.list", ctx.minor, ctx.request.query)
    hosts, limit = _find_hosts(ctx, pairs)
    with_servers = bool_from_string(dict(pairs).get("with_servers"))
    body: dict[str, Any] = {"hypervisors": _list_views(ctx, hosts, detail, with_servers)}
    if hosts and len(hosts) == limit:
        other = [f"{name}={value}" for name, value in sorted(dict(pairs).items()) if name != "marker"]
        query = "&".join([*other, f"marker={hypervisor_id(ctx, hosts[-1])}"])
        href = f"{ctx.request.endpoint}/{VERSION}{ctx.request.path}?{query}"
        body["hypervisors_links"] = [{"rel": "next", "href": href}]
    return body


def _find_hosts(ctx: Context, pairs: Query) -> tuple[list[Host], int]:
    """The hosts of the requested page, and the limit, which is 0 for a list without pages."""
    query = dict(pairs)
    pattern = query.get("hypervisor_hostname_pattern")
    if pattern is not None:
        if "limit" in query or query.get("marker"):
            raise BadRequest(
                reason="Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported."
            )
        return _find_matching(ctx, pattern), 0
    limit = read_limit(ctx, pairs) if ctx.minor >= PAGED_SINCE else 0
    hosts = _skip_to_marker(ctx, _list_hosts(ctx), read_marker(pairs))
    return (hosts[:limit] if limit or "limit" in query else hosts), limit


def _list_views(ctx: Context, hosts: list[Host], detail: bool, with_servers: bool) -> list[dict[str, Any]]:
    servers_by_host = _group_servers(ctx)
    return [
        hypervisor_view(ctx, host, servers_by_host.get(host.name, []), detail=detail, with_servers=with_servers)
        for host in hosts
    ]


def _skip_to_marker(ctx: Context, hosts: list[Host], marker: str | None) -> list[Host]:
    if marker is None:
        return hosts
    for position, host in enumerate(hosts):
        if str(hypervisor_id(ctx, host)) == marker:
            return hosts[position + 1 :]
    raise BadRequest(reason=f"marker [{marker}] not found")


def _find_matching(ctx: Context, pattern: str) -> list[Host]:
    """Hosts whose names contain the text, ignoring case. Raises NotFound (404)."""
    hosts = [host for host in _list_hosts(ctx) if pattern.lower() in host.name.lower()]
    if not hosts:
        raise NotFound(reason=f"No hypervisor matching '{pattern}' could be found.")
    return hosts


def _list_hosts(ctx: Context) -> list[Host]:
    """All hosts. Nova fails (500) if the cell of one cannot be reached."""
    require_all_cells(ctx.world)
    return ctx.world.tx.query(Host)


def _get(ctx: Context, id: str) -> Host:
    if ctx.minor >= UUID_SINCE and has_wrong_format("uuid", id):
        raise BadRequest(reason=f"Invalid uuid {id}")
    for host in ctx.world.tx.query(Host):
        if str(hypervisor_id(ctx, host)) == id:
            require_cell_of(ctx.world, host)
            return host
    raise NotFound(reason=f"Hypervisor with ID '{id}' could not be found.")


def _group_servers(ctx: Context) -> dict[str, list[Server]]:
    servers_by_host: dict[str, list[Server]] = {}
    for server in ctx.world.tx.query(Server):
        if server.host and not server.deleted:
            servers_by_host.setdefault(server.host, []).append(server)
    return servers_by_host
