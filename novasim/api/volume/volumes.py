"""/v3/{project}/volumes: volumes and what is done to them."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import is_full, listed
from novasim.api.compute.find import image_by_ref
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound, NotSimulated
from novasim.records import Volume, VolumeSnapshot

OTHERWISE = frozenset(("all_tenants", "project_id", "cascade", "force"))


def index(ctx: Context, project: str) -> dict[str, Any]:
    """Ids and names."""
    return _listed(ctx, lambda volume: {"id": volume.id, "name": volume.name, "links": []})


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """All attributes."""
    return _listed(ctx, lambda volume: volume_view(ctx, volume))


def _listed(ctx: Context, view: Any) -> dict[str, Any]:
    everybody = ctx.caller.is_admin and (ctx.query("all_tenants") or "0").lower() in ("1", "true")
    found = [v for v in ctx.world.tx.all(Volume) if everybody or v.project_id == ctx.caller.project_id]
    chosen = {full["id"] for full in listed(ctx, [volume_view(ctx, volume) for volume in found], OTHERWISE)}
    views = [view(volume) for volume in found if volume.id in chosen]
    answer: dict[str, Any] = {"volumes": views}
    if is_full(ctx, views):
        href = f"{ctx.request.endpoint}/volume{ctx.request.path}?limit={ctx.query('limit')}&marker={views[-1]['id']}"
        answer["volumes_links"] = [{"rel": "next", "href": href}]
    return answer


def show(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """One volume."""
    return {"volume": volume_view(ctx, get_volume(ctx, volume_id))}


def create(ctx: Context, project: str) -> Response:
    """
    A volume: blank, or from an image, a snapshot or another volume; it is available at once.

    Raises:
        BadRequest: a source that does not exist, or a size below it (400).
    """
    asked = _inner(ctx, "volume")
    least, fields = _source(ctx, asked)
    size = _whole(asked, "size", least)
    if size < max(least, 1):
        raise BadRequest(reason=f"Invalid input received: volume size {size} must be at least {max(least, 1)}.")
    volume = Volume(
        id=ctx.world.ids.uuid(), size=size, project_id=ctx.caller.project_id, user_id=ctx.caller.user_id,
        name=asked.get("name") or "", description=asked.get("description"),
        volume_type=asked.get("volume_type") or "standard", multiattach=bool(asked.get("multiattach", False)),
        availability_zone=asked.get("availability_zone") or "nova", metadata=dict(asked.get("metadata") or {}),
        created_at=ctx.world.time, updated_at=ctx.world.time, **fields,
    )  # fmt: skip
    ctx.world.tx.put(volume)
    view = volume_view(ctx, volume)
    extras = [name for name in view if name.startswith("os-") or name == "volume_image_metadata"]
    return Response(202, {"volume": {name: value for name, value in view.items() if name not in extras}})


def _whole(asked: dict[str, Any], name: str, default: int) -> int:
    """A number of GiB, which Cinder takes as a text, too."""
    value = asked.get(name)
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        raise BadRequest(reason=f"Invalid input received: {value!r} is not a whole number of GiB.") from None


def _source(ctx: Context, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The least size in GiB that a source asks for, and what the volume remembers of it."""
    if ref := asked.get("imageRef"):
        image = image_by_ref(ctx, ref)
        if image is None:
            raise BadRequest(reason=f"Invalid image identifier or unable to access requested image: {ref}.")
        kept = {"image_id": image.id, "image_name": image.name or "", "min_disk": str(image.min_disk)}
        return max(image.min_disk, 1), {"image_metadata": kept, "bootable": True}
    if ref := asked.get("snapshot_id"):
        snapshot = get_snapshot(ctx, ref)
        return snapshot.size, {"snapshot_id": snapshot.id}
    if ref := asked.get("source_volid"):
        source = get_volume(ctx, ref)
        return source.size, {"source_volid": source.id, "bootable": source.bootable}
    return 1, {}


