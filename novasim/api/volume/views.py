"""Volumes, snapshots and attachments as the volume service shows them."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.volume.types import find_type_id
from novasim.records import Volume, VolumeSnapshot

HOST = "volumes@simulated#pool"
LATER_ATTRIBUTES = (  # first microversion 3.N, name, value
    (48, "service_uuid", None),
    (48, "shared_targets", False),
    (65, "consumes_quota", True),
)
LATER_ADMIN_ATTRIBUTES = ((21, "provider_id"), (61, "cluster_name"))


def format_time(moment: str) -> str:
    """The volume service's time format: with microseconds, without a zone."""
    return moment.rstrip("Z")


def created_view(ctx: Context, volume: Volume) -> dict[str, Any]:
    """A volume in the response to a create or update; some clients reject any further key."""
    return {
        "id": volume.id,
        "name": volume.name,
        "description": volume.description,
        "size": volume.size,
        "status": volume.status,
        "volume_type": volume.volume_type,
        "availability_zone": volume.availability_zone,
        "bootable": "true" if volume.bootable else "false",
        "multiattach": volume.multiattach,
        "encrypted": volume.encryption_key_id is not None,
        "snapshot_id": volume.snapshot_id,
        "source_volid": volume.source_volid,
        "consistencygroup_id": None,
        "replication_status": None,
        "migration_status": volume.migration_status,
        "metadata": volume.metadata,
        "attachments": [_attachment(ctx, volume, attachment) for attachment in volume.attachments],
        "user_id": volume.user_id,
        "created_at": format_time(volume.created_at),
        "updated_at": format_time(volume.updated_at),
        "links": links(ctx, "volumes", volume.id),
    }


def volume_view(ctx: Context, volume: Volume) -> dict[str, Any]:
    """All attributes of a volume."""
    view = created_view(ctx, volume) | {"os-vol-tenant-attr:tenant_id": volume.project_id}
    if ctx.minor >= 13:
        view["group_id"] = volume.group_id
    view |= {name: value for since, name, value in LATER_ATTRIBUTES if ctx.minor >= since}
    if volume.image_metadata:
        view["volume_image_metadata"] = volume.image_metadata
    if ctx.caller.is_admin:
        view |= {
            "os-vol-host-attr:host": HOST,
            "os-vol-mig-status-attr:migstat": volume.migration_status,
            "os-vol-mig-status-attr:name_id": None,
        }
        view |= {name: None for since, name in LATER_ADMIN_ATTRIBUTES if ctx.minor >= since}
    if ctx.minor >= 63:
        view["volume_type_id"] = find_type_id(ctx, volume.volume_type)
    if ctx.minor >= 64 and volume.encryption_key_id:
        view["encryption_key_id"] = volume.encryption_key_id
    return view


def _attachment(ctx: Context, volume: Volume, attachment: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": volume.id,
        "volume_id": volume.id,
        "server_id": attachment["server_id"],
        "attachment_id": attachment["attachment_id"],
        "device": attachment["device"],
        "attached_at": format_time(attachment["attached_at"]),
        "host_name": None,
    }


def links(ctx: Context, collection: str, id: str) -> list[dict[str, str]]:
    """The links of a resource, with and without the version in the path."""
    base, project = f"{ctx.request.endpoint}/volume", ctx.caller.project_id
    return [
        {"rel": "self", "href": f"{base}/v3/{project}/{collection}/{id}"},
        {"rel": "bookmark", "href": f"{base}/{project}/{collection}/{id}"},
    ]


def snapshot_view(ctx: Context, snapshot: VolumeSnapshot, full: bool = True) -> dict[str, Any]:
    """A snapshot; the short list and the response to a create have fewer attributes."""
    view: dict[str, Any] = {
        "id": snapshot.id,
        "name": snapshot.name,
        "description": snapshot.description,
        "volume_id": snapshot.volume_id,
        "status": snapshot.status,
        "size": snapshot.size,
        "metadata": snapshot.metadata,
        "created_at": format_time(snapshot.created_at),
        "updated_at": format_time(snapshot.updated_at),
    }
    if full:
        view |= {
            "os-extended-snapshot-attributes:progress": snapshot.progress,
            "os-extended-snapshot-attributes:project_id": snapshot.project_id,
        }
    later = ((14, "group_snapshot_id", snapshot.group_snapshot_id), (41, "user_id", snapshot.user_id))
    for since, name, value in (*later, (65, "consumes_quota", True)):
        if ctx.minor >= since:
            view[name] = value
    return view
