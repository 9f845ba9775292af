"""
/v3/{project}/group_types: types of groups of volumes, and their specs.

Source: cinder/api/v3/group_types.py and group_specs.py; cinder/db/migrations, which creates the default type.
"""

from __future__ import annotations

from typing import Any

from novasim.api.collections import apply_query
from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import read_is_public
from novasim.errors import BadRequest, Conflict, NotFound, NotSimulated
from novasim.records import GroupType, VolumeGroup
from novasim.strutils import bool_from_string

# The type that Cinder's database has from the beginning. No group can have it.
RESERVED_ID = "d1f6e0b5-0000-4000-8000-000000000002"
NO_DEFAULT = "Default group type can not be found."


def list_types(ctx: Context) -> list[GroupType]:
    """The types that the caller may see, the reserved one first. It is stored once it has been changed."""
    reserved = GroupType(
        id=RESERVED_ID,
        name="default_cgsnapshot_type",
        description="Default group type for migrating cgsnapshot",
        group_specs={"consistent_group_snapshot_enabled": "<is> True"},
    )
    known = {reserved.id: reserved} | {each.id: each for each in ctx.world.tx.query(GroupType)}
    return [each for each in known.values() if each.is_public or ctx.caller.is_admin]


def find_type(ctx: Context, name: str) -> GroupType:
    """
    Return the type with a name or id.

    Raises:
        NotFound: there is no such type that the caller may see (404).
    """
    for group_type in list_types(ctx):
        if name in (group_type.id, group_type.name):
            return group_type
    raise NotFound(reason=f"Group type with name {name} could not be found.")


def check_not_reserved(group_type_id: str, kind: str = "group") -> None:
    """Raises BadRequest (400): the type is the reserved one."""
    if group_type_id == RESERVED_ID:
        raise BadRequest(
            reason=f"Group_type {group_type_id} is reserved for migrating CGs to groups. Migrated {kind} can only be "
            "operated by CG APIs."
        )


def _get(ctx: Context, id: str) -> GroupType:
    for group_type in list_types(ctx):
        if group_type.id == id:
            return group_type
    raise NotFound(reason=f"Group type {id} could not be found.")


