"""/v3/{project}/volumes/{id}/metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.volume.lookup import get_volume, keep, writer
from novasim.errors import BadRequest, NotFound
from novasim.records import Volume


def index(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """The metadata of a volume."""
    return {"metadata": get_volume(ctx, volume_id).metadata}


def add(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """Add to the metadata, or change some."""
    return _with_metadata(ctx, volume_id, lambda old: {**old, **ctx.body["metadata"]})


def replace(ctx: Context, project: str, volume_id: str) -> dict[str, Any]:
    """Set all metadata."""
    return _with_metadata(ctx, volume_id, lambda old: dict(ctx.body["metadata"]))


def _with_metadata(ctx: Context, volume_id: str, change: Callable[[dict[str, str]], dict[str, str]]) -> dict[str, Any]:
    writer(ctx, "volume:create_volume_metadata")
    volume = get_volume(ctx, volume_id)
    volume.metadata = change(volume.metadata)
    keep(ctx, volume)
    return {"metadata": volume.metadata}


def show(ctx: Context, project: str, volume_id: str, key: str) -> dict[str, Any]:
    """One value."""
    return {"meta": {key: _known(get_volume(ctx, volume_id), key)}}


def update(ctx: Context, project: str, volume_id: str, key: str) -> dict[str, Any]:
    """Set one value."""
    if set(ctx.body["meta"]) != {key}:
        raise BadRequest(reason="Request body and URI mismatch.")
    _with_metadata(ctx, volume_id, lambda old: {**old, **ctx.body["meta"]})
    return {"meta": ctx.body["meta"]}


def delete(ctx: Context, project: str, volume_id: str, key: str) -> Response:
    """Remove one value."""
    _known(get_volume(ctx, volume_id), key)
    _with_metadata(ctx, volume_id, lambda old: {name: value for name, value in old.items() if name != key})
    return Response(200)


def _known(volume: Volume, key: str) -> str:
    if key not in volume.metadata:
        raise NotFound(reason=f"Volume {volume.id} has no metadata with key {key}.")
    return volume.metadata[key]
