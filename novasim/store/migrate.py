"""Worlds of earlier formats, brought to the present format step by step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tinydb import TinyDB
from tinydb.storages import MemoryStorage

from novasim.records import Settings
from novasim.records.cloud import FORMAT
from novasim.store.documents import Tables, parse
from novasim.store.errors import damaged, newer

RENAMED = {  # by format: table, field, and its name in the next format
    1: (
        ("settings", "quiet_until", "next_due_at"),
        ("tasks", "held", "hold_reason"),
        ("subnets", "asked_for", "requested_addresses"),
    ),
    2: (("faults", "struck", "triggered"),),
}


def rename_fields(format: int, world: TinyDB) -> None:
    """Rename the fields that have other names in the next format."""
    for table, old, new in RENAMED[format]:
        world.table(table).update(partial(_rename_field, old, new))


def _rename_field(old: str, new: str, document: dict[str, Any]) -> None:
    if old in document:
        document[new] = document.pop(old)


STEPS: dict[int, Callable[[TinyDB], None]] = {format: partial(rename_fields, format) for format in RENAMED}
"""By format: changes a world of that format to the next one. The number in the settings is raised afterwards."""


def load(data: bytes, path: str) -> tuple[Tables, int | None]:
    """The world in a file's content, as `upgrade` returns it. Raises CloudFileError if it is damaged, too."""
    return upgrade(parse(data, path), path)


def upgrade(tables: Tables, path: str) -> tuple[Tables, int | None]:
    """
    The tables in the present format; and the format that they have, if it is an older one.

    Raises:
        CloudFileError: the format is later than the present one, or too old for any step; *path* is named.
    """
    settings = settings_in(tables)
    found = FORMAT if settings is None else settings.get("format")
    if type(found) is not int:
        raise damaged(path, "its settings have no format number")
    if found > FORMAT:
        raise newer(path, found, FORMAT)
    return (tables, None) if found == FORMAT else (_take_steps(tables, found, path), found)


def settings_in(tables: Tables) -> dict[str, Any] | None:
    """The document of the cloud's settings."""
    documents = tables.get(Settings.table, {}).values()
    return next((each for each in documents if isinstance(each, dict) and each.get("id") == "cloud"), None)


def _take_steps(tables: Tables, found: int, path: str) -> Tables:
    world = TinyDB(storage=MemoryStorage)
    world.storage.write(tables)
    for number in range(found, FORMAT):
        if number not in STEPS:
            raise damaged(path, f"format {number} has never existed")
        try:
            STEPS[number](world)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise damaged(path, f"it cannot be brought from format {number} to {number + 1} ({error!r})") from error
        world.table(Settings.table).update({"format": number + 1})
    return world.storage.read() or {}
