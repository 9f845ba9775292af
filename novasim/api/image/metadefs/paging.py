"""Order and pages of namespaces and of tags."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import parse_limit, sort_value
from novasim.api.context import Context
from novasim.errors import BadRequest

View = dict[str, Any]


def read_limit(ctx: Context, least: int = 0) -> int | None:
    """
    The limit in the query; None without one.

    Raises:
        BadRequest: it is not a number, or less than *least* (400).
    """
    text = ctx.query("limit")
    if not text:
        return None
    limit = parse_limit(text.removeprefix("-"), BadRequest(reason="limit param must be an integer"))
    if limit < least or text.startswith("-"):
        raise BadRequest(reason="limit param must be positive")
    return limit


def sort(ctx: Context, views: list[View], keys: tuple[str, ...]) -> list[View]:
    """
    Sort views, which are in the order of their creation, as the query says; by default the newest first.

    Raises:
        BadRequest: the key or direction does not exist (400).
    """
    key, direction = ctx.query("sort_key") or "created_at", check_direction(ctx)
    if key not in (*keys, "id"):
        raise BadRequest(reason=f"Sort key supplied is invalid: {key}")
    numbered = list(enumerate(views))
    order = sorted(
        numbered,
        key=lambda pair: (sort_value(pair[1].get(key)), sort_value(pair[1].get("created_at")), pair[0]),
        reverse=direction == "desc",
    )
    return [view for _, view in order]


def check_direction(ctx: Context) -> str:
    """Return the direction in the query. Raises BadRequest: it does not exist (400)."""
    direction = ctx.query("sort_dir") or "desc"
    if direction not in ("asc", "desc"):
        raise BadRequest(reason=f"Invalid sort direction: {direction}")
    return direction


def cut_page(views: list[View], key: str, marker: str | None, limit: int | None) -> list[View]:
    """The views after the one whose field *key* is *marker*, at most *limit*."""
    start = next((number + 1 for number, view in enumerate(views) if view[key] == marker), 0)
    return views[start:][:limit]
