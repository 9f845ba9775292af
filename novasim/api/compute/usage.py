"""/os-simple-tenant-usage: how long each project had servers, and how large they were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from novasim.api.compute.paging import read_limit, read_marker
from novasim.api.context import Context
from novasim.api.schemas import Query, drop_unknown_parameters
from novasim.api.views.links import VERSION
from novasim.errors import BadRequest
from novasim.records import Server
from novasim.simulation.time.clock import format_time, parse_time

RULE = "os_compute_api:os-simple-tenant-usage:"
PATH = "os-simple-tenant-usage"
PAGED_SINCE = 40

Period = tuple[float, float]


def index(ctx: Context) -> dict[str, Any]:
    """The usage of all projects (administrators); with detailed=1 that of each server."""
    ctx.can(RULE + "list", {})
    pairs = drop_unknown_parameters("usage.list", ctx.minor, ctx.request.query)
    period = _period(ctx, dict(pairs))
    servers, more = _page(ctx, pairs, _active(ctx, period, None))
    usages = [_of_project(ctx, project, own, period) for project, own in _by_project(servers).items()]
    if dict(pairs).get("detailed") != "1":
        for usage in usages:
            del usage["server_usages"]
    return {"tenant_usages": usages} | _links(ctx, "tenant_usages_links", PATH, pairs, more)


def show(ctx: Context, project_id: str) -> dict[str, Any]:
    """The usage of one project, with that of each server; {} if it had none."""
    ctx.can(RULE + "show", {"project_id": project_id})
    pairs = drop_unknown_parameters("usage.show", ctx.minor, ctx.request.query)
    period = _period(ctx, dict(pairs))
    servers, more = _page(ctx, pairs, _active(ctx, period, project_id))
    usage = _of_project(ctx, project_id, servers, period) if servers else {}
    return {"tenant_usage": usage} | _links(ctx, "tenant_usage_links", f"{PATH}/{project_id}", pairs, more)


def _period(ctx: Context, asked: dict[str, str]) -> Period:
    """
    From when to when; either is now unless the query says otherwise.

    Raises:
        BadRequest: no time in a form that Nova reads, or they are the wrong way round (400).
    """
    start, stop = (_moment(asked[name]) if name in asked else ctx.world.now for name in ("start", "end"))
    if start > stop or ("end" in asked and start == stop):
        raise BadRequest(reason="Invalid start time. The start time cannot occur after the end time.")
    return start, stop


def _moment(text: str) -> float:
    from datetime import datetime, timezone

    for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S.%f"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=timezone.utc).timestamp()
        except ValueError:
            continue
    raise BadRequest(reason="Datetime is in invalid format")


def _active(ctx: Context, period: Period, project_id: str | None) -> list[Server]:
    """The servers that ran at some time within the period, by project and id; removed ones count, too."""
    start, stop = period
    everyone = (
        ctx.world.tx.query(Server) if project_id is None else ctx.world.tx.query(Server, {"project_id": project_id})
    )
    found = [
        server
        for server in everyone
        if server.launched_at is not None
        and parse_time(server.launched_at) < stop
        and (server.terminated_at is None or parse_time(server.terminated_at) > start)
    ]
    return sorted(found, key=lambda server: (server.project_id, server.launched_at, server.id))


def _page(ctx: Context, pairs: Query, servers: list[Server]) -> tuple[list[Server], str | None]:
    """A page of servers (from 2.40 on), and the id of its last one if there may be more."""
    if ctx.minor < PAGED_SINCE:
        return servers, None
    limit, marker = read_limit(ctx, pairs), read_marker(pairs)
    if marker is not None:
        ids = [server.id for server in servers]
        if marker not in ids:
            raise BadRequest(reason=f"marker [{marker}] not found")
        servers = servers[ids.index(marker) + 1 :]
    page = servers[:limit]
    return page, page[-1].id if page and len(page) == limit else None


def _links(ctx: Context, key: str, path: str, pairs: Query, last: str | None) -> dict[str, Any]:
    if last is None:
        return {}
    query = urlencode(sorted([*(pair for pair in pairs if pair[0] != "marker"), ("marker", last)]))
    return {key: [{"rel": "next", "href": f"{ctx.request.endpoint}/{VERSION}/{path}?{query}"}]}


def _by_project(servers: Iterable[Server]) -> dict[str, list[Server]]:
    found: dict[str, list[Server]] = {}
    for server in servers:
        found.setdefault(server.project_id, []).append(server)
    return found


def _of_project(ctx: Context, project_id: str, servers: list[Server], period: Period) -> dict[str, Any]:
    each = [_of_server(ctx, server, period) for server in servers]
    return {
        "tenant_id": project_id,
        "server_usages": each,
        "start": format_time(period[0]).rstrip("Z"),
        "stop": format_time(period[1]).rstrip("Z"),
        "total_hours": sum(usage["hours"] for usage in each),
        "total_vcpus_usage": sum(usage["hours"] * usage["vcpus"] for usage in each),
        "total_memory_mb_usage": sum(usage["hours"] * usage["memory_mb"] for usage in each),
        "total_local_gb_usage": sum(usage["hours"] * usage["local_gb"] for usage in each),
    }


def _of_server(ctx: Context, server: Server, period: Period) -> dict[str, Any]:
    """Hours within the period; the uptime counts from the launch to the end or to now."""
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
