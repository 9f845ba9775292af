"""
/v3/{project}/groups: groups of volumes. A new group is available at once.

Source: cinder/api/v3/groups.py; cinder/group/api.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.volume.groups.types import check_not_reserved, find_type
from novasim.api.volume.lookup import get_group, list_visible, read_flag, require_writer, save
from novasim.api.volume.paging import page_view
from novasim.api.volume.types import find_type_id, find_type_name
from novasim.api.volume.views import format_time
from novasim.errors import BadRequest
from novasim.records import Volume, VolumeGroup
from novasim.simulation.scheduling.placement import list_zones
from novasim.simulation.volume_quotas import check_quota

LATER_ATTRIBUTES = ((14, "group_snapshot_id"), (14, "source_group_id"))  # first microversion 3.N, name
VOLUMES, REPLICATION, PROJECT = 25, 38, 58  # microversions 3.N
REMOVABLE = ("available", "in-use", "error", "error_deleting")
ADDABLE = ("available", "in-use")


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/groups: ids and names of the visible groups. 400, 404."""
    return _list(ctx, is_short=True)


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/groups/detail: the visible groups with all attributes. 400, 404."""
    return _list(ctx, is_short=False)


def _list(ctx: Context, *, is_short: bool) -> dict[str, Any]:
    views = [_view(ctx, each) for each in list_visible(ctx, VolumeGroup)]
    return page_view(ctx, "groups", "Group", views, is_short=is_short)


def show(ctx: Context, project: str, group_id: str) -> dict[str, Any]:
    """GET /v3/{project}/groups/{id}: one group; list_volume adds its volumes. 400, 404."""
    return {"group": _view(ctx, get_group(ctx, group_id))}


def _view(ctx: Context, group: VolumeGroup) -> dict[str, Any]:
    view = {
        "id": group.id,
        "status": group.status,
        "availability_zone": group.availability_zone,
        "created_at": format_time(group.created_at),
        "name": group.name,
        "description": group.description,
        "group_type": group.group_type_id,
        "volume_types": group.volume_type_ids,
    }
    view |= {name: getattr(group, name) for since, name in LATER_ATTRIBUTES if ctx.minor >= since}
    if ctx.minor >= VOLUMES and read_flag(ctx, "list_volume"):
        view["volumes"] = [volume.id for volume in list_members(ctx, group)]
    if ctx.minor >= REPLICATION:
        view["replication_status"] = "disabled"
    return view | ({"project_id": group.project_id} if ctx.minor >= PROJECT and ctx.caller.is_admin else {})


def list_members(ctx: Context, group: VolumeGroup) -> list[Volume]:
    """The volumes of a group, also those that administrators have created in it for another project."""
    return ctx.world.tx.query(Volume, {"group_id": group.id})


def create(ctx: Context, project: str) -> Response:
    """POST /v3/{project}/groups: create an empty group for volumes of some types. 400, 403, 404, 413."""
    require_writer(ctx, "group:create")
    body = ctx.body["group"]
    group_type = find_type(ctx, body["group_type"])
    check_not_reserved(group_type.id)
    type_ids = [_find_type_id(ctx, name) for name in body["volume_types"]]
    zone = body.get("availability_zone") or "nova"
    if zone not in {"nova", *list_zones(ctx.world)}:
        raise BadRequest(reason=f"Invalid input received: Availability zone '{zone}' is invalid.")
    group = build_group(ctx, body, availability_zone=zone, group_type_id=group_type.id, volume_type_ids=type_ids)
    return Response(202, {"group": {"id": group.id, "name": group.name}})


def _find_type_id(ctx: Context, name: str) -> str:
    """Return the id of the volume type with a name or id that the caller may use. 404."""
    return str(find_type_id(ctx, find_type_name(ctx, name)))


def build_group(ctx: Context, body: dict[str, Any], **fields: Any) -> VolumeGroup:
    """
    Create a group with the name and description of a body.

    Raises:
        OverLimit: the project has as many groups as it may have (413).
    """
    check_quota(ctx.world, ctx.caller.project_id, groups=1)
    group = VolumeGroup(
        id=ctx.world.ids.uuid(),
        project_id=ctx.caller.project_id,
        user_id=ctx.caller.user_id,
        name=_strip(body.get("name")),
        description=_strip(body.get("description")),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **fields,
    )
    ctx.world.tx.put(group)
    return group


def _strip(text: str | None) -> str | None:
    return text.strip() if text else text


def update(ctx: Context, project: str, group_id: str) -> Response:
    """PUT /v3/{project}/groups/{id}: change name and description, add and remove volumes. 400, 403, 404."""
    require_writer(ctx, "group:update")
    group, body = get_group(ctx, group_id), ctx.body["group"]
    added, removed = (_split_ids(body.get(key)) for key in ("add_volumes", "remove_volumes"))
    if both := [id for id in added if id in removed]:
        raise BadRequest(reason=f"Invalid volume: UUIDs {both} are in both add and remove volume list.")
    members = {volume.id: volume for volume in list_members(ctx, group)}
    joining = [_find_new_member(ctx, group, id) for id in added if id not in members]
    leaving = [_find_leaving_member(group, members.get(id), id) for id in removed]
    _rename(group, body, is_other_change=bool(joining or leaving))
    for volume in joining:
        volume.group_id = group.id
        save(ctx, volume)
    for volume in leaving:
        volume.group_id = None
        save(ctx, volume)
    save(ctx, group)
    return Response(202)


def _rename(group: VolumeGroup, body: dict[str, Any], is_other_change: bool) -> None:
    new = {key: _strip(body.get(key)) for key in ("name", "description")}
    changes = {key: text for key, text in new.items() if text is not None and text != getattr(group, key)}
    if not changes and not is_other_change:
        raise BadRequest(
            reason=f"Invalid Group: Cannot update group {group.id} because no valid name, description, add_volumes, or "
            "remove_volumes were provided."
        )
    if is_other_change and group.status != "available":
        raise BadRequest(reason="Invalid Group: Group status must be available.")
    group.name, group.description = changes.get("name", group.name), changes.get("description", group.description)
    group.status = "available"


def _split_ids(text: str | None) -> list[str]:
    return (text or "").strip(",").split(",") if text else []


def _find_new_member(ctx: Context, group: VolumeGroup, id: str) -> Volume:
    volume = ctx.world.tx.get(Volume, id)
    if volume is None or not (ctx.caller.is_admin or volume.project_id == ctx.caller.project_id):
        raise _cannot_add(group, id, "volume cannot be found.")
    if volume.group_id:
        raise _cannot_add(group, id, f"it is already in group {volume.group_id}.")
    if volume.project_id != group.project_id:
        raise BadRequest(
            reason=f"Invalid volume: Cannot add volume {id} to group {group.id} as they belong to different projects."
        )
    type_id = find_type_id(ctx, volume.volume_type)
    if type_id not in group.volume_type_ids:
        raise _cannot_add(group, id, f"volume type {type_id} is not supported by the group.")
    if volume.status not in ADDABLE:
        raise _cannot_add(group, id, f"volume is in an invalid state: {volume.status}. Valid states are: {ADDABLE}.")
    return volume


def _cannot_add(group: VolumeGroup, id: str, reason: str) -> BadRequest:
    return BadRequest(reason=f"Invalid volume: Cannot add volume {id} to group {group.id} because {reason}")


def _find_leaving_member(group: VolumeGroup, volume: Volume | None, id: str) -> Volume:
    if volume is None:
        problem = "it is not in the group."
    elif volume.status not in REMOVABLE:
        problem = f"volume is in an invalid state: {volume.status}. Valid states are: {REMOVABLE}."
    else:
        return volume
    raise BadRequest(reason=f"Invalid volume: Cannot remove volume {id} from group {group.id} because {problem}")


def find_group_for_volume(ctx: Context, body: dict[str, Any], type_id: str | None) -> VolumeGroup | None:
    """
    Return the group that the body of a new volume names; None if it names no group.

    Raises:
        BadRequest: the group has another status, or other types (400). NotFound: there is no such group (404).

    Source: cinder/api/v3/volumes.py, create; cinder/volume/api.py, create.
    """
    names = ("group_id", "consistencygroup_id") if ctx.minor >= 13 else ("consistencygroup_id",)
    group_id = next((body[name] for name in names if body.get(name) is not None), None)
    if group_id is None:
        return None
    group = get_group(ctx, group_id)
    if type_id not in group.volume_type_ids:
        raise BadRequest(
            reason=f"Invalid input received: Invalid volume_type provided: {type_id} (requested type must be supported "
            "by this group)."
        )
    if group.status not in ("available", "creating"):
        raise BadRequest(reason="Invalid Group: Originating group status must be one of 'available, creating' values")
    return group
