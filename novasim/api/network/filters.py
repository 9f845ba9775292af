"""Filters of the network service's lists by tags and addresses, and validation of filter names."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import CONTROL_KEYS
from novasim.api.context import Context
from novasim.api.network.attributes import Table
from novasim.errors import BadRequest
from novasim.simulation.addresses import invalid_input
from novasim.strutils import bool_from_string

TAGS = ("tags", "tags-any", "not-tags", "not-tags-any")
FILTERS = frozenset((*TAGS, "fixed_ips", "ip_address", "subnet_id"))
COMMON_ATTRIBUTES = {
    "id",
    "status",
    "created_at",
    "updated_at",
    "revision_number",
    "changed_since",
    "name",
    "tenant_id",
    "project_id",
    "description",
}


def matches_filters(ctx: Context, view: dict[str, Any], table: Table) -> bool:
    """
    Return whether a resource matches the query's filters by tag and address.

    Raises:
        BadRequest: the resource has no such attribute, as with the filter-validation extension; or the value is not
            true or false where it has to be (400).
    """
    names = {attribute.name for attribute in table} | view.keys() | FILTERS | COMMON_ATTRIBUTES | CONTROL_KEYS
    if unknown := [name for name, _ in ctx.request.query if name not in names]:
        raise BadRequest(reason=f"{unknown} is invalid attribute for filtering", type="HTTPBadRequest")
    _check_booleans(ctx, view)
    return _matches_tags(ctx, set(view.get("tags", ()))) and _matches_addresses(ctx, view)


def _check_booleans(ctx: Context, view: dict[str, Any]) -> None:
    for name, text in ctx.request.query:
        if text and isinstance(view.get(name), bool) and bool_from_string(text, default=None) is None:
            raise invalid_input(f"'{text}' cannot be converted to boolean")


def _matches_tags(ctx: Context, tags: set[str]) -> bool:
    filters = {name: set((ctx.query(name) or "").split(",")) for name in TAGS if ctx.query(name)}
    return (
        filters.get("tags", tags) <= tags
        and ("tags-any" not in filters or bool(filters["tags-any"] & tags))
        and ("not-tags" not in filters or not filters["not-tags"] <= tags)
        and not filters.get("not-tags-any", set()) & tags
    )


def _matches_addresses(ctx: Context, view: dict[str, Any]) -> bool:
    """Each filter fixed_ips=ip_address=A, =subnet_id=S or =ip_address_substr=T must match an address of the port."""
    if "fixed_ips" not in view:
        return all(str(view.get(name, value)) == value for name, value in ctx.request.query if name == "subnet_id")
    filters = [pair.partition("=")[::2] for pair in ctx.queries("fixed_ips")]
    filters += [(name, value) for name in ("ip_address", "subnet_id") for value in ctx.queries(name)]
    return all(any(_matches_address(ip, name, value) for ip in view["fixed_ips"]) for name, value in filters)


def _matches_address(fixed_ip: dict[str, str], name: str, value: str) -> bool:
    if name == "ip_address_substr":
        return value in fixed_ip["ip_address"]
    return fixed_ip.get(name) == value
