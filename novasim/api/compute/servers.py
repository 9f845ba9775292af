"""GET /servers, GET /servers/detail, GET and PUT /servers/{id}: reading servers, and changing what they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from novasim.api import schemas
from novasim.api.compute import paging, sorting
from novasim.api.compute.filters import chosen_servers
from novasim.api.compute.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.views import servers as views
from novasim.api.views.server_parts import View
from novasim.errors import BadRequest, Conflict
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.checks import Facts
from novasim.lifecycle.preconditions import require
from novasim.records import Server

RULE = "os_compute_api:servers:"

FIELDS = {
    "name": "name",
    "accessIPv4": "access_ip_v4",
    "accessIPv6": "access_ip_v6",
    "description": "description",
    "hostname": "hostname",
    "OS-DCF:diskConfig": "disk_config",
    "pinned_availability_zone": "pinned_availability_zone",
}
"""What an update may change, and the field of the record."""


def index(ctx: Context) -> dict[str, Any]:
    """Servers with id, name and links. Raises: see `_listed`."""
    return _listed(ctx, "index", "servers", views.summary)


def detail(ctx: Context) -> dict[str, Any]:
    """Servers with all their attributes. Raises: see `_listed`."""
    return _listed(ctx, "detail", "servers/detail", views.detail)


def _listed(
    ctx: Context, verb: str, collection: str, view: Callable[[Context, Sequence[Server]], list[View]]
) -> dict[str, Any]:
    """
    One page of the servers that the query selects, in the order it asks for.

    Raises:
        BadRequest: a filter, the order, the limit or the marker means nothing (400).
        Forbidden: what is asked for is not for this caller (403).
    """
    ctx.can(RULE + verb)
    pairs = schemas.known_query("servers.list", ctx.minor, ctx.request.query)
    servers = chosen_servers(ctx, pairs, f"{RULE}{verb}:get_all_tenants")
    limit, order = paging.limit_asked(ctx, pairs), sorting.order_asked(ctx, pairs)
    page = _in_order(ctx, servers, order, paging.marker_asked(pairs))[:limit]
    answer: dict[str, Any] = {"servers": view(ctx, page)}
    if links := paging.next_links(ctx, pairs, collection, page, limit):
        answer["servers_links"] = links
    return answer


def _in_order(ctx: Context, servers: list[Server], order: list[sorting.Key], marker: str | None) -> Sequence[Server]:
    """The servers sorted, from behind the marker on, which may be any server that ever was."""
    if marker is None:
        sorting.sort(ctx, servers, order)
        return servers
    server = ctx.world.tx.get(Server, marker)
    if server is None:
        raise BadRequest(reason=f"marker [{marker}] not found")
    servers = [*(other for other in servers if other.id != marker), server]
    sorting.sort(ctx, servers, order)
    return paging.after(servers, marker)


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    One server with all its attributes.

    Raises:
        ServerNotFound: there is none for this caller (404). PolicyRefusal (403).
    """
    server = get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    return {"server": views.show_view(ctx, server)}


def update(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    Change the name, the description and what else an update may change; locks do not matter.

    Raises:
        ServerNotFound: there is none for this caller (404). PolicyRefusal (403).
        Conflict: the server is to be pinned to a zone that it is not in (409).

    Source: api-ref 'Update Server'; microversion 2.104.
    """
    server, action = get_server(ctx, server_id), ACTIONS["set"]
    ctx.can(action.policy, target_of(server))
    require(action, server, ctx.caller, Facts(ctx.minor))
    changes = {FIELDS[name]: value for name, value in ctx.body["server"].items()}
    zone = changes.get("pinned_availability_zone")
    if zone is not None and zone != server.availability_zone:
        raise Conflict(reason=f"Instance {server.id} is not in availability zone {zone} and cannot be pinned to it.")
    if changes:
        vars(server).update(changes)
        ctx.world.touch(server)
    return {"server": views.updated_view(ctx, server)}
