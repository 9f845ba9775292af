"""Checks a cloud file and describes each problem."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from novasim.errors import CloudFileError
from novasim.records import TABLES, Record
from novasim.records.base import required_fields
from novasim.store.documents import OLD_LAYOUT, decode_file
from novasim.store.files import read_file
from novasim.store.migrate import settings_in, upgrade

TYPES: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "str": ("text", str),
    "int": ("a whole number", int),
    "float": ("a number", (int, float)),
    "bool": ("true or false", bool),
    "dict": ("an object", dict),
    "list": ("a list", list),
    "None": ("null", type(None)),
}


def check(path: str) -> list[str]:
    """All problems of the file, each in one line; an empty list if there are none. Nothing is changed."""
    try:
        found = read_file(path)
        if found is None:
            return [f"There is no cloud file {path}."]
        tables = decode_file(found[0], path)
    except CloudFileError as error:
        return [str(error)]
    problems = _repeated_keys(found[0])
    tables.pop(OLD_LAYOUT, None)
    try:
        tables, _ = upgrade(tables, path)
    except CloudFileError as error:
        problems.append(str(error))
    if settings_in(tables) is None:
        problems.append("There are no settings of the cloud (table 'settings', id 'cloud').")
    return [*problems, *(problem for name, rows in tables.items() for problem in _check_table(name, rows))]


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
        yield f"Unknown table {name!r}."
        return
    seen: dict[object, str] = {}
    for number, document in rows.items():
        where = f"Table {name!r}, document {number}"
        if not number.isdecimal():
            yield f"{where}: the key is not a number."
        if not isinstance(document, dict):
            yield f"{where}: not an object."
            continue
        for problem in _check_document(TABLES[name], document):
            yield f"{where}: {problem}."
        if (id := document.get("id")) and seen.setdefault(str(id), number) != number:
            yield f"{where}: has the same id as document {seen[str(id)]}, {id!r}."


def _check_document(kind: type[Record], document: dict[str, Any]) -> Iterator[str]:
    for field in sorted(required_fields(kind) - document.keys()):
        yield f"{field!r} is missing"
    hints = {**Record.__annotations__, **kind.__annotations__}
    for field, value in document.items():
        types = [part.split("[")[0].strip() for part in str(hints.get(field, "")).split(" | ")]
        if set(types) <= TYPES.keys() and not any(_has_type(value, each) for each in types):
            yield f"{field!r} should be {' or '.join(TYPES[each][0] for each in types)}"


def _has_type(value: object, name: str) -> bool:
    return name == "bool" if isinstance(value, bool) else isinstance(value, TYPES[name][1])
