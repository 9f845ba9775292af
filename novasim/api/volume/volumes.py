"""/v3/{project}/volumes: volumes from their making to their end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.collections import listed
from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.api.request import Response
from novasim.api.volume.lookup import OTHERWISE, all_of, get_snapshot, get_volume, keep, page, writer
from novasim.api.volume.quotas import check_room
from novasim.api.volume.types import type_named
from novasim.api.volume.views import created_view, links, volume_view
from novasim.errors import BadRequest, NotSimulated
from novasim.records import Volume, VolumeSnapshot
from novasim.simulation.scheduling.placement import list_zones
from novasim.strutils import bool_from_string

GIB = 1024**3
RULE = "volume:"
OUTSIDE = ("consistencygroup_id", "backup_id", "group_id", "cluster_name")


def index(ctx: Context, project: str) -> dict[str, Any]:
    """Ids and names."""
    return _listed(ctx, lambda v: {"id": v.id, "name": v.name, "links": links(ctx, "volumes", v.id)})


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """All attributes."""
    return _listed(ctx, lambda volume: volume_view(ctx, volume))


def _listed(ctx: Context, view: Callable[[Volume], dict[str, Any]]) -> dict[str, Any]:
    found = {volume.id: volume for volume in reversed(all_of(ctx, Volume)) if _asked(ctx, volume)}
    chosen = listed(ctx, [volume_view(ctx, volume) for volume in found.values()], OTHERWISE)
    return page(ctx, "volumes", [view(found[full["id"]]) for full in chosen])


def _asked(ctx: Context, volume: Volume) -> bool:
    bootable = ctx.query("bootable")
    return (bootable is None or bool_from_string(bootable) == volume.bootable) and (
        _holds(ctx.query("metadata"), volume.metadata) and _holds(ctx.query("glance_metadata"), volume.image_metadata)
    )


def _holds(wanted: str | None, values: dict[str, Any]) -> bool:
    """Whether the values are as a filter such as {'key': 'value'} says."""
    if wanted is None:
        return True
    from ast import literal_eval

    try:
        pairs = dict(literal_eval(wanted))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise BadRequest(reason=f"Invalid filter value: {wanted}") from None
    return all(values.get(key) == value for key, value in pairs.items())


def summary(ctx: Context, project: str) -> dict[str, Any]:
    """How many volumes there are, and how big they are together."""
    found = all_of(ctx, Volume)
    metadata: dict[str, list[str]] = {}
    for key, value in (pair for volume in found for pair in volume.metadata.items()):
        if value not in metadata.setdefault(key, []):
            metadata[key].append(value)
    size = sum(volume.size for volume in found)
    return {"volume-summary": {"total_count": len(found), "total_size": size, "metadata": metadata}}


def show(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """One volume."""
    return {"volume": volume_view(ctx, get_volume(ctx, volume_id))}


def create(ctx: Context, project: str) -> Response:
    """
    A volume: blank, or from an image, a snapshot or another volume; it is available at once.

    Raises:
        BadRequest: a source or zone that does not exist, or a size below the source's (400).
        OverLimit: the quota of volumes or of gigabytes is used up (413).
    """
    writer(ctx, RULE + "create")
    asked = ctx.body["volume"]
    _check_simulated(ctx, asked)
    least, fields = _source(ctx, asked)
    size = int(asked["size"]) if asked.get("size") is not None else least
    if size < max(least, 1):
        raise BadRequest(reason=f"Invalid input received: Volume size {size} must be at least {max(least, 1)} GiB.")
    check_room(ctx.world, ctx.caller.project_id, volumes=1, gigabytes=size)
    volume = Volume(
        id=ctx.world.ids.uuid(),
        size=size,
        project_id=ctx.caller.project_id,
        user_id=ctx.caller.user_id,
        name=asked.get("name") or asked.get("display_name") or "",
        description=asked.get("description", asked.get("display_description")),
        volume_type=type_named(ctx, asked.get("volume_type")),
        multiattach=bool_from_string(asked.get("multiattach")),
        availability_zone=_zone(ctx, asked),
        metadata=dict(asked.get("metadata") or {}),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **fields,
    )
    ctx.world.tx.put(volume)
    return Response(202, {"volume": created_view(ctx, volume)})


def _check_simulated(ctx: Context, asked: dict[str, Any]) -> None:
    for name in OUTSIDE:
        if asked.get(name):
            raise NotSimulated(reason=f"Volumes by {name} are not simulated; leave it out.")


def _zone(ctx: Context, asked: dict[str, Any]) -> str:
    zone = asked.get("availability_zone") or "nova"
    if zone not in {"nova", *list_zones(ctx.world)}:
        raise BadRequest(reason=f"Invalid input received: Availability zone '{zone}' is invalid.")
    return str(zone)


def _source(ctx: Context, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The least size in GiB that a source asks for, and what the volume remembers of it."""
    if ref := asked.get("imageRef"):
        return _from_image(ctx, ref)
    if ref := asked.get("snapshot_id"):
        snapshot = get_snapshot(ctx, ref)
        source = ctx.world.tx.get(Volume, snapshot.volume_id)
        kept = {"bootable": source.bootable, "image_metadata": dict(source.image_metadata)} if source else {}
        return snapshot.size, {"snapshot_id": snapshot.id, **kept}
    if ref := asked.get("source_volid"):
        source = get_volume(ctx, ref)
        kept = {"bootable": source.bootable, "image_metadata": dict(source.image_metadata)}
        return source.size, {"source_volid": source.id, **kept}
    if asked.get("size") is None:
        raise BadRequest(reason="Invalid input for field/attribute size. Value: None. A size is needed.")
    return 1, {}


