"""/v3/{project}/types: the kinds of volumes. One is always there, administrators make more."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import listed
from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import action_asked
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Volume, VolumeType
from novasim.strutils import bool_from_string

STANDARD = VolumeType(
    id="d1f6e0b5-0000-4000-8000-000000000001", name="standard", description="Simulated volumes", is_public=True
)


def _view(ctx: Context, kind: VolumeType) -> dict[str, Any]:
    view = {
        "id": kind.id,
        "name": kind.name,
        "description": kind.description,
        "is_public": kind.is_public,
        "os-volume-type-access:is_public": kind.is_public,
        "extra_specs": kind.extra_specs,
    }
    return view | {"qos_specs_id": None} if ctx.caller.is_admin else view


def _visible(ctx: Context) -> list[VolumeType]:
    return [
        kind
        for kind in (STANDARD, *ctx.world.tx.query(VolumeType))
        if kind.is_public or ctx.caller.is_admin or ctx.caller.project_id in kind.projects
    ]


def type_named(ctx: Context, name: str | None) -> str:
    """
    The name of the type that a request names by name or id, or of the usual one.

    Raises:
        NotFound: no such type (404).
    """
    if not name:
        return STANDARD.name
    for kind in _visible(ctx):
        if name in (kind.name, kind.id):
            return kind.name
    raise NotFound(reason=f"Volume type with name {name} could not be found.")


def type_id(ctx: Context, name: str) -> str | None:
    """The id of the type of that name, if it is still there."""
    return next((kind.id for kind in (STANDARD, *ctx.world.tx.query(VolumeType)) if kind.name == name), None)


def index(ctx: Context, project: str) -> dict[str, Any]:
    """The types that the caller may use; administrators choose by is_public."""
    text = (ctx.query("is_public") or "true").lower()
    public = None if text == "none" else bool_from_string(text)
    found = [kind for kind in _visible(ctx) if public is None or not ctx.caller.is_admin or kind.is_public == public]
    return {"volume_types": listed(ctx, [_view(ctx, kind) for kind in found], frozenset(("is_public",)))}


def show(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """One type; "default" is the usual one."""
    return {"volume_type": _view(ctx, STANDARD if type_id == "default" else _get(ctx, type_id))}


def _get(ctx: Context, type_id: str) -> VolumeType:
    for kind in _visible(ctx):
        if kind.id == type_id:
            return kind
    raise NotFound(reason=f"Volume type {type_id} could not be found.")


def create(ctx: Context, project: str) -> dict[str, Any]:
    """A new type."""
    _for_admin(ctx, "create")
    asked = ctx.body["volume_type"]
    _check_name(ctx, asked["name"])
    kind = VolumeType(
        id=ctx.world.ids.uuid(),
        name=asked["name"],
        description=asked.get("description"),
        is_public=bool(asked.get("os-volume-type-access:is_public", True)),
        extra_specs=dict(asked.get("extra_specs") or {}),
    )
    ctx.world.tx.put(kind)
    return {"volume_type": _view(ctx, kind)}


def _check_name(ctx: Context, name: str, own: str = "") -> None:
    if any(kind.name == name and kind.id != own for kind in (STANDARD, *ctx.world.tx.query(VolumeType))):
        raise Conflict(reason=f"Volume Type {name} already exists.")


def update(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """Name, description, and who may use it."""
    kind = _own(ctx, type_id, "update")
    asked = ctx.body["volume_type"]
    if asked.get("name"):
        _check_name(ctx, asked["name"], kind.id)
        for volume in ctx.world.tx.query(Volume, {"volume_type": kind.name}):
            volume.volume_type = asked["name"]
            ctx.world.tx.put(volume)
        kind.name = asked["name"]
    kind.description = asked.get("description", kind.description)
    kind.is_public = bool(asked.get("is_public", kind.is_public))
    ctx.world.tx.put(kind)
    return {"volume_type": _view(ctx, kind)}


def delete(ctx: Context, project: str, type_id: str) -> Response:
    """Remove a type that no volume has."""
    kind = _own(ctx, type_id, "delete")
    if ctx.world.tx.query(Volume, {"volume_type": kind.name}):
        raise BadRequest(reason="Target volume type is still in use.")
    ctx.world.tx.delete(kind)
    return Response(202)


def _own(ctx: Context, type_id: str, verb: str) -> VolumeType:
    """A type that can change: the one that is always there cannot."""
    _for_admin(ctx, verb)
    kind = _get(ctx, type_id)
    if kind is STANDARD:
        raise BadRequest(reason=f"The volume type {kind.name} is the default one and cannot be changed.")
    return kind


def _for_admin(ctx: Context, verb: str) -> None:
    require_admin(ctx, f"Policy doesn't allow volume_extension:type_{verb} to be performed.")


def specs_index(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """The extra specs of a type."""
    return {"extra_specs": _get(ctx, type_id).extra_specs}


def specs_create(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """Add extra specs, or change some."""
    kind = _own(ctx, type_id, "specs_create")
    kind.extra_specs = {**kind.extra_specs, **ctx.body["extra_specs"]}
    ctx.world.tx.put(kind)
    return {"extra_specs": ctx.body["extra_specs"]}


def specs_show(ctx: Context, project: str, type_id: str, key: str) -> dict[str, Any]:
    """One extra spec."""
    return {key: _spec(_get(ctx, type_id), key)}


def specs_delete(ctx: Context, project: str, type_id: str, key: str) -> Response:
    """Remove one extra spec."""
    kind = _own(ctx, type_id, "specs_delete")
    _spec(kind, key)
    del kind.extra_specs[key]
    ctx.world.tx.put(kind)
    return Response(202)


def _spec(kind: VolumeType, key: str) -> str:
    if key not in kind.extra_specs:
        raise NotFound(reason=f"Volume Type {kind.id} has no extra specs with key {key}.")
    return kind.extra_specs[key]


def access_index(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """The projects that may use a private type."""
    _for_admin(ctx, "access")
    kind = _get(ctx, type_id)
    if kind.is_public:
        raise NotFound(reason="Access list not available for public volume types.")
    return {"volume_type_access": [{"volume_type_id": kind.id, "project_id": one} for one in kind.projects]}


def act(ctx: Context, project: str, type_id: str) -> Response:
    """POST .../action: let a project use a private type, or no longer."""
    kind = _own(ctx, type_id, "access")
    key, given = action_asked(ctx)
    if key not in ("addProjectAccess", "removeProjectAccess") or not isinstance(given.get("project"), str):
        raise BadRequest(reason="addProjectAccess or removeProjectAccess with a project is needed.")
    there = given["project"] in kind.projects
    if key == "addProjectAccess" and (there or kind.is_public):
        raise Conflict(reason=f"Volume type access for {kind.id} / {given['project']} combination already exists.")
    if key == "removeProjectAccess" and not there:
        raise NotFound(reason=f"Volume type access not found for {kind.id} / {given['project']} combination.")
    kind.projects = [one for one in kind.projects if one != given["project"]]
    if key == "addProjectAccess":
        kind.projects.append(given["project"])
    ctx.world.tx.put(kind)
    return Response(202)
