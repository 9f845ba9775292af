"""/os-simple-tenant-usage: the hours, vCPUs, RAM and disk that projects have used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from novasim.api.compute.page_links import read_limit, read_marker, skip_to_marker
from novasim.api.context import Context
from novasim.api.schemas import Query, drop_unknown_parameters
from novasim.api.views.links import VERSION
from novasim.errors import BadRequest
from novasim.records import Server
from novasim.simulation.hosts.cells import require_all_cells
from novasim.simulation.time.clock import format_time, parse_time

RULE = "os_compute_api:os-simple-tenant-usage:"
PATH = "os-simple-tenant-usage"
PAGED_SINCE = 40

Period = tuple[float, float]


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-simple-tenant-usage: the usage of every project, with detailed=1 also of each server. 400, 403."""
    ctx.can(RULE + "list", {})
    pairs = drop_unknown_parameters("usage.list", ctx.minor, ctx.request.query)
    period = _read_period(ctx, dict(pairs))
    servers, last = _cut_page(ctx, pairs, _list_active(ctx, period, None))
    usages = [_project_usage(ctx, project, own, period) for project, own in _group_by_project(servers).items()]
    if dict(pairs).get("detailed") != "1":
        for usage in usages:
            del usage["server_usages"]
    return {"tenant_usages": usages} | _next_links(ctx, "tenant_usages_links", PATH, pairs, last)


def show(ctx: Context, project_id: str) -> dict[str, Any]:
    """GET /os-simple-tenant-usage/{project_id}: the usage of a project and of its servers, {} if none. 400, 403."""
    ctx.can(RULE + "show", {"project_id": project_id})
    pairs = drop_unknown_parameters("usage.show", ctx.minor, ctx.request.query)
    period = _read_period(ctx, dict(pairs))
    servers, last = _cut_page(ctx, pairs, _list_active(ctx, period, project_id))
    usage = _project_usage(ctx, project_id, servers, period) if servers else {}
    return {"tenant_usage": usage} | _next_links(ctx, "tenant_usage_links", f"{PATH}/{project_id}", pairs, last)


def _read_period(ctx: Context, query: dict[str, str]) -> Period:
    """
    Return start and end of the period in seconds since the epoch; each is now unless the query names it.

    Raises:
        BadRequest: a time is not in a form that Nova reads, or the start is after the end (400).
    """
    start, stop = (_parse_time(query[name]) if name in query else ctx.world.now for name in ("start", "end"))
    if start > stop or ("end" in query and start == stop):
        raise BadRequest(reason="Invalid start time. The start time cannot occur after the end time.")
    return start, stop


def _parse_time(text: str) -> float:
    from datetime import datetime, timezone

    for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S.%f"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=timezone.utc).timestamp()
        except ValueError:
            continue
    raise BadRequest(reason="Datetime is in invalid format")


def _list_active(ctx: Context, period: Period, project_id: str | None) -> list[Server]:
    """
    The servers that existed at some time within the period, deleted ones included, by project and launch.

    Raises:
        CellDown: a cell cannot be reached (500).
    """
    require_all_cells(ctx.world)
    start, stop = period
    active = [
        server
        for server in ctx.world.tx.query(Server, {} if project_id is None else {"project_id": project_id})
        if server.launched_at is not None
        and parse_time(server.launched_at) < stop
        and (server.terminated_at is None or parse_time(server.terminated_at) > start)
    ]
    return sorted(active, key=lambda server: (server.project_id, server.launched_at, server.id))


def _cut_page(ctx: Context, pairs: Query, servers: list[Server]) -> tuple[list[Server], str | None]:
    """The page of servers (all before 2.40), and the id of the last one if another page may follow."""
    if ctx.minor < PAGED_SINCE:
        return servers, None
    limit, marker = read_limit(ctx, pairs), read_marker(pairs)
    page = list(skip_to_marker(servers, marker)[:limit])
    return page, page[-1].id if page and len(page) == limit else None


def _next_links(ctx: Context, key: str, path: str, pairs: Query, last: str | None) -> dict[str, Any]:
    if last is None:
        return {}
    query = urlencode(sorted([*(pair for pair in pairs if pair[0] != "marker"), ("marker", last)]))
    return {key: [{"rel": "next", "href": f"{ctx.request.endpoint}/{VERSION}/{path}?{query}"}]}


def _group_by_project(servers: Iterable[Server]) -> dict[str, list[Server]]:
    groups: dict[str, list[Server]] = {}
    for server in servers:
        groups.setdefault(server.project_id, []).append(server)
    return groups


def _project_usage(ctx: Context, project_id: str, servers: list[Server], period: Period) -> dict[str, Any]:
    usages = [_server_usage(ctx, server, period) for server in servers]
    return {
        "tenant_id": project_id,
        "server_usages": usages,
        "start": format_time(period[0]).rstrip("Z"),
        "stop": format_time(period[1]).rstrip("Z"),
        "total_hours": sum(usage["hours"] for usage in usages),
        "total_vcpus_usage": sum(usage["hours"] * usage["vcpus"] for usage in usages),
        "total_memory_mb_usage": sum(usage["hours"] * usage["memory_mb"] for usage in usages),
        "total_local_gb_usage": sum(usage["hours"] * usage["local_gb"] for usage in usages),
    }


def _server_usage(ctx: Context, server: Server, period: Period) -> dict[str, Any]:
    """The hours of a server within the period. The uptime is measured from launch to deletion, or until now."""
    launched = parse_time(server.launched_at or server.created_at)
    ended = parse_time(server.terminated_at) if server.terminated_at else None
    start, stop = max(period[0], launched), period[1] if ended is None else min(period[1], ended)
    return {
        "instance_id": server.id,
        "name": server.name,
        "tenant_id": server.project_id,
        "flavor": server.flavor["name"],
        "vcpus": server.flavor["vcpus"],
        "memory_mb": server.flavor["ram"],
        "local_gb": server.flavor["disk"] + server.flavor.get("ephemeral", 0),
        "started_at": (server.launched_at or server.created_at).rstrip("Z"),
        "ended_at": server.terminated_at.rstrip("Z") if server.terminated_at else None,
        "hours": (stop - start) / 3600,
        "uptime": int((ctx.world.now if ended is None else ended) - launched),
        "state": "terminated" if server.terminated_at else server.vm_state,
    }
