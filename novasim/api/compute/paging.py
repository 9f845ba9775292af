"""Pages of long lists: limit, marker, and the link to the next page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from novasim.api.context import Context
from novasim.api.schemas import Query
from novasim.api.views.links import VERSION
from novasim.errors import BadRequest
from novasim.records import Record

R = TypeVar("R", bound=Record)


def limit_asked(ctx: Context, pairs: Query) -> int:
    """
    How many things fill a page: the query's limit, but not above the option max_limit.

    Raises:
        BadRequest: not a number (400).
    """
    limits = [value for name, value in pairs if name == "limit"]
    most = int(ctx.world.option("max_limit"))
    if not limits:
        return most
    try:
        return min(int(limits[-1]), most)
    except ValueError:
        raise BadRequest(reason="Invalid input received: limit must be an integer") from None


def marker_asked(pairs: Query) -> str | None:
    """The id after which the page begins."""
    markers = [value for name, value in pairs if name == "marker"]
    return (markers[-1] or None) if markers else None


def after(things: Sequence[R], marker: str) -> Sequence[R]:
    """What follows the thing with the id *marker*; it must be there."""
    position = next(number for number, thing in enumerate(things) if thing.id == marker)
    return things[position + 1 :]


def next_links(
    ctx: Context, pairs: Query, collection: str, page: Sequence[Record], limit: int, key: str = "id"
) -> list[dict[str, str]]:
    """The link to what may follow: there is one whenever the page is full, as in Nova; *key* is what markers name."""
    if not limit or len(page) < limit:
        return []
    from urllib.parse import urlencode

    kept = sorted(pair for pair in pairs if pair[0] != "marker")
    query = urlencode([*kept, ("marker", getattr(page[-1], key))])
    return [{"rel": "next", "href": f"{ctx.request.endpoint}/{VERSION}/{collection}?{query}"}]
