"""The content of a cloud file: TinyDB's JSON, one document a line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from novasim.jsonutils import LARGE, choose_encoder, decode, decode_fast, encode, pause_gc
from novasim.records import TABLES, Settings, Task
from novasim.store.errors import FAILURES, damaged, other_kind

Rows = dict[str, Any]  # documents by number
Tables = dict[str, Rows]


class Change(NamedTuple):
    """A document that a transaction changes."""

    table: str
    number: int  # of the document in its table
    place: int  # in the order of insertion, for `Transaction.put`
    before: Mapping[str, Any] | None  # its fields; None if it did not exist
    after: Mapping[str, Any] | None  # its fields; None if it is deleted


Unsaved = tuple[Any, Sequence[Change]] | None
"""The changes of transactions that are not saved yet: those of earlier ones, likewise, and those of the last one."""

NUMBER = re.compile(r"0|[1-9]\d{0,99}", re.ASCII)  # the key of a document
CHUNK = 1000  # lines written at once: a large file need not be in memory twice
SQLITE_HEADER = b"SQLite format 3\0"  # the first bytes of a database
OLD_LAYOUT = "_layout"  # byte offsets, which earlier versions kept in the file


def parse(data: bytes, path: str) -> Tables:
    """The tables in a file's content, in the order of documents' numbers. CloudFileError: it is not a cloud."""
    content = decode_file(data, path)
    is_old = content.pop(OLD_LAYOUT, None) is not None
    tables = {name: _in_order(name, rows, path) for name, rows in content.items()}
    for name in TABLES.keys() & tables.keys():
        _check_ids(name, tables[name], path)
    if Settings.table not in tables and not is_old:
        raise damaged(path, "it is not a novasim cloud, as it has no settings")
    return tables


def check_records(tables: Tables, path: str) -> None:
    """Raise CloudFileError if a document is not a valid record, and no other exception."""
    # few commands need it
    from novasim.simulation.validation.documents import find_first_problem, find_wrong_references

    with pause_gc():
        for name in TABLES.keys() & tables.keys():
            try:
                problem = find_first_problem(TABLES[name], tables[name])
            except FAILURES as error:
                problem = f"a record cannot be checked ({type(error).__name__})"
            if problem:
                raise damaged(path, f"in table {name!r}, {problem}")
        for number, problem in find_wrong_references(tables):
            id = tables[Task.table][number]["id"]
            raise damaged(path, f"in table {Task.table!r}, record {id!r}: {problem}")


def decode_file(data: bytes, path: str) -> Tables:
    """The tables as they are in a file's content. CloudFileError: they are not JSON objects of JSON objects."""
    if data.startswith(SQLITE_HEADER):
        raise other_kind(path, "is an SQLite database, not a file of JSON", f"sqlite:{path}")
    try:
        content = _decode_tables(data) if len(data) >= LARGE else decode(data)
    except RecursionError:
        raise damaged(path, "it is nested too deeply") from None
    except UnicodeDecodeError:
        raise damaged(path, "it is not text") from None
    except ValueError as error:
        raise damaged(path, _describe(error, data.rstrip())) from None
    if not isinstance(content, dict):
        raise damaged(path, "it holds no tables")
    for name, rows in content.items():
        if not isinstance(rows, dict):
            raise damaged(path, f"table {name!r} holds no documents")
    return content


def encode_file(tables: Tables, lines_of: Callable[[str, Rows], Iterable[bytes]] | None = None) -> Iterator[bytes]:
    """The content of a file, in pieces, without empty tables. *lines_of* encodes the rows of the table of a name."""
    count, separator = sum(map(len, tables.values())), b"{\n"
    for name in [*TABLES, *(name for name in tables if name not in TABLES)]:
        rows = tables.get(name, {})
        if not rows and name != Settings.table:
            continue
        yield separator + encode(name) + b": {\n"
        lines, separator = iter(lines_of(name, rows) if lines_of else encode_rows(rows, count)), b""
        while chunk := list(islice(lines, CHUNK)):
            yield separator + b",\n".join(chunk)
            separator = b",\n"
        yield b"\n}"
        separator = b",\n"
    yield b"\n}\n"


def encode_rows(rows: Rows, count: int) -> Iterable[bytes]:
    """Encode documents as lines. *count* is the number of documents of the table that are encoded in total."""
    encode_one = choose_encoder(count)
    return (b'"%b": %b' % (number.encode(), encode_one(document)) for number, document in rows.items())


def _decode_tables(data: bytes) -> Any:
    """Decode a file that `encode_file` wrote table by table, to save memory; decode any other file as a whole."""
    try:
        tables, end, separator = {}, 1, b'\n"'
        while end + 3 < len(data):
            start = data.index(b": {\n", end)
            if not data.startswith(separator, end):
                raise ValueError("another layout")
            name = decode_fast(data[end + len(separator) - 1 : start])
            end = data.index(b"\n}", start) + 2
            tables[name] = decode_fast(memoryview(data)[start + 2 : end])
            separator = b',\n"'
        if data[:1] + data[end:] != b"{\n}\n":
            raise ValueError("another layout")
        return tables
    except ValueError:
        return decode_fast(data)


def _describe(error: ValueError, text: bytes) -> str:
    if not text:
        return "it is empty"
    if text.startswith(b"{") and not text.endswith(b"}"):
        return f"it ends in the middle, in line {text.count(10) + 1}"
    where = f"{error.msg} in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else str(error)
    return f"it is not JSON ({where})"


def _in_order(name: str, rows: Rows, path: str) -> Rows:
    try:
        numbers = list(map(int, rows))
        is_wrong = not all(map(NUMBER.fullmatch, rows))
    except ValueError:
        is_wrong = True
    if is_wrong:
        wrong = next(text for text in rows if not NUMBER.fullmatch(text))
        raise damaged(path, f"in table {name!r}, {wrong!r} is not the number of a document")
    return rows if numbers == sorted(numbers) else {str(number): rows[str(number)] for number in sorted(numbers)}


def _check_ids(name: str, rows: Rows, path: str) -> None:
    ids = [document.get("id") if isinstance(document, dict) else None for document in rows.values()]
    if set(map(type, ids)) <= {str} and len(set(ids)) == len(ids):
        return
    seen: dict[str, str] = {}
    for number, id in zip(rows, ids, strict=True):
        if not isinstance(id, str):
            raise damaged(path, f"in table {name!r}, document {number} has no id")
        if seen.setdefault(id, number) != number:
            raise damaged(path, f"in table {name!r}, documents {seen[id]} and {number} have the same id {id!r}")


def apply_changes(tables: Tables, changes: Iterable[Any]) -> Tables:
    """The tables with the changes of a transaction, in the order of documents' numbers."""
    result = dict(tables)
    for change in changes:
        rows = dict(result.get(change.table, {}))
        rows.pop(str(change.number), None)
        if change.after is not None:
            rows[str(change.number)] = change.after
        result[change.table] = {number: rows[number] for number in sorted(rows, key=int)}
    return result
