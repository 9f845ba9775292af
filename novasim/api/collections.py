"""Lists of the services that surround Nova: filters by field, chosen fields, sorting and pages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from novasim.api.context import Context
from novasim.errors import BadRequest, NovaFault
from novasim.strutils import bool_from_string

View = dict[str, Any]
CONTROL_KEYS = frozenset(
    ("limit", "marker", "fields", "sort_key", "sort_dir", "page_reverse", "sort", "with_count", "offset")
)
"""Query keys that are not filters."""
# By service: the default and the largest limit. Source: Glance, limit_param_default and api_limit_max.
PAGE_SIZES = {"image": (25, 1000)}
MAX_LIMIT_DIGITS = 9  # a longer limit means no limit


def apply_query(ctx: Context, views: Sequence[View], ignored: frozenset[str] = frozenset()) -> list[View]:
    """
    Filter, sort and cut a list by the query.

    Args:
        ignored: Query keys that the caller has already handled.

    Returns:
        The views of the requested page, with the requested fields.

    Raises:
        BadRequest: the marker is unknown, or the limit is not a number (400).
    """
    matching = [view for view in views if matches_fields(ctx, view, ignored)]
    return [select_fields(ctx, view) for view in cut_page(ctx, _sort(ctx, matching))]


def count_matching(ctx: Context, views: Sequence[View], ignored: frozenset[str] = frozenset()) -> int:
    """The number of views, on all pages, that match the filters of the query."""
    return sum(matches_fields(ctx, view, ignored) for view in views)


def matches_fields(ctx: Context, view: View, ignored: frozenset[str]) -> bool:
    """Whether a view has one of the values of each field that the query names, except for *ignored* names."""
    keys = {name for name, _ in ctx.request.query if name in view} - CONTROL_KEYS - ignored
    return all(any(_equals(view[key], text) for text in ctx.queries(key)) for key in keys)


def _equals(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return bool_from_string(text, default=None) == value
    if isinstance(value, list):
        return text in value
    return str("" if value is None else value) == text


def _sort(ctx: Context, views: list[View]) -> list[View]:
    keys = ctx.queries("sort_key") or [part.partition(":")[0] for part in (ctx.query("sort") or "").split(",") if part]
    directions = ctx.queries("sort_dir") or [part.partition(":")[2] for part in (ctx.query("sort") or "").split(",")]
    for number in reversed(range(len(keys))):
        is_descending = number < len(directions) and directions[number] == "desc"
        views = sorted(views, key=lambda view: sort_value(view.get(keys[number])), reverse=is_descending)
    return views


def sort_value(value: Any) -> tuple[int, float, str]:
    """A key that sorts None before numbers, and numbers before text."""
    if value is None:
        return 0, 0, ""
    return (1, value, "") if isinstance(value, (int, float)) else (2, 0, str(value))


def cut_page(ctx: Context, views: list[View]) -> list[View]:
    """
    The page of a list that the query requests by marker and limit.

    Raises:
        BadRequest: the marker is unknown, or the limit is not a number (400).
    """
    limit = _read_limit(ctx)
    if marker := ctx.query("marker"):
        ids = [view.get("id") for view in views]
        if marker not in ids:
            raise BadRequest(reason=f"marker [{marker}] not found")
        views = views[ids.index(marker) + 1 :]
    return views[:limit]


def _read_limit(ctx: Context) -> int | None:
    limit = ctx.query("limit")
    default, most = PAGE_SIZES.get(ctx.request.service, (None, None))
    if limit is None:
        return default
    refusal = BadRequest(reason=f"limit must be a whole number, not {limit!r}")
    return min(parse_limit(limit, refusal), most or sys.maxsize)


def parse_limit(text: str, refusal: NovaFault) -> int:
    """
    A limit in a query; sys.maxsize for one with very many digits.

    Raises:
        NovaFault: it is not a whole number; *refusal* says so in the words of the service.
    """
    if not (text.isascii() and text.isdigit()):
        raise refusal
    return int(text) if len(text) <= MAX_LIMIT_DIGITS else sys.maxsize


def select_fields(ctx: Context, view: View) -> View:
    """The fields of a view that the query names, or all."""
    fields = list(filter(None, ctx.queries("fields")))
    return {name: view[name] for name in fields if name in view} if fields else view


def collection_view(ctx: Context, key: str, views: Sequence[View]) -> dict[str, Any]:
    """A page of a list; a full page has a link to the next one."""
    view: dict[str, Any] = {key: views}
    if is_full_page(ctx, views):
        href = f"{ctx.request.endpoint}/{ctx.request.service}{ctx.request.path}?{next_page_query(ctx, views[-1]['id'])}"
        view[f"{key}_links"] = [{"rel": "next", "href": href}]
    return view


def is_full_page(ctx: Context, views: Sequence[View]) -> bool:
    """Whether the page is full, so that another may follow."""
    return bool(views) and len(views) == _read_limit(ctx)


def next_page_query(ctx: Context, last_id: str) -> str:
    """The query of the page after the record *last_id*."""
    from urllib.parse import urlencode

    other = [(name, value) for name, value in ctx.request.query if name != "marker"]
    return urlencode([*other, ("marker", last_id)])
