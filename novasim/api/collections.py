"""What the neighbouring services' lists share: filters by field, chosen fields, sorting, pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.strutils import bool_from_string

View = dict[str, Any]
CONTROL = frozenset(
    ("limit", "marker", "fields", "sort_key", "sort_dir", "page_reverse", "sort", "with_count", "offset")
)
LONGEST_LIMIT = 9  # digits; longer numbers ask for everything


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
        return bool_from_string(wanted, default=None) == value
    if isinstance(value, list):
        return wanted in value
    return str("" if value is None else value) == wanted


def _sorted(ctx: Context, views: list[View]) -> list[View]:
    keys = ctx.queries("sort_key") or [part.partition(":")[0] for part in (ctx.query("sort") or "").split(",") if part]
    directions = ctx.queries("sort_dir") or [part.partition(":")[2] for part in (ctx.query("sort") or "").split(",")]
    for number in reversed(range(len(keys))):
        down = number < len(directions) and directions[number] == "desc"
        views = sorted(views, key=lambda view: _rank(view.get(keys[number])), reverse=down)
    return views


def _rank(value: Any) -> tuple[int, float, str]:
    """Nothing first, then numbers, then words."""
    if value is None:
        return 0, 0, ""
    return (1, value, "") if isinstance(value, (int, float)) else (2, 0, str(value))


def _page(ctx: Context, views: list[View]) -> list[View]:
    if marker := ctx.query("marker"):
        ids = [view.get("id") for view in views]
        if marker not in ids:
            raise BadRequest(reason=f"marker [{marker}] not found")
        views = views[ids.index(marker) + 1 :]
    return views[: _limit(ctx)]


def _limit(ctx: Context) -> int | None:
    limit = ctx.query("limit")
    if limit is None:
        return None
    if not (limit.isascii() and limit.isdigit()):
        raise BadRequest(reason=f"limit must be a whole number, not {limit!r}")
    return int(limit) if len(limit) <= LONGEST_LIMIT else None


def _only_fields(ctx: Context, view: View) -> View:
    fields = ctx.queries("fields")
    return {name: view[name] for name in fields if name in view} if fields else view


def is_full(ctx: Context, views: Sequence[View]) -> bool:
    """Whether the page is full, so that more may follow."""
    return bool(views) and len(views) == _limit(ctx)


def next_page(ctx: Context, last: str) -> str:
    """The query of the page after this one, which ends with the thing *last*."""
    from urllib.parse import urlencode

    kept = [(name, value) for name, value in ctx.request.query if name != "marker"]
    return urlencode([*kept, ("marker", last)])
