"""Filters of the image list."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from novasim.api.collections import CONTROL_KEYS
from novasim.api.context import Context
from novasim.api.schemas.formats import parse_time
from novasim.errors import BadRequest
from novasim.records import Image
from novasim.strutils import int_from_string

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
HANDLED_KEYS = frozenset((*TIMES, *SIZES, "visibility", "os_hidden", "tag", "member_status", *CONTROL_KEYS))
STATUSES = ("accepted", "pending", "rejected", "all")


def matches_query(ctx: Context, image: Image, view: dict[str, Any]) -> bool:
    """
    Return whether an image matches the query. An unknown parameter is a property that the image must have.

    Raises:
        BadRequest: a time, a size or a word is invalid (400).
    """
    filters = [(name, value) for name, value in ctx.request.query if name not in HANDLED_KEYS]
    return (
        image.hidden == _read_boolean(ctx, "os_hidden")
        and all(tag in image.tags for tag in ctx.queries("tag"))
        and ctx.query("visibility") in (None, "all", image.visibility)
        and all(_matches_value(text, view.get(name)) for name, text in filters)
        and all(_matches_size(ctx.query(name), image, compare) for name, compare in SIZES.items())
        and all(_matches_time(text, view[name]) for name in TIMES for text in ctx.queries(name))
    )


def is_offered(ctx: Context, image: Image) -> bool:
    """Whether the image is shared with the caller's project, in the member status that the query requests."""
    text = ctx.query("member_status") or "accepted"
    if text not in STATUSES:
        raise BadRequest(reason=f"Invalid status: {text}")
    status = image.members.get(ctx.caller.project_id)
    return image.visibility == "shared" and status is not None and text in ("all", status)


def _read_boolean(ctx: Context, name: str) -> bool:
    value = (ctx.query(name) or "false").lower()
    if value not in ("true", "false"):
        raise BadRequest(
            reason=f"Invalid value '{value}' for '{name}' filter. Valid values are case insensitive 'true' or 'false'."
        )
    return value == "true"


def _matches_value(text: str, value: Any) -> bool:
    """Compare with a plain value, or with several (in:A,B; values with a comma are quoted)."""
    formatted = str(value).lower() if isinstance(value, bool) else value if value is None else str(value)
    if not text.startswith("in:"):
        return (text.lower() if isinstance(value, bool) else text) == formatted
    import csv

    return formatted in next(csv.reader([text[3:].replace("\0", "").replace("\n", " ").replace("\r", " ")]), [])


def _matches_size(text: str | None, image: Image, compare: Callable[[float, float], bool]) -> bool:
    if text is None:
        return True
    if not (text.isascii() and text.isdigit()):
        raise BadRequest(reason=f"Filter argument size must be a whole number, not {text!r}.")
    return compare(image.size or 0, int_from_string(text))


def _matches_time(text: str, value: str) -> bool:
    operator_name, _, time = text.partition(":") if text.partition(":")[0] in OPERATORS else ("eq", "", text)
    try:
        return OPERATORS[operator_name](parse_time(value), parse_time(time))
    except ValueError:
        raise BadRequest(reason=f"Unable to parse time filter {text!r}.") from None