def _view(ctx: Context, group_type: GroupType) -> dict[str, Any]:
    names = ("id", "name", "description", "is_public", *(("group_specs",) if ctx.caller.is_admin else ()))
    return {name: getattr(group_type, name) for name in names}


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/group_types: the visible types; administrators can filter by is_public. 400."""
    public = read_is_public(ctx) if ctx.caller.is_admin else True
    found = [each for each in list_types(ctx) if public in (None, each.is_public)]
    views = [_view(ctx, each) for each in reversed(found)]
    return {"group_types": apply_query(ctx, views, frozenset(("is_public",)))}


def show(ctx: Context, project: str, group_type_id: str) -> dict[str, Any]:
    """GET /v3/{project}/group_types/{id}: one type; there is no default type. 404."""
    if group_type_id == "default":
        raise NotFound(reason=NO_DEFAULT)
    return {"group_type": _view(ctx, _get(ctx, group_type_id))}


def create(ctx: Context, project: str) -> Response:
    """POST /v3/{project}/group_types: create a type. 400, 403, 409."""
    _require_admin(ctx, "group_types:create")
    body = ctx.body["group_type"]
    _check_name(ctx, body["name"])
    group_type = GroupType(
        id=ctx.world.ids.uuid(),
        name=body["name"],
        description=body.get("description"),
        is_public=bool_from_string(body.get("is_public", True)),
        group_specs=dict(body.get("group_specs") or {}),
    )
    ctx.world.tx.put(group_type)
    return Response(202, {"group_type": _view(ctx, group_type)})


def _check_name(ctx: Context, name: str, own: str = "") -> None:
    if any(each.name == name and each.id != own for each in list_types(ctx)):
        raise Conflict(reason=f"Group Type {name} already exists.")


def update(ctx: Context, project: str, group_type_id: str) -> dict[str, Any]:
    """PUT /v3/{project}/group_types/{id}: change name, description and visibility. 400, 403, 404, 409."""
    _require_admin(ctx, "group_types:update")
    body = {name: value for name, value in ctx.body["group_type"].items() if value is not None}
    if "name" in body and not body["name"].strip():
        raise BadRequest(reason="Group type name can not be empty.")
    if not body:
        raise BadRequest(reason="Specify group type name, description or a combination thereof.")
    group_type = _get(ctx, group_type_id)
    _check_name(ctx, body.get("name", group_type.name), group_type_id)
    group_type.name = body.get("name", group_type.name)
    group_type.description = body.get("description", group_type.description)
    group_type.is_public = bool_from_string(body.get("is_public", group_type.is_public))
    ctx.world.tx.put(group_type)
    return {"group_type": _view(ctx, group_type)}


def delete(ctx: Context, project: str, group_type_id: str) -> Response:
    """DELETE /v3/{project}/group_types/{id}: delete a type without groups. 400, 403, 404, 501."""
    _require_admin(ctx, "group_types:delete")
    group_type = _get(ctx, group_type_id)
    if group_type_id == RESERVED_ID:
        raise NotSimulated(reason=f"The deletion of the group type {group_type.name} is not simulated.")
    if any(group.group_type_id == group_type_id for group in ctx.world.tx.query(VolumeGroup)):
        raise BadRequest(reason="Target group type is still in use.")
    ctx.world.tx.delete(group_type)
    return Response(202)


def list_specs(ctx: Context, project: str, group_type_id: str) -> dict[str, Any]:
    """GET .../group_specs: the specs of a type. 403, 404."""
    return {"group_specs": _get_for_specs(ctx, group_type_id, "get_all").group_specs}


def set_specs(ctx: Context, project: str, group_type_id: str) -> Response:
    """POST .../group_specs: add or change specs of a type. 400, 403, 404."""
    _store_specs(ctx, _get_for_specs(ctx, group_type_id, "create"), ctx.body["group_specs"])
    return Response(202, ctx.body)


def show_spec(ctx: Context, project: str, group_type_id: str, key: str) -> dict[str, Any]:
    """GET .../group_specs/{key}: one spec of a type. 403, 404."""
    specs = _get_for_specs(ctx, group_type_id, "get").group_specs
    if key not in specs:
        raise NotFound(reason=f"Group Type {group_type_id} has no extra spec with key {key}.")
    return {key: specs[key]}


def update_spec(ctx: Context, project: str, group_type_id: str, key: str) -> Any:
    """PUT .../group_specs/{key}: add or change one spec of a type. 400, 403, 404."""
    group_type = _get_for_specs(ctx, group_type_id, "update")
    if key not in ctx.body:
        raise BadRequest(reason="Request body and URI mismatch")
    _store_specs(ctx, group_type, ctx.body)
    return ctx.body


def _store_specs(ctx: Context, group_type: GroupType, specs: dict[str, Any]) -> None:
    group_type.group_specs = {**group_type.group_specs, **specs}
    ctx.world.tx.put(group_type)


def delete_spec(ctx: Context, project: str, group_type_id: str, key: str) -> Response:
    """DELETE .../group_specs/{key}: remove one spec of a type. 403, 404."""
    group_type = _get_for_specs(ctx, group_type_id, "delete")
    if key not in group_type.group_specs:
        raise NotFound(reason=f"Group Type {group_type_id} has no specs with key {key}.")
    del group_type.group_specs[key]
    ctx.world.tx.put(group_type)
    return Response(202)


def _get_for_specs(ctx: Context, id: str, verb: str) -> GroupType:
    _require_admin(ctx, f"group_types_specs:{verb}")
    return _get(ctx, id)


def _require_admin(ctx: Context, rule: str) -> None:
    require_admin(ctx, f"Policy doesn't allow group:{rule} to be performed.")
