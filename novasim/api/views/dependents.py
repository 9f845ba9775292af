"""Which results depend on which stored documents: recorded while the results are computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from novasim.records import Record


class Change(Protocol):
    """A changed document, as stores describe it."""

    @property
    def table(self) -> str:
        """The name of its table."""

    @property
    def before(self) -> Mapping[str, Any] | None:
        """Its fields; None if it did not exist."""

    @property
    def after(self) -> Mapping[str, Any] | None:
        """Its fields; None if it is deleted."""


class Relation(NamedTuple):
    """
    A way to read records: those of a kind with a value in a field.

    Args:
        fields: The names of the fields that are read; all of them if it is empty.
    """

    kind: type[Record]
    field: str
    fields: tuple[str, ...] = ()

    def is_affected(self, change: Change) -> bool:
        """Whether what is read can differ after a change of a document of this kind."""
        if not self.fields or change.before is None or change.after is None:
            return True
        return any(self._get(change.before, name) != self._get(change.after, name) for name in self.fields)

    def list_values(self, change: Change) -> set[Any]:
        """The values of the field before and after a change."""
        return {self._get(document, self.field) for document in (change.before, change.after) if document is not None}

    def _get(self, document: Mapping[str, Any], name: str) -> Any:
        return document.get(name, getattr(self.kind, name, None))


class Dependents:
    """The results, by name, that depend on what has been read by each relation and value."""

    def __init__(self) -> None:
        self._names: dict[Relation, dict[str, str | set[str]]] = {}

    def add(self, name: str, relation: Relation, value: str) -> None:
        """Record that a result depends on the records of a relation with that value, whether there are any or not."""
        names = self._names.setdefault(relation, {})
        known = names.setdefault(value, name)  # most values have one dependent result
        if isinstance(known, set):
            known.add(name)
        elif known != name:
            names[value] = {known, name}

    def find_affected(self, changes: Sequence[Change]) -> set[str]:
        """The results that can be different after some changes."""
        return {name for change in changes for name in self._find_affected(change)}

    def _find_affected(self, change: Change) -> Iterator[str]:
        for relation, names in self._names.items():
            if relation.kind.table == change.table and relation.is_affected(change):
                for value in relation.list_values(change):
                    found = names.get(value, ())
                    yield from (found,) if isinstance(found, str) else found