def _from_image(ctx: Context, ref: str) -> tuple[int, dict[str, Any]]:
    image = find_image(ctx, ref)
    if image is None:
        raise BadRequest(reason=f"Invalid image identifier or unable to access requested image: {ref}.")
    if image.status != "active":
        raise BadRequest(reason=f"Invalid input received: Image {image.id} is not active.")
    kept = {
        "image_id": image.id,
        "image_name": image.name or "",
        "min_disk": str(image.min_disk),
        "min_ram": str(image.min_ram),
        "size": str(image.size or 0),
        "checksum": image.checksum or "",
        "container_format": image.container_format or "",
        "disk_format": image.disk_format or "",
    }
    return max(image.min_disk, -(-(image.size or 0) // GIB), 1), {"image_metadata": kept, "bootable": True}


def update(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """Name, description, metadata."""
    writer(ctx, RULE + "update")
    volume = get_volume(ctx, volume_id)
    asked = ctx.body["volume"]
    if (name := asked.get("name", asked.get("display_name", volume.name))) != volume.name:
        volume.name = name or ""
    volume.description = asked.get("description", asked.get("display_description", volume.description))
    if "metadata" in asked:
        volume.metadata = dict(asked["metadata"] or {})
    keep(ctx, volume)
    return {"volume": created_view(ctx, volume)}


def delete(ctx: Context, project: str, volume_id: str) -> Response:
    """Remove a volume that no server uses and no snapshot depends on; with force, whatever its status."""
    writer(ctx, RULE + "delete")
    volume = get_volume(ctx, volume_id)
    forced = bool_from_string(ctx.query("force"))
    cascade = bool_from_string(ctx.query("cascade"))
    remove(ctx, volume, cascade=cascade, forced=forced)
    return Response(202)


def remove(ctx: Context, volume: Volume, *, cascade: bool, forced: bool) -> None:
    """
    Remove a volume.

    Raises:
        BadRequest: it is in use, or has snapshots (400).
    """
    snapshots = ctx.world.tx.query(VolumeSnapshot, {"volume_id": volume.id})
    free = volume.status in ("available", "error", "error_restoring", "error_extending", "error_managing")
    if volume.attachments or not (free or forced) or (snapshots and not cascade):
        raise BadRequest(
            reason="Invalid volume: Volume status must be available or error or error_restoring or error_extending or "
            "error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a "
            "transfer, or be disassociated from snapshots after volume transfer."
        )
    for snapshot in snapshots:
        ctx.world.tx.delete(snapshot)
    ctx.world.tx.delete(volume)
