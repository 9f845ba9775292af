"""/v3/{project}/volumes/{id}/metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.volume.lookup import get_volume, require_writer, save
from novasim.errors import BadRequest, NotFound
from novasim.records import Volume


def index(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """GET .../metadata: the metadata of a volume. 404."""
    return {"metadata": get_volume(ctx, volume_id).metadata}


def add(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """POST .../metadata: add or change values. 400, 403, 404."""
    return _change_metadata(ctx, volume_id, lambda old: {**old, **ctx.body["metadata"]})


def replace(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """PUT .../metadata: replace all values. 400, 403, 404."""
    return _change_metadata(ctx, volume_id, lambda old: dict(ctx.body["metadata"]))


def _change_metadata(
    ctx: Context, volume_id: str, change: Callable[[dict[str, str]], dict[str, str]]
) -> dict[str, Any]:
    require_writer(ctx, "volume:create_volume_metadata")
    volume = get_volume(ctx, volume_id)
    volume.metadata = change(volume.metadata)
    save(ctx, volume)
    return {"metadata": volume.metadata}


def show(ctx: Context, project: str, volume_id: str, key: str) -> dict[str, Any]:
    """GET .../metadata/{key}: one value. 404."""
    return {"meta": {key: _get_value(get_volume(ctx, volume_id), key)}}


def update(ctx: Context, project: str, volume_id: str, key: str) -> dict[str, Any]:
    """PUT .../metadata/{key}: set one value. 400, 403, 404."""
    if set(ctx.body["meta"]) != {key}:
        raise BadRequest(reason="Request body and URI mismatch.")
    _change_metadata(ctx, volume_id, lambda old: {**old, **ctx.body["meta"]})
    return {"meta": ctx.body["meta"]}


def delete(ctx: Context, project: str, volume_id: str, key: str) -> Response:
    """DELETE .../metadata/{key}: remove one value. 403, 404."""
    _get_value(get_volume(ctx, volume_id), key)
    _change_metadata(ctx, volume_id, lambda old: {name: value for name, value in old.items() if name != key})
    return Response(200)


def _get_value(volume: Volume, key: str) -> str:
    if key not in volume.metadata:
        raise NotFound(reason=f"Volume {volume.id} has no metadata with key {key}.")
    return volume.metadata[key]
