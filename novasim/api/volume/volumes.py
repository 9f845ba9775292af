"""/v3/{project}/volumes: list, show, create, update and delete volumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.collections import collection_view
from novasim.api.context import Context
from novasim.api.image.lookup import find_image, is_visible
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.groups.groups import find_group_for_volume
from novasim.api.volume.lookup import (
    HANDLED_FILTERS,
    count_view,
    get_backup,
    get_snapshot,
    get_volume,
    list_visible,
    read_flag,
    require_writer,
    save,
)
from novasim.api.volume.paging import list_page
from novasim.api.volume.types import find_type_id, find_type_name
from novasim.api.volume.views import created_view, links, volume_view
from novasim.errors import BadRequest, Conflict, NotSimulated
from novasim.lifecycle.volumes import is_migrating
from novasim.records import Image, Volume, VolumeSnapshot
from novasim.simulation.hosts.volume_services import choose_status
from novasim.simulation.scheduling.placement import list_zones
from novasim.simulation.volume_creation import (
    Source,
    check_source,
    create_encryption_key,
    is_encryption_different,
    is_multiattach_type,
    read_source,
)
from novasim.simulation.volume_quotas import check_quota
from novasim.simulation.volumes import remove_volume
from novasim.strutils import bool_from_string

RULE = "volume:"
FORCED_DELETE, FROM_BACKUP = 23, 47  # microversions 3.N
FILTERS = HANDLED_FILTERS | {"id"}
NOT_SIMULATED = ("cluster_name",)


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/volumes: ids and names of the visible volumes. 400."""
    return _list(ctx, lambda v: {"id": v.id, "name": v.name, "links": links(ctx, "volumes", v.id)})


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/volumes/detail: the visible volumes with all attributes. 400."""
    return _list(ctx, lambda volume: volume_view(ctx, volume))


def _list(ctx: Context, view: Callable[[Volume], dict[str, Any]]) -> dict[str, Any]:
    volumes = {volume.id: volume for volume in reversed(list_visible(ctx, Volume)) if _matches_query(ctx, volume)}
    views = [volume_view(ctx, volume) for volume in volumes.values()]
    page = [view(volumes[each["id"]]) for each in list_page(ctx, "Volume", views, FILTERS)]
    return collection_view(ctx, "volumes", page) | count_view(ctx, views, FILTERS)


def _matches_query(ctx: Context, volume: Volume) -> bool:
    bootable = ctx.query("bootable")
    return (bootable is None or bool_from_string(bootable) == volume.bootable) and (
        _is_one_of(ctx.query("id"), volume.id)
        and _contains(ctx.query("metadata"), volume.metadata)
        and _contains(ctx.query("glance_metadata"), volume.image_metadata)
    )


def _is_one_of(text: str | None, volume_id: str) -> bool:
    """
    Whether a filter is an id, or a list of ids such as ['first', 'second'].

    Source: cinder/volume/api.py, check_volume_filters.
    """
    if text is None or not text.startswith("["):
        return text in (None, volume_id)
    from ast import literal_eval

    try:
        return volume_id in literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False


def _contains(text: str | None, values: dict[str, Any]) -> bool:
    """Whether the values contain those of a filter such as {'key': 'value'}."""
    if text is None:
        return True
    from ast import literal_eval

    try:
        pairs = dict(literal_eval(text))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise BadRequest(reason=f"Invalid filter value: {text}") from None
    return all(values.get(key) == value for key, value in pairs.items())


def show_summary(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/volumes/summary: number, total size and metadata of the visible volumes."""
    volumes = list_visible(ctx, Volume)
    metadata: dict[str, list[str]] = {}
    for key, value in (pair for volume in volumes for pair in volume.metadata.items()):
        if value not in metadata.setdefault(key, []):
            metadata[key].append(value)
    size = sum(volume.size for volume in volumes)
    return {"volume-summary": {"total_count": len(volumes), "total_size": size, "metadata": metadata}}


