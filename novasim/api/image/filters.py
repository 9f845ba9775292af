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
HANDLED_KEYS = frozenset(
    (*TIMES, *SIZES, "visibility", "os_hidden", "protected", "tag", "member_status", *CONTROL_KEYS)
)
STATUSES = ("accepted", "pending", "rejected", "all")
VISIBILITIES = ("community", "public", "private", "shared", "all")
WITH_OPERATOR = ("name", "id", "status", "container_format", "disk_format")


def check_query(ctx: Context) -> None:
    """
    Check the query of the image list as a whole.

    Raises:
        BadRequest: a filter does not exist; its value, or the operator in it, is invalid (400).

    Source: glance/api/v2/images.py RequestDeserializer._get_filters and ImagesController.index.
    """
    visibility = ctx.query("visibility")
    if visibility and visibility not in VISIBILITIES:
        raise BadRequest(reason=f"Invalid visibility value: {visibility}")
    if ctx.query("changes-since"):
        raise BadRequest(reason='The "changes-since" filter is no longer available on v2.')
    if (ctx.query("member_status") or "accepted") not in STATUSES:
        raise BadRequest(reason=f"Invalid status: {ctx.query('member_status')}")
    _check_boolean("os_hidden", (ctx.query("os_hidden") or "false").lower())
    _check_boolean("protected", ctx.query("protected") or "false")
    for name, text in ctx.request.query:
        if name in WITH_OPERATOR:
            _split_operator(text)
        elif name in SIZES:
            _read_size(text)
        elif name in TIMES:
            _split_time(name, text)


def matches_query(ctx: Context, image: Image, view: dict[str, Any]) -> bool:
    """Return whether an image matches a checked query. An unknown parameter is a property that it must have."""
    filters = [(name, value) for name, value in ctx.request.query if name not in HANDLED_KEYS]
    protected = ctx.query("protected")
    return (
        image.hidden == ((ctx.query("os_hidden") or "").lower() == "true")
        and (protected is None or image.protected == (protected == "true"))
        and all(tag.strip() in image.tags for tag in ctx.queries("tag"))
        and (ctx.query("visibility") or "all") in ("all", image.visibility)
        and all(_matches_value(name, text, view.get(name)) for name, text in filters)
        and all(compare(image.size or 0, _read_size(t)) for name, compare in SIZES.items() for t in ctx.queries(name))
        and all(_matches_time(name, text, view[name]) for name in TIMES for text in ctx.queries(name))
    )


def is_offered(ctx: Context, image: Image) -> bool:
    """Whether the image is shared with the caller's project, in the member status that the query requests."""
    status = image.members.get(ctx.caller.project_id)
    return image.visibility == "shared" and status is not None and ctx.query("member_status") in ("all", status)


def _check_boolean(name: str, value: str) -> None:
    if value not in ("true", "false"):
        raise BadRequest(reason=f"Invalid value '{value}' for '{name}' filter. Valid values are 'true' or 'false'.")


def _matches_value(name: str, text: str, value: Any) -> bool:
    """Compare a value as text. Source: glance/db/sqlalchemy/api.py _make_conditions_from_filters."""
    formatted = value if value is None else str(value)
    if name not in WITH_OPERATOR:
        return text == formatted
    operator_name, text = _split_operator(text)
    return text == formatted if operator_name == "eq" else formatted in _split_values(text)


def _split_operator(text: str) -> tuple[str, str]:
    """The operator and the value of a filter such as in:A,B or eq:A, which is the same as A."""
    operator_name, separator, value = text.partition(":")
    if not separator:
        return "eq", text
    if operator_name not in ("eq", "in"):
        raise BadRequest(reason=f"Unable to filter by unknown operator '{operator_name}'.")
    return operator_name, value


def _split_values(text: str) -> list[str]:
    """The values of a list that is separated by commas; a value in quotes may have commas."""
    import csv

    return next(csv.reader([text.replace("\0", "").replace("\n", " ").replace("\r", " ")]), [])


def _read_size(text: str) -> float:
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise BadRequest(reason="Unable to filter on a range with a non-numeric value.")
    return int_from_string(text)


def _matches_time(name: str, text: str, value: str) -> bool:
    operator_name, time = _split_time(name, text)
    return OPERATORS[operator_name](parse_time(value), time)


def _split_time(name: str, text: str) -> tuple[str, float]:
    operator_name, _, time = text.partition(":") if text.partition(":")[0] in OPERATORS else ("eq", "", text)
    try:
        return operator_name, parse_time(time)
    except ValueError:
        raise BadRequest(reason=f'Bad "{name}" query filter format. Use ISO 8601 DateTime notation.') from None
