"""Checks a cloud and describes each problem."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from novasim.errors import CloudFileError
from novasim.records import TABLES
from novasim.simulation.validation.documents import find_problems, find_wrong_references
from novasim.simulation.validation.references import find_dangling
from novasim.store import open_store
from novasim.store.addresses import is_database
from novasim.store.base import Store
from novasim.store.documents import OLD_LAYOUT, Tables, decode_file
from novasim.store.errors import missing
from novasim.store.files import read_file
from novasim.store.migrate import settings_in, upgrade


def check(path: str) -> list[str]:
    """
    All problems of the cloud, each in one line; an empty list if there are none. Nothing is changed.

    Raises:
        CloudFileError: there is no cloud, or it cannot be read.
    """
    if is_database(path):
        return _check_database(open_store(path))
    found = read_file(path)
    if found is None:
        raise missing(path)
    try:
        tables = decode_file(found[0], path)
    except CloudFileError as error:
        return [str(error)]
    problems = _repeated_keys(found[0])
    tables.pop(OLD_LAYOUT, None)
    try:
        tables, _ = upgrade(tables, path)
    except CloudFileError as error:
        problems.append(str(error))
    return _check_tables(tables, problems)


def _check_database(store: Store) -> list[str]:
    if not store.exists():
        raise missing(store.path)
    try:
        return _check_tables(store.tables(), [])
    except CloudFileError as error:
        return [str(error)]


def _check_tables(tables: Tables, problems: list[str]) -> list[str]:
    if settings_in(tables) is None:
        problems.append("There are no settings of the cloud (table 'settings', id 'cloud').")
    problems += [problem for name, rows in tables.items() for problem in _check_table(name, rows)]
    if problems:
        return problems
    found = [("tasks", number, problem) for number, problem in find_wrong_references(tables)]
    found += find_dangling(tables)
    return [f"Table {name!r}, document {number}: {problem}." for name, number, problem in found]


def _repeated_keys(data: bytes) -> list[str]:
    """Keys that are repeated in an object. A JSON decoder silently takes the last one."""
    repeated: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        repeated.extend(name for name in dict(pairs) if names.count(name) > 1)
        return dict(pairs)

    json.loads(data, object_pairs_hook=note)
    return [f"{name!r} is repeated in one object; only the last one is used." for name in repeated]


def _check_table(name: str, rows: dict[str, Any]) -> Iterator[str]:
    if name not in TABLES:
        yield f"Unknown table {name!r}. It is kept; another program or a newer novasim may need it."
        return
    seen: dict[object, str] = {}
    for number, document in rows.items():
        where = f"Table {name!r}, document {number}"
        if not number.isdecimal():
            yield f"{where}: the key is not a number."
        if not isinstance(document, dict):
            yield f"{where}: not an object."
            continue
        for problem in find_problems(TABLES[name], document):
            yield f"{where}: {problem}."
        if (id := document.get("id")) and seen.setdefault(str(id), number) != number:
            yield f"{where}: has the same id as document {seen[str(id)]}, {id!r}."
