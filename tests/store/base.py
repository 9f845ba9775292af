"""The part that the suites of the store interface share."""

from __future__ import annotations

from typing import Any

from novasim.records import Image, Record, Task
from tests.store.worlds import NOW


def image(id: str, **fields: object) -> Image:
    return Image(**{"id": id, "name": id, "created_at": NOW, "updated_at": NOW, **fields})


def task(id: str, ends: list[float], **fields: object) -> Task:
    return Task(id=id, server_id=id, action="stop", request_id=f"req-{id}", ends=ends, **fields)


class BoomError(Exception):
    """Raised on purpose."""


class StoreTests:
    """A subclass gives the fixture `store`, and `reopened`, which returns what a later process sees."""

    def reopened(self, store: Any) -> Any:
        raise NotImplementedError

    def put(self, store: Any, *records: Record) -> None:
        with store.write() as tx:
            for record in records:
                tx.put(record)

    def ids(self, store: Any, kind: type[Record] = Image) -> list[str]:
        with self.reopened(store).read() as tx:
            return [record.id for record in tx.query(kind)]

    def found(self, tx: Any, *args: Any, **options: Any) -> list[str]:
        return [record.id for record in tx.query(Image, *args, **options)]
