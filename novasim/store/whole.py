"""A cloud file read as a whole: for files that other programs wrote, for checks and for migrations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from novasim.errors import CloudFileError
from novasim.records import TABLES
from novasim.store.codec import encoder, paused_gc
from novasim.store.errors import damaged
from novasim.store.table import Table, line_of

Content = dict[str, dict[str, Any]]

BIG_FILE = 2_000_000  # bytes; about 1,500 servers


def parse(data: bytes, path: str) -> Content:
    """
    What TinyDB would read: documents by number, by table.

    Raises:
        CloudFileError: it is not a JSON object of objects; *path* is named.
    """
    content = _parsed(data, path)
    if not isinstance(content, dict):
        raise damaged(path, "it holds no tables")
    for name, documents in content.items():
        if not isinstance(documents, dict):
            raise damaged(path, f"table {name!r} holds no documents")
    return content


def tables_of(content: Mapping[str, Mapping[str, Any]], path: str) -> dict[str, Table]:
    """
    The same as the store keeps it, in the order of the documents' numbers.

    Raises:
        CloudFileError: a document of a known table has no id, or has another's.
    """
    return {name: _table(name, documents, path) for name, documents in content.items()}


def _parsed(data: bytes, path: str) -> Any:
    if not data.strip():
        raise damaged(path, "it is empty")
    if len(data) > BIG_FILE:
        import orjson

        try:
            with paused_gc(len(data)):
                return orjson.loads(data)
        except ValueError:
            pass  # json may take it, or says better what is wrong
    try:
        return json.loads(data)
    except RecursionError:
        raise damaged(path, "it is nested too deeply") from None
    except UnicodeDecodeError:
        raise damaged(path, "it is not text") from None
    except json.JSONDecodeError as error:
        raise _not_json(data, path, error) from None


def _not_json(data: bytes, path: str, error: json.JSONDecodeError) -> CloudFileError:
    text = data.rstrip()
    if text.startswith(b"{") and not text.endswith(b"}"):
        last = text.count(b"\n") + 1
        return damaged(path, f"it ends in the middle, in line {last}")
    return damaged(path, f"it is not JSON ({error.msg} in line {error.lineno})")


def _table(name: str, documents: Mapping[str, Any], path: str) -> Table:
    for number in documents:
        if not (number.isascii() and number.isdigit() and number == str(int(number))):
            raise damaged(path, f"in table {name!r}, {number!r} is not the number of a document")
    if name in TABLES:
        documents = _with_id_first(name, documents, path)
    encode = encoder(len(documents))
    try:
        return Table.of([line_of(int(number), encode(documents[number])) for number in sorted(documents, key=int)])
    except ValueError as error:
        raise damaged(path, f"in table {name!r}, {error}") from None


def _with_id_first(name: str, documents: Mapping[str, Any], path: str) -> dict[str, Any]:
    ids: dict[str, str] = {}
    ordered = {}
    for number, document in documents.items():
        id = document.get("id") if isinstance(document, dict) else None
        if not isinstance(id, str):
            raise damaged(path, f"in table {name!r}, document {number} has no id")
        if id in ids:
            raise damaged(path, f"in table {name!r}, documents {ids[id]} and {number} have the same id {id!r}")
        ids[id] = number
        ordered[number] = {"id": id, **document}
    return ordered
