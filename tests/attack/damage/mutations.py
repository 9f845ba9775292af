"""Wrong values inside valid JSON: a cloud file with one changed value."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from novasim.records import TABLES
from novasim.records.base import fields_of

WRONG: dict[str, Any] = {
    "null": None,
    "text": "banana",
    "empty": "",
    "number": -1,
    "fraction": 0.5,
    "huge": 10**30,
    "true": True,
    "list": ["banana"],
    "object": {"banana": 1},
    "nested": {"banana": [{"banana": None}]},
}
MISSING = "missing"

Path = tuple[str | int, ...]


class Mutation(NamedTuple):
    """A change of one value in the first document of a table; *kind* is a key of WRONG, or MISSING."""

    table: str
    path: Path
    kind: str

    def apply(self, data: bytes) -> bytes:
        """The content of a cloud file with this change."""
        tables = json.loads(data)
        parent = next(iter(tables[self.table].values()))
        for step in self.path[:-1]:
            parent = parent[step]
        if self.kind == MISSING:
            _remove(parent, self.path[-1])
        else:
            parent[self.path[-1]] = WRONG[self.kind]
        return json.dumps(tables).encode()


def list_mutations(data: bytes) -> Iterator[Mutation]:
    """Every wrong value in every place of the first document of each table."""
    tables = json.loads(data)
    for table, kind in TABLES.items():
        document = next(iter(tables[table].values()))
        declared = [(field,) for field in fields_of(kind)]
        for path in sorted({*declared, *_places(document)}, key=str):
            for wrong in [*WRONG, MISSING]:
                yield Mutation(table, path, wrong)


def sample_mutations(data: bytes, count: int, seed: int) -> list[Mutation]:
    """Different mutations, chosen by the seed."""
    return random.Random(seed).sample(list(list_mutations(data)), count)


def _places(value: Any) -> Iterator[Path]:
    """The ways to all values in a JSON value; of a list, only those to its first one."""
    items = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, item in items:
        yield (key,)
        for rest in _places(item):
            yield (key, *rest)


def _remove(parent: Any, key: str | int) -> None:
    if isinstance(parent, list):
        del parent[int(key)]
    else:
        parent.pop(key, None)
