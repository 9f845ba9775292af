"""Worlds of earlier formats, brought to the present one step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from novasim.records import Settings
from novasim.store import FORMAT
from novasim.store.codec import decode
from novasim.store.errors import damaged, newer
from novasim.store.lines import LAYOUT, split
from novasim.store.table import Table, document_in
from novasim.store.whole import Content, parse, tables_of

if TYPE_CHECKING:
    from tinydb import TinyDB

STEPS: dict[int, Callable[[TinyDB], None]] = {}
"""By format: what makes a world of it one of the next format. The number in the settings is raised afterwards."""


class Loaded(NamedTuple):
    """A world in the present format; *older* is the format that it was stored in, if that was another."""

    tables: dict[str, Table]
    older: int | None = None


def load(data: bytes, path: str) -> Loaded:
    """
    The world in a file's content, brought to the present format in memory.

    Raises:
        CloudFileError: it is damaged, of a later format, or not a cloud at all; *path* is named.
    """
    tables = split(data)
    if tables is None:
        tables = _from_another_program(data, path)
    found = _format(tables, path)
    if found is None or found == FORMAT:
        return Loaded(tables)
    return Loaded(tables_of(migrated(_content(data, path), found, path), path), older=found)


def migrated(content: Content, found: int, path: str) -> Content:
    """
    The content after all steps from format *found* to the present one.

    Raises:
        CloudFileError: the format is later than the present one, or too old for any step.
    """
    if found > FORMAT:
        raise newer(path, found, FORMAT)
    from tinydb import TinyDB
    from tinydb.storages import MemoryStorage

    with TinyDB(storage=MemoryStorage) as world:
        world.storage.memory = content
        for number in range(found, FORMAT):
            if number not in STEPS:
                raise damaged(path, f"its format {number} is not one that novasim ever had")
            try:
                STEPS[number](world)
            except (LookupError, TypeError, ValueError, AttributeError) as error:  # not what that format promises
                raise damaged(path, f"it cannot be brought from format {number} to {number + 1} ({error!r})") from error
            world.table(Settings.table).update({"format": number + 1})
        return dict(world.storage.read())


def _from_another_program(data: bytes, path: str) -> dict[str, Table]:
    content = parse(data, path)
    ours = content.pop(LAYOUT, None) is not None
    tables = tables_of(content, path)
    if not ours and _format(tables, path) is None:
        raise damaged(path, "it is not a novasim cloud, as it has no settings")
    return tables


def _content(data: bytes, path: str) -> Content:
    content = parse(data, path)
    content.pop(LAYOUT, None)
    return content


def _format(tables: dict[str, Table], path: str) -> int | None:
    """The format that the settings tell, or None if there are no settings."""
    table = tables.get(Settings.table)
    try:
        line = table and table.get("cloud")
        if not line:
            return None
        found = decode(document_in(line)).get("format")
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"its settings cannot be read ({error})") from None
    if not isinstance(found, int) or isinstance(found, bool):
        raise damaged(path, "its settings do not tell its format")
    return found
