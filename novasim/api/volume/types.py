"""/v3/{project}/types: volume types. A default type always exists; administrators create and change types."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import apply_query
from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import read_action, read_is_public
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Volume, VolumeGroup, VolumeType
from novasim.simulation.volume_quotas import OF_TYPES, QUOTAS
from novasim.simulation.world import World
from novasim.strutils import bool_from_string

USER_VISIBLE = ("RESKEY:availability_zones", "multiattach", "replication_enabled")  # extra specs
TRUE = "<is> True"

DEFAULT_ID, DEFAULT_NAME = "d1f6e0b5-0000-4000-8000-000000000001", Volume.volume_type
UNCHANGED = VolumeType(id=DEFAULT_ID, name=DEFAULT_NAME, description="Simulated volumes")
"""The default type before a change, which stores a copy."""


def list_types(world: World) -> list[VolumeType]:
    """All volume types, the default type first."""
    stored = world.tx.query(VolumeType)
    if any(each.id == DEFAULT_ID for each in stored):
        return sorted(stored, key=lambda each: each.id != DEFAULT_ID)
    return [UNCHANGED, *stored]


def _view(ctx: Context, volume_type: VolumeType) -> dict[str, Any]:
    view = {
        "id": volume_type.id,
        "name": volume_type.name,
        "description": volume_type.description,
        "is_public": volume_type.is_public,
        "os-volume-type-access:is_public": volume_type.is_public,
        "extra_specs": _visible_specs(ctx, volume_type),
    }
    return view | {"qos_specs_id": volume_type.qos_specs_id} if ctx.caller.is_admin else view


def _list_visible_types(ctx: Context) -> list[VolumeType]:
    return [
        volume_type
        for volume_type in list_types(ctx.world)
        if volume_type.is_public or ctx.caller.is_admin or ctx.caller.project_id in volume_type.projects
    ]


def find_type_name(ctx: Context, name: str | None) -> str:
    """
    Return the name of the type with a name or id, or of the default type.

    Raises:
        NotFound: there is no such type (404).
    """
    if not name:
        return DEFAULT_NAME
    for volume_type in _list_visible_types(ctx):
        if name in (volume_type.name, volume_type.id):
            return volume_type.name
    raise NotFound(reason=f"Volume type with name {name} could not be found.")


def find_type_id(ctx: Context, name: str) -> str | None:
    """Return the id of the type with a name, or None."""
    if name == DEFAULT_NAME:
        return DEFAULT_ID
    return next((volume_type.id for volume_type in ctx.world.tx.query(VolumeType, {"name": name})), None)


def index(ctx: Context, project: str) -> dict[str, Any]:
    """
    GET /v3/{project}/types: the visible types; administrators can filter by is_public. 400.

    Public types include private ones of the caller's project. Source: cinder/db/sqlalchemy/api.py,
    _process_volume_types_params.
    """
    public = read_is_public(ctx) if ctx.caller.is_admin else None  # for others, those of their project, too
    found = [
        each
        for each in _list_visible_types(ctx)
        if public in (None, each.is_public) or (public and ctx.caller.project_id in each.projects)
    ]
    return {
        "volume_types": apply_query(ctx, [_view(ctx, volume_type) for volume_type in found], frozenset(("is_public",)))
    }


def show(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """GET /v3/{project}/types/{id}: one type; the id "default" is the default type. 404."""
    return {"volume_type": _view(ctx, get_type(ctx, DEFAULT_ID if type_id == "default" else type_id))}


def get_type(ctx: Context, type_id: str) -> VolumeType:
    """
    Return a type that the caller may see, for a change, too.

    Raises:
        NotFound: it does not exist, or is not visible (404).
    """
    for volume_type in _list_visible_types(ctx):
        if volume_type.id == type_id:
            return VolumeType.from_document(UNCHANGED.to_document()) if volume_type is UNCHANGED else volume_type
    raise NotFound(reason=f"Volume type {type_id} could not be found.")


def create(ctx: Context, project: str) -> dict[str, Any]:
    """POST /v3/{project}/types: create a type. 400, 403, 409."""
    _require_admin(ctx, "type_create")
    body = ctx.body["volume_type"]
    _check_name(ctx, body["name"])
    volume_type = VolumeType(
        id=ctx.world.ids.uuid(),
        name=body["name"],
        description=body.get("description"),
        is_public=bool_from_string(body.get("os-volume-type-access:is_public", True)),
        extra_specs=dict(body.get("extra_specs") or {}),
    )
    ctx.world.tx.put(volume_type)
    view = _view(ctx, volume_type)
    del view["qos_specs_id"]  # only this response lacks it
    return {"volume_type": view}


def _check_name(ctx: Context, name: str, own: str = "") -> None:
    if any(volume_type.name == name and volume_type.id != own for volume_type in list_types(ctx.world)):
        raise Conflict(reason=f"Volume Type {name} already exists.")


def update(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """PUT /v3/{project}/types/{id}: change name, description and visibility. 400, 403, 404, 409."""
    volume_type = get_for_admin(ctx, type_id, "type_update")
    body = ctx.body["volume_type"]
    if all(body.get(name) is None for name in ("name", "description", "is_public")):
        raise BadRequest(reason="Specify volume type name, description, is_public or a combination thereof.")
    if body.get("name", volume_type.name) not in (None, "", volume_type.name):
        _check_name(ctx, body["name"], volume_type.id)
        if volume_type.id == DEFAULT_ID:
            raise BadRequest(reason=f"The volume type {volume_type.name} is the default and keeps its name.")
        for volume in ctx.world.tx.query(Volume, {"volume_type": volume_type.name}):
            volume.volume_type = body["name"]
            ctx.world.tx.put(volume)
        QUOTAS.rename(ctx.world, {f"{part}_{volume_type.name}": f"{part}_{body['name']}" for part in OF_TYPES})
        volume_type.name = body["name"]
    if body.get("description") is not None:
        volume_type.description = body["description"]
    if body.get("is_public") is not None:
        volume_type.is_public = bool_from_string(body["is_public"])
    ctx.world.tx.put(volume_type)
    return {"volume_type": _view(ctx, volume_type)}


def delete(ctx: Context, project: str, type_id: str) -> Response:
    """DELETE /v3/{project}/types/{id}: delete a type without volumes and groups. 400, 403, 404."""
    volume_type = get_for_admin(ctx, type_id, "type_delete")
    if type_id == DEFAULT_ID:
        raise BadRequest(reason=f"The volume type {type_id} is a default volume type and cannot be deleted.")
    groups = ctx.world.tx.query(VolumeGroup)
    is_in_group = any(volume_type.id in group.volume_type_ids for group in groups)
    if is_in_group or ctx.world.tx.query(Volume, {"volume_type": volume_type.name}):
        raise BadRequest(reason="Target volume type is still in use.")
    ctx.world.tx.delete(volume_type)
    return Response(202)


def get_for_admin(ctx: Context, type_id: str, rule: str) -> VolumeType:
    """
    Return a type for a request of administrators.

    Args:
        rule: The end of the rule's name, such as "type_update".

    Raises:
        Forbidden: the caller is not an administrator (403). NotFound: there is no such type (404).
    """
    _require_admin(ctx, rule)
    return get_type(ctx, type_id)


def _require_admin(ctx: Context, rule: str) -> None:
    require_admin(ctx, f"Policy doesn't allow volume_extension:{rule} to be performed.")


def list_extra_specs(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """GET .../extra_specs: the extra specs of a type. 404."""
    return {"extra_specs": _visible_specs(ctx, get_type(ctx, type_id))}


def _visible_specs(ctx: Context, volume_type: VolumeType) -> dict[str, str]:
    """The extra specs that the caller may see: all for an administrator."""
    specs = volume_type.extra_specs
    return specs if ctx.caller.is_admin else {key: specs[key] for key in USER_VISIBLE if key in specs}


def set_extra_specs(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """POST .../extra_specs: add or change extra specs of a type without volumes. 400, 403, 404."""
    _store_specs(ctx, get_for_admin(ctx, type_id, "types_extra_specs:create"), ctx.body["extra_specs"])
    return {"extra_specs": ctx.body["extra_specs"]}


def update_extra_spec(ctx: Context, project: str, type_id: str, key: str) -> dict[str, Any]:
    """PUT .../extra_specs/{key}: add or change one extra spec of a type without volumes. 400, 403, 404."""
    volume_type = get_for_admin(ctx, type_id, "types_extra_specs:update")
    _check_unused(ctx, volume_type)
    if key not in ctx.body:
        raise BadRequest(reason="Request body and URI mismatch")
    _store_specs(ctx, volume_type, ctx.body)
    return dict(ctx.body)


def _store_specs(ctx: Context, volume_type: VolumeType, specs: dict[str, str]) -> None:
    _check_unused(ctx, volume_type)
    merged = {**volume_type.extra_specs, **specs}
    if {"cacheable", "multiattach"} & specs.keys() and merged.get("cacheable") == merged.get("multiattach") == TRUE:
        raise BadRequest(reason="cacheable cannot be set with multiattach.")
    volume_type.extra_specs = merged
    ctx.world.tx.put(volume_type)


def _check_unused(ctx: Context, volume_type: VolumeType) -> None:
    if ctx.world.tx.query(Volume, {"volume_type": volume_type.name}):
        raise BadRequest(reason="Volume Type is currently in use.")


def show_extra_spec(ctx: Context, project: str, type_id: str, key: str) -> dict[str, Any]:
    """GET .../extra_specs/{key}: one extra spec. 404."""
    volume_type = get_type(ctx, type_id)
    return {key: _get_spec(volume_type, _visible_specs(ctx, volume_type), key)}


def delete_extra_spec(ctx: Context, project: str, type_id: str, key: str) -> Response:
    """DELETE .../extra_specs/{key}: remove one extra spec of a type without volumes. 400, 403, 404."""
    volume_type = get_for_admin(ctx, type_id, "types_extra_specs:delete")
    _check_unused(ctx, volume_type)
    _get_spec(volume_type, volume_type.extra_specs, key)
    del volume_type.extra_specs[key]
    ctx.world.tx.put(volume_type)
    return Response(202)


def _get_spec(volume_type: VolumeType, specs: dict[str, str], key: str) -> str:
    if key not in specs:
        raise NotFound(reason=f"Volume Type {volume_type.id} has no extra specs with key {key}.")
    return specs[key]


def list_access(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """GET .../os-volume-type-access: the projects that may use a private type. 403, 404."""
    volume_type = get_for_admin(ctx, type_id, "volume_type_access:get_all_for_type")
    if volume_type.is_public:
        raise NotFound(reason="Access list not available for public volume types.")
    return {"volume_type_access": [{"volume_type_id": volume_type.id, "project_id": id} for id in volume_type.projects]}


def act(ctx: Context, project: str, type_id: str) -> Response:
    """POST /v3/{project}/types/{id}/action: grant or revoke access to a private type. 400, 403, 404, 409."""
    key, arguments = read_action(ctx)
    if key not in ("addProjectAccess", "removeProjectAccess") or not isinstance(arguments.get("project"), str):
        raise BadRequest(reason="The action must be addProjectAccess or removeProjectAccess, with a project.")
    volume_type = get_for_admin(ctx, type_id, f"volume_type_access:{key}")
    has_access = arguments["project"] in volume_type.projects
    if key == "addProjectAccess" and (has_access or volume_type.is_public):
        raise Conflict(
            reason=f"Volume type access for {volume_type.id} / {arguments['project']} combination already exists."
        )
    if key == "removeProjectAccess" and not has_access:
        raise NotFound(
            reason=f"Volume type access not found for {volume_type.id} / {arguments['project']} combination."
        )
    volume_type.projects = [id for id in volume_type.projects if id != arguments["project"]]
    if key == "addProjectAccess":
        volume_type.projects.append(arguments["project"])
    ctx.world.tx.put(volume_type)
    return Response(202)