def show(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """GET /v3/{project}/volumes/{id}: one volume. 404."""
    return {"volume": volume_view(ctx, get_volume(ctx, volume_id))}


def create(ctx: Context, project: str) -> Response:
    """
    POST /v3/{project}/volumes: create a volume, blank or from a source; it is available, or has failed, at once.

    Raises:
        BadRequest: the source or zone does not exist, the source needs a larger volume, or the group other types (400).
        Forbidden: the caller may only read (403).
        NotFound: the snapshot, volume, backup, type or group does not exist (404).
        OverLimit: the quota of volumes or gigabytes is exceeded (413).
        NotSimulated: the volume is created in a cluster (501).
    """
    require_writer(ctx, RULE + "create")
    body = ctx.body["volume"]
    _check_simulated(ctx, body)
    source = _find_source(ctx, body)
    size = int(body["size"]) if body.get("size") is not None else source.smallest_size
    check_source(source, size)
    fields = read_source(ctx.world, source)
    volume_type = _find_type(ctx, fields.pop("volume_type", None))
    check_quota(ctx.world, ctx.caller.project_id, volume_type, volumes=1, gigabytes=size)
    group = find_group_for_volume(ctx, body, find_type_id(ctx, volume_type))
    key = create_encryption_key(ctx.world, volume_type)
    volume = Volume(
        id=ctx.world.ids.uuid(),
        size=size,
        project_id=ctx.caller.project_id,
        user_id=ctx.caller.user_id,
        name=body.get("name") or body.get("display_name") or "",
        description=body.get("description", body.get("display_description")),
        volume_type=volume_type,
        multiattach=bool_from_string(body.get("multiattach")) or is_multiattach_type(ctx.world, volume_type),
        encryption_key_id=key,
        group_id=group.id if group else None,
        availability_zone=group.availability_zone if group else _find_zone(ctx, body),
        metadata=dict(body.get("metadata") or {}),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **fields,
    )
    volume.status = choose_status(ctx.world)
    ctx.world.tx.put(volume)
    return Response(202, {"volume": created_view(ctx, volume)})


def _check_simulated(ctx: Context, body: dict[str, Any]) -> None:
    for name in NOT_SIMULATED:
        if body.get(name):
            raise NotSimulated(reason=f"The attribute {name} of volumes is not simulated. Remove it from the request.")


def _find_type(ctx: Context, source_type: str | None) -> str:
    """
    Return the name of a new volume's type: the requested one, that of its source volume or snapshot, or the default.

    Raises:
        BadRequest: the source has another encryption (400). NotFound: there is no such type (404).
    """
    name = find_type_name(ctx, ctx.body["volume"].get("volume_type") or source_type)
    if source_type and is_encryption_different(ctx.world, name, source_type):
        raise BadRequest(
            reason=f"Invalid input received: Invalid volume_type provided: {find_type_id(ctx, name)} (requested type "
            "is not compatible; recommend omitting the type argument)."
        )
    return name


def _find_zone(ctx: Context, body: dict[str, Any]) -> str:
    zone = body.get("availability_zone") or "nova"
    if zone not in {"nova", *list_zones(ctx.world)}:
        raise BadRequest(reason=f"Invalid input received: Availability zone '{zone}' is invalid.")
    return str(zone)


def _find_source(ctx: Context, body: dict[str, Any]) -> Source:
    if ref := body.get("imageRef"):
        image = _find_image(ctx, ref)
        if image is None:
            raise BadRequest(reason="Invalid image identifier or unable to access requested image.")
        return Source(image=image)
    if ref := body.get("snapshot_id"):
        snapshot = get_snapshot(ctx, ref)
        _check_source_status("snapshot", snapshot.status, "available")
        return Source(snapshot=snapshot)
    if ref := body.get("source_volid"):
        volume = get_volume(ctx, ref)
        _check_source_status("source volume", volume.status, "available", "in-use")
        return Source(volume=volume)
    if ctx.minor >= FROM_BACKUP and (ref := body.get("backup_id")):
        backup = get_backup(ctx, ref)
        _check_source_status("backup", backup.status, "available")
        return Source(backup=backup)
    if body.get("size") is None:
        raise BadRequest(reason="Invalid input for field/attribute size. Value: None. A size is needed.")
    return Source()


def _find_image(ctx: Context, ref: str) -> Image | None:
    """
    Return the image with an id, which may be at the end of a URL, or with a name.

    Raises:
        Conflict: several visible images have the name (409).

    Source: cinder/api/v3/volumes.py _image_uuid_from_ref.
    """
    if image := find_image(ctx, ref.rpartition("/")[2]):
        return image
    images = [each for each in ctx.world.tx.query(Image, {"name": ref}) if is_visible(ctx, each)]
    if len(images) > 1:
        raise Conflict(reason=f"Multiple matches found for '{ref}', use an ID to be more specific.")
    return images[0] if images else None


def _check_source_status(kind: str, status: str, *expected: str) -> None:
    if status not in expected:
        raise BadRequest(
            reason=f"Invalid {kind.split()[-1]}: Originating {kind} status must be one of "
            f"'{', '.join(expected)}' values"
        )


def update(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """PUT /v3/{project}/volumes/{id}: change name, description and metadata. 400, 403, 404."""
    require_writer(ctx, RULE + "update")
    volume, body = get_volume(ctx, volume_id), ctx.body["volume"]
    if (name := body.get("name", body.get("display_name", volume.name))) != volume.name:
        volume.name = name or ""
    volume.description = body.get("description", body.get("display_description", volume.description))
    if "metadata" in body:
        volume.metadata = dict(body["metadata"] or {})
    save(ctx, volume)
    return {"volume": created_view(ctx, volume)}


def delete(ctx: Context, project: str, volume_id: str) -> Response:
    """
    DELETE /v3/{project}/volumes/{id}: delete a volume; cascade deletes its snapshots, too. 400, 403, 404.

    From 3.23 on, administrators can force the deletion of a volume in any status, unless it is attached.
    """
    require_writer(ctx, RULE + "delete")
    volume = get_volume(ctx, volume_id)
    forced = ctx.minor >= FORCED_DELETE and read_flag(ctx, "force")
    if forced:
        require_admin(ctx, "Policy doesn't allow volume:force_delete to be performed.")
    cascade = read_flag(ctx, "cascade")
    delete_volume(ctx, volume, cascade=cascade, forced=forced)
    return Response(202)


def delete_volume(ctx: Context, volume: Volume, *, cascade: bool, forced: bool) -> None:
    """
    Delete a volume.

    Args:
        cascade: Also delete its snapshots. forced: Ignore its status.

    Raises:
        BadRequest: it is in use, or in a group, or has snapshots (400).
    """
    snapshots = ctx.world.tx.query(VolumeSnapshot, {"volume_id": volume.id})
    free = volume.status in ("available", "error", "error_restoring", "error_extending", "error_managing")
    has_kept_snapshots = any(not cascade or _is_kept(ctx, snapshot) for snapshot in snapshots)
    is_bound = volume.attachments or is_migrating(volume) or volume.group_id
    if is_bound or has_kept_snapshots or not (free or forced):
        raise BadRequest(
            reason="Invalid volume: Volume status must be available or error or error_restoring or error_extending or "
            "error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a "
            "transfer, or be disassociated from snapshots after volume transfer."
        )
    for snapshot in snapshots:
        ctx.world.tx.delete(snapshot)
    remove_volume(ctx.world, volume)


def _is_kept(ctx: Context, snapshot: VolumeSnapshot) -> bool:
    """Whether a volume and its snapshot cannot be deleted together. Source: cinder/volume/api.py, delete."""
    is_foreign = snapshot.project_id != ctx.caller.project_id and not ctx.caller.is_admin
    return is_foreign or snapshot.group_snapshot_id is not None
