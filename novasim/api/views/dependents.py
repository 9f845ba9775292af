"""Which results depend on which stored documents: recorded while the results are computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from novasim.api.views.related import Relation
    from novasim.store.documents import Change


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
