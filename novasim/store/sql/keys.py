"""
The fields of documents that the database looks up, sorts by and has indexes for.

The body of a document is JSON text, which no database can be relied on to compare as the rules do: true is not 1, a
missing field has its class's default, and texts may have any character. So these fields are also in columns of their
own, as texts that are equal if the values are, and sort as the values do: null before any other value.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from functools import cache
from typing import Any

from novasim.jsonutils import encode
from novasim.records import TABLES

INDEXES: dict[str, tuple[str, ...]] = {
    "servers": (
        "name, project_id, deleted",
        "host, deleted",
        "reservation_id",
        "project_id, deleted, created_at DESC, id",
        "deleted, created_at DESC, id",
    ),
    "tasks": ("server_id", "due"),
    "instance_actions": ("server_id",),
    "attachments": ("server_id", "volume_id"),
    "allocations": ("server_id", "host"),
    "migrations": ("server_id", "source_host, migration_type"),
    "console_tokens": ("server_id",),
    "server_groups": ("project_id",),
    "ports": ("device_id, network_id", "network_id, mac_address", "project_id"),
    "floating_ips": ("port_id", "network_id", "address", "project_id"),
    "subnets": ("network_id",),
    "security_groups": ("project_id",),
    "networks": ("project_id",),
    "routers": ("external_network_id",),
    "volumes": ("project_id", "name"),
    "volume_snapshots": ("project_id", "volume_id"),
    "images": ("name",),
    "keypairs": ("user_id",),
    "hosts": ("name",),
    "users": ("name",),
    "projects": ("name", "domain_id"),
}
"""By table: the columns of each index, beside the name of the cloud before them and the place behind them."""

DUE = "due"  # a column of tasks: when the present phase ends
_WORDS = re.compile(r"[a-z_]+")


def _due_first(name: str) -> tuple[bool, str]:
    return name != DUE, name


KEYS: dict[str, tuple[str, ...]] = {
    table: tuple(sorted({word for index in indexes for word in _WORDS.findall(index)} - {"id"}, key=_due_first))
    for table, indexes in INDEXES.items()
}
"""By table: the fields that are in columns."""
COLUMNS = tuple(sorted({name for names in KEYS.values() for name in names}))

_ESCAPED = re.compile("[\x00\x01\ud7ff-\udfff]")


def encode_text(text: str) -> str:
    """
    A text that any database stores, sorted by code points as the text is.

    NUL and lone surrogates, which are no characters, are written as two others.
    """
    if text.isprintable():  # most are, and this takes a tenth of the time of the search
        return text
    return _ESCAPED.sub(_escape, text) if _ESCAPED.search(text) else text


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character <= "\x01":
        return "\x01" + chr(ord(character) + 1)
    return "\ud7ff" + ("\x01" if character == "\ud7ff" else chr(ord(character) - 0xD800 + 0xE000))


def encode_key(value: Any) -> str:
    """The text by which a value is looked up and sorted."""
    if isinstance(value, str):
        return "s" + encode_text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "b1" if value else "b0"
    return "n" + _encode_number(value) if isinstance(value, int | float) else "j" + encode(value).decode()


def _encode_number(value: float) -> str:
    """The bits of a number, of which the sign is turned over, and for negative numbers all others, too."""
    bits = int.from_bytes(struct.pack(">d", value + 0.0), "big")  # -0.0 is 0.0
    return f"{bits ^ (2**64 - 1) if bits >> 63 else bits | 2**63:016x}"


def encode_keys(table: str, document: Mapping[str, Any]) -> list[str]:
    """The values of a document in the columns of its table."""
    values = [encode_key(document.get(name, default)) for name, default in _list_columns(table)]
    return [encode_key(find_due(document)), *values] if DUE in KEYS.get(table, ()) else values


@cache
def _list_columns(table: str) -> list[tuple[str, Any]]:
    """The fields of a table that are in columns of the same name, and their defaults."""
    kind = TABLES[table]
    return [(name, getattr(kind, name, None)) for name in KEYS.get(table, ()) if name != DUE]


def find_due(task: Mapping[str, Any]) -> float | None:
    """When the present phase of a task ends; None for a damaged one, which then is found first."""
    try:
        return float(task["ends"][task.get("position", 0)])
    except (LookupError, TypeError, ValueError):
        return None
