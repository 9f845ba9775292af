"""
The layout of a cloud file: TinyDB's JSON, one document a line, with a first line that tells what follows.

    {"_layout": {"1": {"id":"lines","tables":{"settings":[1,290],"servers":[2,1834]}}},
    "settings": {
    "1": {"id":"cloud","format":1,...}
    },
    "servers": {
    "1": {"id":"...","name":"web1",...},
    "4": {"id":"...","name":"web2",...}
    }
    }

For each table the first line holds how many documents it has and how many bytes they take. So a table is found
without a search, and a file that was cut off, or edited by another program, is known at once and read as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from novasim.records import TABLES
from novasim.store.codec import decode, encode
from novasim.store.table import Table

LAYOUT = "_layout"

_OPENING = b'{"_layout": {"1": {"id":"lines","tables":'
_CLOSING = b"\n}\n"


def compose(tables: Mapping[str, Table]) -> Iterator[bytes | memoryview]:
    """The content of the file, in pieces; tables without documents are left out."""
    names = [*TABLES, *(name for name in tables if name not in TABLES)]
    kept = {name: tables[name] for name in names if name in tables and tables[name].count}
    yield _OPENING + encode({name: [table.count, table.size()] for name, table in kept.items()}) + b"}}"
    for name, table in kept.items():
        yield _before(name)
        yield from table.pieces()
        yield b"\n}"
    yield _CLOSING


def split(data: bytes) -> dict[str, Table] | None:
    """The tables of a file in exactly this layout, or None. The documents are not looked at."""
    header = data[: max(0, data.find(b"\n"))].removesuffix(b",")
    if not (header.startswith(_OPENING) and header.endswith(b"}}")):
        return None
    try:
        return _sections(data, len(header), decode(header[len(_OPENING) : -2]))
    except (ValueError, TypeError, AttributeError):  # the first line says something else than it should
        return None


def _sections(data: bytes, at: int, sizes: dict[str, list[int]]) -> dict[str, Table] | None:
    tables = {}
    for name, (count, size) in sizes.items():
        start = at + len(_before(name))
        at = start + size + 2
        if data[start - len(_before(name)) : start] != _before(name) or data[at - 2 : at] != b"\n}":
            return None
        tables[name] = Table(data, start, at - 2, count)
    return tables if data[at:] == _CLOSING else None


def _before(name: str) -> bytes:
    return b",\n%b: {\n" % encode(name)