def update(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """Name, description, metadata."""
    volume = get_volume(ctx, volume_id)
    asked = _inner(ctx, "volume")
    for name in ("name", "description", "metadata"):
        if name in asked:
            setattr(volume, name, asked[name])
    _keep(ctx, volume)
    return {"volume": volume_view(ctx, volume)}


def delete(ctx: Context, project: str, volume_id: str) -> Response:
    """Remove a volume that no server uses and no snapshot depends on."""
    volume = get_volume(ctx, volume_id)
    snapshots = ctx.world.tx.find(VolumeSnapshot, volume_id=volume.id)
    cascade = (ctx.query("cascade") or "").lower() == "true"
    if volume.attachments or volume.status == "in-use" or (snapshots and not cascade):
        raise BadRequest(
            reason="Invalid volume: Volume status must be available or error or error_restoring or error_extending or "
            "error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a "
            "transfer, or be disassociated from snapshots after volume transfer."
        )
    for snapshot in snapshots:
        ctx.world.tx.delete(snapshot)
    ctx.world.tx.delete(volume)
    return Response(202)


def act(ctx: Context, project: str, volume_id: str) -> Response:
    """POST .../action: extend, set bootable, reset status, read-only and retype as far as they mean something here."""
    volume = get_volume(ctx, volume_id)
    if not isinstance(ctx.body, dict) or len(ctx.body) != 1:
        raise BadRequest(reason="Malformed request body")
    key, given = next(iter(ctx.body.items()))
    if key not in ACTIONS:
        raise NotSimulated(reason=f"The volume action {key} is not simulated; these are: {', '.join(ACTIONS)}.")
    ACTIONS[key](volume, given or {})
    _keep(ctx, volume)
    return Response(202 if key in ("os-extend", "os-reset_status", "os-retype") else 200)


def _extend(volume: Volume, given: dict[str, Any]) -> None:
    size = _whole(given, "new_size", 0)
    if size <= volume.size:
        raise BadRequest(
            reason=f"Invalid input received: New size for extend must be greater than current size. "
            f"(current: {volume.size}, extended: {size})."
        )
    volume.size = size


def _set_bootable(volume: Volume, given: dict[str, Any]) -> None:
    volume.bootable = bool(given.get("bootable"))


def _reset_status(volume: Volume, given: dict[str, Any]) -> None:
    volume.status = str(given.get("status") or volume.status)


def _retype(volume: Volume, given: dict[str, Any]) -> None:
    volume.volume_type = str(given.get("new_type") or volume.volume_type)


ACTIONS = {
    "os-extend": _extend,
    "os-set_bootable": _set_bootable,
    "os-reset_status": _reset_status,
    "os-retype": _retype,
}


def get_volume(ctx: Context, volume_id: str) -> Volume:
    """A volume of the caller's project, or any for an administrator (404 otherwise)."""
    volume = ctx.world.tx.get(Volume, volume_id)
    if volume is None or (volume.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise NotFound(reason=f"Volume {volume_id} could not be found.")
    return volume


def get_snapshot(ctx: Context, snapshot_id: str) -> VolumeSnapshot:
    """A snapshot of the caller's project, or any for an administrator (404 otherwise)."""
    snapshot = ctx.world.tx.get(VolumeSnapshot, snapshot_id)
    if snapshot is None or (snapshot.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise NotFound(reason=f"Snapshot {snapshot_id} could not be found.")
    return snapshot


def _inner(ctx: Context, name: str) -> dict[str, Any]:
    if not isinstance(ctx.body, dict) or not isinstance(ctx.body.get(name), dict):
        raise BadRequest(reason=f"Missing required element '{name}' in request body.")
    return dict(ctx.body[name])


def _keep(ctx: Context, volume: Volume) -> None:
    volume.updated_at = ctx.world.time
    ctx.world.tx.put(volume)


def volume_view(ctx: Context, volume: Volume) -> dict[str, Any]:
    """All attributes of a volume."""
    view: dict[str, Any] = {
        "id": volume.id,
        "name": volume.name,
        "description": volume.description,
        "size": volume.size,
        "status": volume.status,
        "volume_type": volume.volume_type,
        "availability_zone": volume.availability_zone,
        "bootable": "true" if volume.bootable else "false",
        "multiattach": volume.multiattach,
        "encrypted": False,
        "snapshot_id": volume.snapshot_id,
        "source_volid": volume.source_volid,
        "consistencygroup_id": None,
        "replication_status": None,
        "migration_status": None,
        "metadata": volume.metadata,
        "attachments": [_attachment_view(volume, attachment) for attachment in volume.attachments],
        "user_id": volume.user_id,
        "created_at": volume.created_at.rstrip("Z"),
        "updated_at": volume.updated_at.rstrip("Z"),
        "links": [],
        "os-vol-tenant-attr:tenant_id": volume.project_id,
    }
    if volume.image_metadata:
        view["volume_image_metadata"] = volume.image_metadata
    if ctx.caller.is_admin:
        view |= {
            "os-vol-host-attr:host": "volumes@simulated#pool",
            "os-vol-mig-status-attr:migstat": None,
            "os-vol-mig-status-attr:name_id": None,
        }
    return view


def _attachment_view(volume: Volume, attachment: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": volume.id,
        "volume_id": volume.id,
        "server_id": attachment["server_id"],
        "attachment_id": attachment["attachment_id"],
        "device": attachment["device"],
        "attached_at": attachment["attached_at"].rstrip("Z"),
        "host_name": None,
    }
