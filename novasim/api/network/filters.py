"""Filters of the network service's lists that do more than compare a field."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import CONTROL
from novasim.api.context import Context
from novasim.api.network.attributes import Table
from novasim.errors import BadRequest

TAGS = ("tags", "tags-any", "not-tags", "not-tags-any")
FILTERS = frozenset((*TAGS, "fixed_ips", "ip_address", "subnet_id"))
ALWAYS = {
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


def passes(ctx: Context, view: dict[str, Any], table: Table) -> bool:
    """
    Whether a resource is what the tags and addresses of the query ask for.

    Raises:
        BadRequest: the query names what the resource does not have (400), as with the filter-validation extension.
    """
    names = {attribute.name for attribute in table} | view.keys() | FILTERS | ALWAYS | CONTROL
    if unknown := [name for name, _ in ctx.request.query if name not in names]:
        raise BadRequest(reason=f"{unknown} is invalid attribute for filtering", type="HTTPBadRequest")
    return _tagged(ctx, set(view.get("tags", ()))) and _addressed(ctx, view)


def _tagged(ctx: Context, tags: set[str]) -> bool:
    wanted = {name: set((ctx.query(name) or "").split(",")) for name in TAGS if ctx.query(name)}
    return (
        wanted.get("tags", tags) <= tags
        and ("tags-any" not in wanted or bool(wanted["tags-any"] & tags))
        and ("not-tags" not in wanted or not wanted["not-tags"] <= tags)
        and not wanted.get("not-tags-any", set()) & tags
    )


def _addressed(ctx: Context, view: dict[str, Any]) -> bool:
    """fixed_ips=ip_address=A, =subnet_id=S, =ip_address_substr=T: all of them, each by any address of the port."""
    if "fixed_ips" not in view:
        return all(str(view.get(name, wanted)) == wanted for name, wanted in ctx.request.query if name == "subnet_id")
    asked = [pair.partition("=")[::2] for pair in ctx.queries("fixed_ips")]
    asked += [(name, value) for name in ("ip_address", "subnet_id") for value in ctx.queries(name)]
    return all(any(_matches(ip, name, value) for ip in view["fixed_ips"]) for name, value in asked)


def _matches(fixed_ip: dict[str, str], name: str, value: str) -> bool:
    if name == "ip_address_substr":
        return value in fixed_ip["ip_address"]
    return fixed_ip.get(name) == value
