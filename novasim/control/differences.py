"""The differences of two states of a cloud, document by document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from novasim.recorder.replacement import list_differences
from novasim.records import TABLES
from novasim.store.documents import Tables
from novasim.store.redaction import MASK, find_secrets

Fields = dict[str, Any]


class Difference(NamedTuple):
    """
    A document that differs.

    Args:
        before, after: All fields; None if the document does not exist.
    """

    table: str
    id: str
    before: Fields | None
    after: Fields | None

    @property
    def kind(self) -> str:
        """created, deleted or changed."""
        return "created" if self.before is None else ("deleted" if self.after is None else "changed")

    @property
    def name(self) -> str:
        """The name of the document, or its ID."""
        fields = self.after or self.before or {}
        return str(fields.get("name") or fields.get("number") or self.id)

    def list_fields(self) -> dict[str, list[Any]]:
        """The fields that differ, each with both values; a missing field has its default. Secrets are masked."""
        kind = TABLES[self.table]
        names = dict.fromkeys([*(self.before or {}), *(self.after or {})])
        before, after = (
            {name: (fields or {}).get(name, getattr(kind, name, None)) for name in names}
            for fields in (self.before, self.after)
        )
        secrets = {name for fields in (before, after) for name in find_secrets(self.table, fields)}
        changed = [name for name in names if before[name] != after[name]]
        return {name: [MASK, MASK] if name in secrets else [before[name], after[name]] for name in changed}


def compare_states(before: Tables, after: Tables) -> Iterator[Difference]:
    """Yield the differences, in the order of the tables."""
    for change in list_differences(before, after):
        one, other = change["before"], change["after"]
        yield Difference(change["table"], (one or other)["id"], one, other)
