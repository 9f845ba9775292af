"""Pages of lists: limit, marker, and the link to the next page."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TypeVar

from novasim.api.context import Context
from novasim.api.schemas import Query
from novasim.api.views.links import VERSION
from novasim.errors import BadRequest
from novasim.records import Record

R = TypeVar("R", bound=Record)


def read_limit(ctx: Context, pairs: Query) -> int:
    """
    Return how many records a page may have: the query's limit and, if the request is paged, at most max_limit.

    Raises:
        BadRequest: the limit is not a number (400).
    """
    limits = [value for name, value in pairs if name == "limit"]
    max_limit = int(ctx.world.option("max_limit")) if ctx.request.is_paged else sys.maxsize
    if not limits:
        return max_limit
    try:
        return min(int(limits[-1]), max_limit)
    except ValueError:
        raise BadRequest(reason="Invalid input received: limit must be an integer") from None


def read_marker(pairs: Query) -> str | None:
    """Return the marker, after which the page begins; None without a marker."""
    markers = [value for name, value in pairs if name == "marker"]
    return (markers[-1] or None) if markers else None


def skip_to_marker(
    records: Sequence[R], marker: str | None, key: str = "id", message: str = "marker [{}] not found"
) -> Sequence[R]:
    """
    Return the records after the one whose *key* is *marker*; all of them without a marker.

    Raises:
        BadRequest: no record has the marker (400). The *message* shows the marker as {}.
    """
    if marker is None:
        return records
    for position, record in enumerate(records):
        if getattr(record, key) == marker:
            return records[position + 1 :]
    raise BadRequest(reason=message.format(marker))


def next_page_links(
    ctx: Context, pairs: Query, collection: str, markers: Sequence[str], limit: int
) -> list[dict[str, str]]:
    """Return the link to the next page if the page is full, as Nova does. *markers* are those of its records."""
    if not limit or len(markers) < limit:
        return []
    from urllib.parse import urlencode

    other = sorted(pair for pair in pairs if pair[0] != "marker")
    query = urlencode([*other, ("marker", markers[-1])])
    return [{"rel": "next", "href": f"{ctx.request.endpoint}/{VERSION}/{collection}?{query}"}]
