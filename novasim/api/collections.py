"""What the neighbouring services' lists share: filters by field, chosen fields, sorting, pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from novasim.api.context import Context
from novasim.errors import BadRequest

View = dict[str, Any]
CONTROL = frozenset(
    ("limit", "marker", "fields", "sort_key", "sort_dir", "page_reverse", "sort", "with_count", "offset")
)
BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def listed(ctx: Context, views: Sequence[View], ignored: frozenset[str] = frozenset()) -> list[View]:
    """
    The views that a list query asks for, in its order, cut to its page and fields.

    Args:
        ignored: Query keys with a meaning of their own, handled before.

    Raises:
        BadRequest: an unknown marker, or a limit that is no number (400).
    """
    found = [view for view in views if _matches(ctx, view, ignored)]
    return [_only_fields(ctx, view) for view in _page(ctx, _sorted(ctx, found))]


def _matches(ctx: Context, view: View, ignored: frozenset[str]) -> bool:
    keys = {name for name, _ in ctx.request.query if name in view} - CONTROL - ignored
    return all(any(_equal(view[key], wanted) for wanted in ctx.queries(key)) for key in keys)


def _equal(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        return BOOLEANS.get(wanted.lower()) == value
    if isinstance(value, list):
        return wanted in value
    return str("" if value is None else value) == wanted


def _sorted(ctx: Context, views: list[View]) -> list[View]:
    keys = ctx.queries("sort_key") or [part.partition(":")[0] for part in (ctx.query("sort") or "").split(",") if part]
    directions = ctx.queries("sort_dir") or [part.partition(":")[2] for part in (ctx.query("sort") or "").split(",")]
    for number in reversed(range(len(keys))):
        down = number < len(directions) and directions[number] == "desc"
        views = sorted(views, key=lambda view: str(view.get(keys[number]) or ""), reverse=down)
    return views


def _page(ctx: Context, views: list[View]) -> list[View]:
    if marker := ctx.query("marker"):
        ids = [view["id"] for view in views]
        if marker not in ids:
            raise BadRequest(reason=f"marker [{marker}] not found")
        views = views[ids.index(marker) + 1 :]
    limit = ctx.query("limit")
    if limit is None:
        return views
    if not limit.isdigit():
        raise BadRequest(reason=f"limit must be a whole number, not {limit!r}")
    return views[: int(limit)]


def _only_fields(ctx: Context, view: View) -> View:
    fields = ctx.queries("fields")
    return {name: view[name] for name in fields if name in view} if fields else view


def is_full(ctx: Context, views: Sequence[View]) -> bool:
    """Whether the page is full, so that more may follow."""
    limit = ctx.query("limit")
    return bool(limit) and len(views) == int(limit or 0) > 0
