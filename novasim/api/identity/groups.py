"""/v3/groups: users who have the same roles. Source: keystone/api/groups.py and keystone/identity/schema.py."""

from __future__ import annotations

from typing import Any

from novasim.api.callers import list_groups
from novasim.api.context import Context
from novasim.api.identity.bodies import check_update, keep_extra, read_body
from novasim.api.identity.pages import page_view
from novasim.api.identity.removal import remove_group
from novasim.api.identity.resources import (
    check_name,
    check_same_domain,
    collection_view,
    filter_by_scope,
    filter_records,
    find_default_domain_id,
    get_or_404,
    new_id,
    require_admin,
    url,
)
from novasim.api.identity.users import user_view
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import Group, User

TEXT_FIELDS = ("name", "description", "domain_id")
KNOWN = frozenset(("id", "links", *TEXT_FIELDS))
FILTERS = ("domain_id", "name")
FILTERS_OF_USERS = ("domain_id", "enabled", "name")


def index(ctx: Context) -> dict[str, Any]:
    """GET /v3/groups: all groups; filters name and domain_id. 403."""
    require_admin(ctx, "list_groups")
    groups = filter_records(ctx, filter_by_scope(ctx, ctx.world.tx.query(Group)), FILTERS)
    return page_view(ctx, "groups", [_view(ctx, each) for each in groups])


def show(ctx: Context, group_id: str) -> dict[str, Any]:
    """GET /v3/groups/{id}: one group. 403, 404."""
    require_admin(ctx, "get_group")
    return {"group": _view(ctx, get_or_404(ctx, Group, group_id))}


def create(ctx: Context) -> Response:
    """POST /v3/groups: create a group without members and roles. 400, 403, 404, 409."""
    require_admin(ctx, "create_group")
    body = read_body(ctx, "group", TEXT_FIELDS, required=("name",))
    domain_id = body.get("domain_id") or find_default_domain_id(ctx)
    check_name(ctx, Group, body["name"].strip(), domain_id=domain_id)
    group = Group(id=new_id(ctx), name=body["name"].strip(), domain_id=domain_id)
    return Response(201, {"group": _change(ctx, group, body)})


def update(ctx: Context, group_id: str) -> dict[str, Any]:
    """PATCH /v3/groups/{id}: change name, description or further attributes. 400, 403, 404, 409."""
    require_admin(ctx, "update_group")
    group = get_or_404(ctx, Group, group_id)
    body = read_body(ctx, "group", TEXT_FIELDS)
    check_update(body, group_id)
    check_same_domain(body, group)
    if "name" in body:
        group.name = (body["name"] or "").strip()
        check_name(ctx, Group, group.name, group_id, group.domain_id)
    return {"group": _change(ctx, group, body)}


def delete(ctx: Context, group_id: str) -> Response:
    """DELETE /v3/groups/{id}: remove a group and its roles. 403, 404."""
    require_admin(ctx, "delete_group")
    remove_group(ctx.world, get_or_404(ctx, Group, group_id))
    return Response(204)


def list_users(ctx: Context, group_id: str) -> dict[str, Any]:
    """GET /v3/groups/{id}/users: the members; filters name, domain_id and enabled. 403, 404."""
    require_admin(ctx, "list_users_in_group")
    get_or_404(ctx, Group, group_id)
    members = [each for each in filter_by_scope(ctx, ctx.world.tx.query(User)) if group_id in each.groups]
    views = [user_view(ctx, each) for each in filter_records(ctx, members, FILTERS_OF_USERS)]
    return collection_view(ctx, "users", views)


def check_user(ctx: Context, group_id: str, user_id: str) -> Response:
    """GET, HEAD /v3/groups/{id}/users/{user_id}: whether a user is a member. 403, 404."""
    require_admin(ctx, "check_user_in_group")
    _get_member(ctx, group_id, user_id)
    return Response(204)


def add_user(ctx: Context, group_id: str, user_id: str) -> Response:
    """PUT /v3/groups/{id}/users/{user_id}: add a member, who may be one already. 403, 404."""
    require_admin(ctx, "add_user_to_group")
    get_or_404(ctx, Group, group_id)
    user = get_or_404(ctx, User, user_id)
    if group_id not in user.groups:
        user.groups = [*user.groups, group_id]
        ctx.world.tx.put(user)
    return Response(204)


def remove_user(ctx: Context, group_id: str, user_id: str) -> Response:
    """DELETE /v3/groups/{id}/users/{user_id}: remove a member, whose tokens become invalid. 403, 404."""
    require_admin(ctx, "remove_user_from_group")
    user = _get_member(ctx, group_id, user_id)
    user.groups = [id for id in user.groups if id != group_id]
    user.token_generation += 1
    ctx.world.tx.put(user)
    return Response(204)


def list_of_user(ctx: Context, user_id: str) -> dict[str, Any]:
    """GET /v3/users/{id}/groups: the groups of a user, for administrators and the user; filter name. 403, 404."""
    require_admin(ctx, "list_groups_for_user", is_own=ctx.caller.user_id == user_id)
    groups = filter_by_scope(ctx, list_groups(ctx.world.tx, get_or_404(ctx, User, user_id)))
    return collection_view(ctx, "groups", [_view(ctx, each) for each in filter_records(ctx, groups, ("name",))])


def _get_member(ctx: Context, group_id: str, user_id: str) -> User:
    get_or_404(ctx, Group, group_id)
    user = get_or_404(ctx, User, user_id)
    if group_id not in user.groups:
        raise NotFound(reason=f"User '{user_id}' not found in group '{group_id}'")
    return user


def _change(ctx: Context, group: Group, body: dict[str, Any]) -> dict[str, Any]:
    group.description = body.get("description", group.description)
    keep_extra(group, body, KNOWN)
    ctx.world.tx.put(group)
    return _view(ctx, group)


def _view(ctx: Context, group: Group) -> dict[str, Any]:
    return {
        **group.extra,
        "id": group.id,
        "name": group.name,
        "domain_id": group.domain_id,
        "description": group.description,
        "links": {"self": url(ctx, f"groups/{group.id}")},
    }
