"""
The order of the image list: sort_key and sort_dir, or sort.

Source: glance/api/v2/images.py RequestDeserializer._get_sorting_params.
"""

from __future__ import annotations

from typing import Any

from novasim.api.collections import sort_value
from novasim.api.context import Context
from novasim.errors import BadRequest

KEYS = ("name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at")
DEFAULT_DIRECTION = "desc"
Order = list[tuple[str, str]]


def sort_images(ctx: Context, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Sort views of images as the query says, by default the newest first. Equal ones are sorted by age, then by id.

    Raises:
        BadRequest: a key or direction is unknown, their numbers differ, or both syntaxes are used (400).
    """
    for key, direction in reversed(_read_order(ctx)):
        views = sorted(views, key=lambda view: sort_value(view.get(key)), reverse=direction == "desc")
    return views


def _read_order(ctx: Context) -> Order:
    order = _read_new_syntax(ctx) if ctx.query("sort") is not None else _read_old_syntax(ctx)
    directions = ctx.queries("sort_dir") if ctx.query("sort") is None else order
    default = order[0][1] if len(directions) == 1 else DEFAULT_DIRECTION
    return order + [(key, default) for key in ("created_at", "id") if key not in dict(order)]


def _read_new_syntax(ctx: Context) -> Order:
    if ctx.queries("sort_key") or ctx.queries("sort_dir"):
        raise BadRequest(reason="Old and new sorting syntax cannot be combined")
    pairs = [part.partition(":") for part in (ctx.query("sort") or "").strip().split(",")]
    return [(_check_key(key.strip()), _check_direction(way.strip() or DEFAULT_DIRECTION)) for key, _, way in pairs]


def _read_old_syntax(ctx: Context) -> Order:
    keys = [_check_key(key.strip()) for key in ctx.queries("sort_key")]
    directions = [_check_direction(way.strip()) for way in ctx.queries("sort_dir")]
    if len(directions) > 1 and len(directions) != len(keys):
        raise BadRequest(reason="Number of sort dirs does not match the number of sort keys")
    keys = keys or ["created_at"]
    if len(directions) <= 1:
        directions = (directions or [DEFAULT_DIRECTION]) * len(keys)
    return list(zip(keys, directions, strict=True))


def _check_key(key: str) -> str:
    if key not in KEYS:
        raise BadRequest(reason=f"Invalid sort key: {key}. It must be one of the following: {', '.join(KEYS)}.")
    return key


def _check_direction(direction: str) -> str:
    if direction not in ("asc", "desc"):
        raise BadRequest(reason=f"Invalid sort direction: {direction}")
    return direction
