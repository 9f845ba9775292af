"""
Lists of the network service: order, pages and chosen fields.

Source: neutron/api/api_common.py, get_sorts, get_limit_and_marker, get_pagination_links and PaginationNativeHelper.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from novasim.api.collections import matches_fields, parse_limit, select_fields, sort_value
from novasim.api.context import Context
from novasim.api.network.filters import FILTERS
from novasim.errors import BadRequest

View = dict[str, Any]

_COMMON = ("id", "tenant_id", "project_id")
SORT_KEYS = {  # by the key of the list. Source: the is_sort_key of neutron_lib/api/definitions
    "networks": (*_COMMON, "name", "status", "admin_state_up", "mtu", "availability_zone_hints"),
    "subnets": (
        *(*_COMMON, "name", "network_id", "ip_version", "cidr", "gateway_ip", "enable_dhcp"),
        *("ipv6_address_mode", "ipv6_ra_mode", "subnetpool_id"),
    ),
    "ports": (
        *(*_COMMON, "name", "status", "admin_state_up", "network_id"),
        *("device_id", "device_owner", "mac_address"),
    ),
    "routers": (*_COMMON, "name", "status", "admin_state_up"),
    "floatingips": (
        *(*_COMMON, "status", "router_id"),
        *("fixed_ip_address", "floating_ip_address", "floating_network_id"),
    ),
    "security_groups": (*_COMMON, "name"),
    "subnetpools": (
        *(*_COMMON, "name", "ip_version", "default_quota", "default_prefixlen", "min_prefixlen", "max_prefixlen"),
        *("is_default", "shared", "address_scope_id"),
    ),
    "address_scopes": (*_COMMON, "name", "ip_version", "shared"),
    "security_group_rules": (
        *(*_COMMON, "security_group_id", "direction", "ethertype", "protocol"),
        *("port_range_min", "port_range_max", "remote_ip_prefix", "remote_group_id"),
    ),
}


def list_view(ctx: Context, key: str, views: list[View], matches: Callable[[View], bool]) -> View:
    """
    The body of a list.

    Args:
        key: Its key. views: All that the caller may see. matches: Whether one matches the filters of the resource.

    Raises:
        BadRequest: a sort key, a direction or the limit is invalid (400).
    """
    limit = read_limit(ctx)
    marker = ctx.query("marker") if limit is not None else None
    ordered = sort(ctx, key, views)
    chosen = [
        view for view in ordered if view["id"] == marker or (matches(view) and matches_fields(ctx, view, FILTERS))
    ]  # a page may begin after a resource that does not match itself
    page = chosen if limit is None else _cut(ctx, chosen, limit, marker)
    body: View = {key: [select_fields(ctx, view) for view in page]}
    if limit is not None and (links := _links(ctx, page, limit)):
        body[f"{key}_links"] = links
    return body


def sort(ctx: Context, key: str, views: list[View]) -> list[View]:
    """
    Sort the views of a list as the query says.

    Raises:
        BadRequest: a key or direction is invalid, or their numbers differ (400).
    """
    names, directions = (list(filter(None, ctx.queries(name))) for name in ("sort_key", "sort_dir"))
    if len(names) != len(directions):
        raise BadRequest(reason="The number of sort_keys and sort_dirs must be same", type="HTTPBadRequest")
    if unknown := [name for name in names if name not in SORT_KEYS[key]]:
        raise BadRequest(reason=f"{unknown} is invalid attribute for sort_keys", type="HTTPBadRequest")
    if unknown := [text for text in directions if text not in ("asc", "desc")]:
        words = "is invalid value for sort_dirs, valid value is 'asc' and 'desc'"
        raise BadRequest(reason=f"{unknown} {words}", type="HTTPBadRequest")
    for name, direction in reversed(list(zip(names, directions, strict=True))):
        views = sorted(views, key=lambda view: sort_value(view.get(name)), reverse=direction == "desc")
    return views


def read_limit(ctx: Context) -> int | None:
    """
    The limit in the query; None for no limit, which is also written as 0.

    Raises:
        BadRequest: it is not a whole number (400).
    """
    text = ctx.query("limit")
    if text is None:
        return None
    reason = f"Bad limit request: Limit must be an integer 0 or greater and not '{text}'."
    return parse_limit(text, BadRequest(reason=reason, type="BadRequest")) or None


def _is_reverse(ctx: Context) -> bool:
    return (ctx.query("page_reverse") or "").lower() == "true"


def _cut(ctx: Context, views: list[View], limit: int, marker: str | None) -> list[View]:
    """The page after the marker, or before it if the query reverses the pages. The order is the same."""
    ids = [view["id"] for view in views]
    position = ids.index(marker) if marker in ids else None
    if _is_reverse(ctx):
        return views[:position][-limit:]
    return views[0 if position is None else position + 1 :][:limit]


def _links(ctx: Context, page: list[View], limit: int) -> list[dict[str, str]]:
    """Links to the next page and to the previous one, unless this page shows that it is the last one there."""
    is_short, is_reverse = len(page) < limit, _is_reverse(ctx)
    links = []
    if is_reverse or not is_short:
        links.append({"rel": "next", "href": _href(ctx, page and page[-1], "page_reverse")})
    if not (is_reverse and is_short):
        links.append({"rel": "previous", "href": _href(ctx, page and page[0], "", [("page_reverse", "True")])})
    return links


def _href(ctx: Context, view: Any, removed: str, added: Any = ()) -> str:
    names = {"marker", removed, *(name for name, _ in added)}
    query = [(name, value) for name, value in ctx.request.query if name not in names]
    query += [("marker", view["id"])] if view else []
    path = f"{ctx.request.endpoint}/network{ctx.request.path}"
    return f"{path}?{urlencode([*query, *added], errors='replace')}"
