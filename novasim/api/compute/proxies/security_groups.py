"""
/os-security-groups (until 2.35), which Nova forwards to the network service.

Source: nova/api/openstack/compute/security_groups.py; nova/network/security_group_api.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.compute.proxies.network_calls import call_network, check_group_id
from novasim.api.compute.proxies.security_group_views import group_view
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.service_calls import call_service
from novasim.errors import BadRequest, Forbidden
from novasim.records import SecurityGroup
from novasim.strutils import int_from_string

View = dict[str, Any]

RULE = "os_compute_api:os-security-groups:"


def index(ctx: Context) -> View:
    """GET /os-security-groups: the groups of the project, or (all_tenants, administrators) of every project. 403."""
    ctx.can(RULE + "get")
    all_projects = ctx.caller.is_admin and ctx.query("all_tenants") is not None
    query = {} if all_projects else {"project_id": ctx.caller.project_id}
    groups = call_service(ctx, "network", "GET", "/v2.0/security-groups", **query)["security_groups"]
    first, limit = int_from_string(ctx.query("offset")), int_from_string(ctx.query("limit"))
    page = groups[first : first + limit] if limit else groups[first:]
    views = [group_view(ctx, _get_record(ctx, group["id"])) for group in page]
    return {"security_groups": sorted(views, key=lambda view: (view["tenant_id"], view["name"]))}


def _get_record(ctx: Context, id: str) -> SecurityGroup:
    group = ctx.world.tx.get(SecurityGroup, id)
    assert group is not None
    return group


def get_group(ctx: Context, id: str) -> SecurityGroup:
    """A group that the caller can see. Raises NotFound (404)."""
    return _get_record(ctx, call_network(ctx, "GET", f"security-groups/{id}")["security_group"]["id"])


def show(ctx: Context, id: str) -> View:
    """GET /os-security-groups/{id}: one group. 400, 403, 404."""
    ctx.can(RULE + "show")
    check_group_id(id)
    return {"security_group": group_view(ctx, get_group(ctx, id))}


def create(ctx: Context) -> View:
    """POST /os-security-groups: create a group. 400, 403."""
    ctx.can(RULE + "create")
    body = {"security_group": _read_group(ctx)}
    created = call_network(ctx, "POST", "security-groups", body, {409: Forbidden})
    return {"security_group": group_view(ctx, _get_record(ctx, created["security_group"]["id"]))}


def _read_group(ctx: Context) -> View:
    body = ctx.body["security_group"]
    return {name: body[name] for name in ("name", "description")}


def update(ctx: Context, id: str) -> View:
    """PUT /os-security-groups/{id}: change name and description. 400, 403, 404."""
    ctx.can(RULE + "update")
    check_group_id(id)
    get_group(ctx, id)
    call_network(ctx, "PUT", f"security-groups/{id}", {"security_group": _read_group(ctx)}, {409: BadRequest})
    return {"security_group": group_view(ctx, _get_record(ctx, id))}


def delete(ctx: Context, id: str) -> Response:
    """DELETE /os-security-groups/{id}: delete an unused group. 400, 403, 404."""
    ctx.can(RULE + "delete")
    check_group_id(id)
    get_group(ctx, id)
    call_network(ctx, "DELETE", f"security-groups/{id}", turns={409: BadRequest})
    return Response(202)
