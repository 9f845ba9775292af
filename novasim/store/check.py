"""What is wrong with a cloud file, in plain words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from novasim.errors import CloudFileError
from novasim.records import TABLES, Record, Settings
from novasim.store import FORMAT
from novasim.store.files import read_file
from novasim.store.lines import LAYOUT, split
from novasim.store.migrate import migrated
from novasim.store.whole import Content, parse
from novasim.store.work import required_of

WORDS: dict[str, tuple[str, type | tuple[type, ...]]] = {
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
        content = parse(found.data, path)
    except CloudFileError as error:
        return [str(error)]
    content, problems = _present(content, path)
    for name, documents in content.items():
        problems += _table(name, documents)
    return [*_twice(found.data), *_lines(found.data), *problems]


def _present(content: Content, path: str) -> tuple[Content, list[str]]:
    """The content in the present format, and what stands against its format."""
    layout = content.pop(LAYOUT, None)
    documents = content.get(Settings.table, {})
    cloud = next(
        (found for found in documents.values() if isinstance(found, dict) and found.get("id") == "cloud"), None
    )
    if cloud is None:
        wrong = layout is None or documents
        return content, ["There are no settings of the cloud (table 'settings', id 'cloud')."] if wrong else []
    found = cloud.get("format")
    if not isinstance(found, int) or isinstance(found, bool):
        return content, ["The settings do not tell the format of the file."]
    try:
        return content if found == FORMAT else migrated(content, found, path), []
    except CloudFileError as error:
        return content, [str(error)]


def _twice(data: bytes) -> list[str]:
    """JSON takes the last of two equal keys without a word; here the first would be lost."""
    found: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(pairs) != len(dict(pairs)):
            found.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return dict(pairs)

    json.loads(data, object_pairs_hook=note)
    return [f"{name!r} stands twice in one object; only the last counts." for name in found]


def _lines(data: bytes) -> Iterator[str]:
    """The first line may be right about the sizes of the tables, and the lines after it not be records."""
    for name, table in (split(data) or {}).items():
        try:
            if name in TABLES:
                table.lines()
        except ValueError as error:
            yield f"Table {name!r}: {error}."


def _table(name: str, documents: dict[str, Any]) -> Iterator[str]:
    kind = TABLES.get(name)
    if kind is None:
        yield f"Table {name!r} is not one of novasim's."
        return
    seen: dict[object, str] = {}
    for number, document in documents.items():
        where = f"Table {name!r}, document {number}"
        if not number.isdigit():
            yield f"{where}: not a number, as TinyDB needs it."
        for problem in _document(kind, document):
            yield f"{where}: {problem}."
        id = document.get("id") if isinstance(document, dict) else None
        if isinstance(id, str) and seen.setdefault(id, number) != number:
            yield f"{where}: has the same id as document {seen[id]}, {id!r}."


def _document(kind: type[Record], document: object) -> Iterator[str]:
    if not isinstance(document, dict):
        yield "not an object"
        return
    for field in sorted(required_of(kind) - document.keys()):
        yield f"{field!r} is missing"
    hints = {**Record.__annotations__, **kind.__annotations__}
    for field, value in document.items():
        expected = _expected(str(hints.get(field, "ClassVar")))
        if expected and not any(_is(value, words) for words in expected):
            yield f"{field!r} should be {' or '.join(WORDS[words][0] for words in expected)}"


def _expected(hint: str) -> list[str]:
    """The names in WORDS of what a field may hold; none if anything."""
    parts = [part.split("[")[0].strip() for part in hint.split(" | ")]
    return parts if all(part in WORDS for part in parts) else []


def _is(value: object, words: str) -> bool:
    if isinstance(value, bool):
        return words == "bool"
    return isinstance(value, WORDS[words][1])
