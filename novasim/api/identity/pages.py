"""Pages of the lists of users, groups and projects, with limit and marker. Source: keystone/server/flask/common.py."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from novasim.api.collections import parse_limit
from novasim.api.context import Context
from novasim.api.identity.resources import collection_view, url
from novasim.errors import BadRequest, NotFound

Object = dict[str, Any]

MAX_PAGE = 1000
"""Keystone's option max_db_limit."""


def page_view(ctx: Context, key: str, views: list[Object]) -> Object:
    """
    A page of a list, in the order of the ids; without limit and marker in the query, the whole list as it is.

    A full page links to the next one, which may be empty.

    Raises:
        BadRequest: limit is not a number (400). NotFound: there is nothing with the id that marker says (404).
    """
    limit, marker = _read_limit(ctx), ctx.query("marker")
    if limit is None and not marker:
        return collection_view(ctx, key, views)
    views = sorted(views, key=lambda view: str(view["id"]))
    if marker:
        views = _drop_until(views, marker)
    if limit is None or len(views) < limit:
        return collection_view(ctx, key, views)
    page = views[:limit]
    view = collection_view(ctx, key, page)
    if page:
        query = dict(ctx.request.query) | {"marker": page[-1]["id"], "limit": limit}
        view["links"]["next"] = url(ctx, f"{ctx.request.path.removeprefix('/v3/')}?{urlencode(query)}")
    return view | {"truncated": True}


def _read_limit(ctx: Context) -> int | None:
    text = ctx.query("limit")
    if not text:
        return None
    refusal = BadRequest(reason=f"Invalid input for field 'limit': {text!r} is not a number")
    return min(parse_limit(text, refusal), MAX_PAGE)


def _drop_until(views: list[Object], marker: str) -> list[Object]:
    for position, view in enumerate(views):
        if view["id"] == marker:
            return views[position + 1 :]
    raise NotFound(reason=f"Marker {marker} could not be found.")
