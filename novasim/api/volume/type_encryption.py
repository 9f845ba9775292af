"""
/v3/{project}/types/{id}/encryption: the encryption of the volumes of a type.

Source: cinder/api/contrib/volume_type_encryption.py; cinder/db/api.py, volume_type_encryption_get.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.volume.lookup import get_volume
from novasim.api.volume.types import get_for_admin
from novasim.api.volume.views import format_time
from novasim.errors import BadRequest, NotFound
from novasim.records import Volume, VolumeType
from novasim.simulation.volume_creation import ENCRYPTION_SETTINGS, find_type


def index(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """GET .../encryption: the encryption of a type, {} without one. 403, 404."""
    return _view(_get_type(ctx, type_id, "get"))


def _view(volume_type: VolumeType) -> dict[str, Any]:
    if not (encryption := volume_type.encryption):
        return {}
    times = {name: format_time(encryption[name]) if encryption[name] else None for name in ("created_at", "updated_at")}
    no_time = {"deleted": False, "deleted_at": None}
    return encryption | {"volume_type_id": volume_type.id} | times | no_time


def show(ctx: Context, project: str, type_id: str, key: str) -> dict[str, Any]:
    """GET .../encryption/{key}: one attribute of the encryption of a type. 403, 404."""
    view = _view(_get_type(ctx, type_id, "get"))
    if key not in view:
        raise _not_found(type_id)
    return {key: view[key]}


def create(ctx: Context, project: str, type_id: str) -> Any:
    """POST .../encryption: encrypt all volumes of a type that has no volumes. 400, 403, 404."""
    volume_type = _get_type(ctx, type_id, "create")
    _check_unused(ctx, volume_type, "create")
    if volume_type.encryption:
        raise BadRequest(reason=f"Volume type encryption for type {type_id} already exists.")
    settings = _read_settings(ctx)
    times = {"created_at": ctx.world.time, "updated_at": None}
    volume_type.encryption = (
        dict.fromkeys(ENCRYPTION_SETTINGS) | settings | {"encryption_id": ctx.world.ids.uuid()} | times
    )
    ctx.world.tx.put(volume_type)
    return {
        "encryption": settings | {"volume_type_id": type_id, "encryption_id": volume_type.encryption["encryption_id"]}
    }


def update(ctx: Context, project: str, type_id: str, key: str) -> Any:
    """PUT .../encryption/{id}: change the encryption of a type that has no volumes. 400, 403, 404."""
    volume_type = _get_type(ctx, type_id, "update")
    _check_unused(ctx, volume_type, "update")
    if not volume_type.encryption:
        raise _not_found(type_id)
    settings = _read_settings(ctx)
    volume_type.encryption |= settings | {"updated_at": ctx.world.time}
    ctx.world.tx.put(volume_type)
    return {"encryption": settings}


def _read_settings(ctx: Context) -> dict[str, Any]:
    body = ctx.body["encryption"]
    settings = {name: body[name] for name in ENCRYPTION_SETTINGS if name in body}
    if settings.get("key_size") is not None:
        settings["key_size"] = int(settings["key_size"])
    return settings


def delete(ctx: Context, project: str, type_id: str, key: str) -> Response:
    """DELETE .../encryption/{id}: end the encryption of a type that has no volumes. 400, 403, 404."""
    volume_type = _get_type(ctx, type_id, "delete")
    _check_unused(ctx, volume_type, "delete")
    if not volume_type.encryption:
        raise _not_found(type_id)
    volume_type.encryption = {}
    ctx.world.tx.put(volume_type)
    return Response(202)


def show_of_volume(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """GET /v3/{project}/volumes/{id}/encryption: the key of a volume, and the encryption of its type. 404."""
    volume = get_volume(ctx, volume_id)
    volume_type = find_type(ctx.world, volume.volume_type)
    encryption = volume_type.encryption if volume_type else {}
    settings = {name: encryption[name] for name in ENCRYPTION_SETTINGS if encryption}
    return {"encryption_key_id": volume.encryption_key_id, **settings}


def _get_type(ctx: Context, type_id: str, verb: str) -> VolumeType:
    return get_for_admin(ctx, type_id, f"volume_type_encryption:{verb}")


def _check_unused(ctx: Context, volume_type: VolumeType, verb: str) -> None:
    if ctx.world.tx.query(Volume, {"volume_type": volume_type.name}):
        raise BadRequest(reason=f"Cannot {verb} encryption specs. Volume type in use.")


def _not_found(type_id: str) -> NotFound:
    return NotFound(reason=f"Volume type encryption for type {type_id} does not exist.")
