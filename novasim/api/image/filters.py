"""Which images a list query asks for."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from novasim.api.collections import CONTROL_KEYS
from novasim.api.context import Context
from novasim.api.schemas.formats import parse_time
from novasim.api.values import bounded
from novasim.errors import BadRequest
from novasim.records import Image

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "eq": operator.eq,
    "neq": operator.ne,
}
TIMES = ("created_at", "updated_at")
SIZES: dict[str, Callable[[float, float], bool]] = {"size_min": operator.ge, "size_max": operator.le}
OWN = frozenset((*TIMES, *SIZES, "visibility", "os_hidden", "tag", "member_status", *CONTROL_KEYS))
STATUSES = ("accepted", "pending", "rejected", "all")


def asked(ctx: Context, image: Image, view: dict[str, Any]) -> bool:
    """
    Whether an image is what the query asks for. A parameter that is no attribute is a property that it must have.

    Raises:
        BadRequest: a time, a size or a word that cannot be (400).
    """
    pairs = [(name, value) for name, value in ctx.request.query if name not in OWN]
    return (
        image.hidden == _flag(ctx, "os_hidden")
        and all(tag in image.tags for tag in ctx.queries("tag"))
        and ctx.query("visibility") in (None, "all", image.visibility)
        and all(_one_of(wanted, view.get(name)) for name, wanted in pairs)
        and all(_sized(ctx.query(name), image, compare) for name, compare in SIZES.items())
        and all(_timed(wanted, view[name]) for name in TIMES for wanted in ctx.queries(name))
    )


def offered(ctx: Context, image: Image) -> bool:
    """Whether the caller's project is offered the image, and has answered as the query says."""
    wanted = ctx.query("member_status") or "accepted"
    if wanted not in STATUSES:
        raise BadRequest(reason=f"Invalid status: {wanted}")
    status = image.members.get(ctx.caller.project_id)
    return image.visibility == "shared" and status is not None and wanted in ("all", status)


def _flag(ctx: Context, name: str) -> bool:
    value = (ctx.query(name) or "false").lower()
    if value not in ("true", "false"):
        raise BadRequest(
            reason=f"Invalid value '{value}' for '{name}' filter. Valid values are case insensitive 'true' or 'false'."
        )
    return value == "true"


def _one_of(wanted: str, value: Any) -> bool:
    """A plain value, or several: in:one,two (values with a comma stand in quotes)."""
    shown = str(value).lower() if isinstance(value, bool) else value if value is None else str(value)
    if not wanted.startswith("in:"):
        return (wanted.lower() if isinstance(value, bool) else wanted) == shown
    import csv

    return shown in next(csv.reader([wanted[3:].replace("\0", "").replace("\n", " ").replace("\r", " ")]), [])


def _sized(wanted: str | None, image: Image, compare: Callable[[float, float], bool]) -> bool:
    if wanted is None:
        return True
    if not (wanted.isascii() and wanted.isdigit()):
        raise BadRequest(reason=f"Filter argument size must be a whole number, not {wanted!r}.")
    return compare(image.size or 0, bounded(wanted))


def _timed(wanted: str, value: str) -> bool:
    word, _, moment = wanted.partition(":") if wanted.partition(":")[0] in OPERATORS else ("eq", "", wanted)
    try:
        return OPERATORS[word](parse_time(value), parse_time(moment))
    except ValueError:
        raise BadRequest(reason=f"Unable to parse time filter {wanted!r}.") from None
