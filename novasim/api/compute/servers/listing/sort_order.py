"""The order of a server list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from novasim.api.compute.servers.listing.columns import COLUMNS, Column
from novasim.api.compute.servers.listing.reads import TableReads
from novasim.api.context import Context
from novasim.api.schemas import Query
from novasim.api.schemas.servers import IGNORED_SORT_KEYS
from novasim.errors import BadRequest, Forbidden
from novasim.records import Flavor, Server

DIRECTIONS = ("asc", "desc")
ADMIN_KEYS = ("host", "node")

SortKey = tuple[tuple[bool, Any], ...]
"""For each key of an order, whether the server has a value, and the value."""


class Key(NamedTuple):
    """One sort key of an order, in which the most significant key is first."""

    column: str
    descending: bool


def read_order(ctx: Context, pairs: Query) -> list[Key]:
    """
    Return the order of a query: the newest server first by default, and by id where all keys are equal.

    As in Nova, the id is added with the direction "asc" before missing directions are filled in. With fewer directions
    than keys, "asc" therefore applies to the first key without a direction, and the first direction to the others.

    Raises:
        BadRequest: an unknown direction, or more directions than keys (400).
        Forbidden: a key for administrators (403).
    """
    keys = [value.strip() for name, value in pairs if name == "sort_key"] or ["created_at"]
    directions = [value.strip() for name, value in pairs if name == "sort_dir"] or ["desc"]
    _drop_ignored(ctx, keys, directions)
    if not keys:
        keys, directions = ["created_at"], ["desc"]
    if "uuid" not in keys:
        keys, directions = [*keys, "uuid"], [*directions, "asc"]
    _check(keys, directions)
    directions += [directions[0]] * (len(keys) - len(directions))
    return [Key(key, direction == "desc") for key, direction in zip(keys, directions, strict=True)]


def _drop_ignored(ctx: Context, keys: list[str], directions: list[str]) -> None:
    for key in tuple(keys):
        if key in IGNORED_SORT_KEYS and not (key == "locked" and ctx.minor >= 73):
            position = keys.index(key)
            del keys[position], directions[position : position + 1]
        elif key in ADMIN_KEYS and not ctx.caller.is_admin:
            raise Forbidden(reason=f"Only administrators can sort servers by {key}")


def _check(keys: list[str], directions: list[str]) -> None:
    if not set(directions) <= set(DIRECTIONS):
        raise BadRequest(reason="Invalid input received: Unknown sort direction, must be 'desc' or 'asc'")
    if len(directions) > len(keys):
        raise BadRequest(reason="Invalid input received: Sort direction size exceeds sort key size")


def create_sort_key(order: Sequence[Key], reads: TableReads) -> Callable[[Server], SortKey]:
    """A function that returns the values by which a server is sorted. Attributes that are not set come first."""
    columns = [_column(reads, key.column) for key in order]

    def sort_key(server: Server) -> SortKey:
        return tuple([(value is not None, value) for value in [column(server) for column in columns]])

    return sort_key


def sort(ids: list[str], keys: Mapping[str, SortKey], order: Sequence[Key]) -> None:
    """Sort ids of servers in place by their sort keys."""
    for number, key in reversed(list(enumerate(order))):
        ids.sort(key=lambda id: keys[id][number], reverse=key.descending)


def find_position(ids: Sequence[str], keys: Mapping[str, SortKey], order: Sequence[Key], wanted: SortKey) -> int:
    """The position in sorted ids after a server with the sort key *wanted*, which may be one of them or not."""
    low, high = 0, len(ids)
    while low < high:
        middle = (low + high) // 2
        if _is_before(wanted, keys[ids[middle]], order):
            high = middle
        else:
            low = middle + 1
    return low


def _is_before(one: SortKey, other: SortKey, order: Sequence[Key]) -> bool:
    for key, value, other_value in zip(order, one, other, strict=True):
        if value != other_value:
            return (other_value < value) if key.descending else (value < other_value)
    return False


def _column(reads: TableReads, name: str) -> Column:
    if name != "instance_type_id":
        return COLUMNS[name]
    numbers = {flavor.id: flavor.number for flavor in reads.query(Flavor)}
    return lambda server: server.flavor.get("number") or numbers.get(server.flavor["id"], 0)
