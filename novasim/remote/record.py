"""The record of a cloud behind a server, for reading. Only the server adds to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from novasim.errors import CloudFileError
from novasim.records.entry import Entry
from novasim.remote.connection import Connection
from novasim.store.base import RecordTail

ONLY_AT_SERVER = "Only the server of a cloud adds to its record."


class RemoteRecord:
    """The record of a cloud behind a server, as `store.base.RecordLog` describes it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def name(self) -> str:
        return str(self._get()["name"])

    def exists(self) -> bool:
        return bool(self._get()["exists"])

    def is_kept(self) -> bool:
        return bool(self._get()["is_kept"])

    def read(self, report: Callable[[str], object] | None = None) -> list[Entry]:
        found = self._connection.get("/record/entries").body
        if found["problems"] and report is None:
            raise CloudFileError(found["problems"][0])
        for problem in found["problems"]:
            if report:
                report(problem)
        return [Entry(*values) for values in found["entries"]]

    def count_bytes(self) -> int:
        return int(self._get()["bytes"])

    def _get(self) -> dict[str, Any]:
        body: dict[str, Any] = self._connection.get("/record").body
        return body

    def is_writable(self) -> bool:
        return False

    def check(self) -> None:
        raise CloudFileError(ONLY_AT_SERVER)

    def append(self, entries: Sequence[bytes], secrets: Sequence[bytes] = ()) -> None:
        raise CloudFileError(ONLY_AT_SERVER)

    def read_secrets(self) -> dict[str, Any]:
        raise CloudFileError("The server keeps what the record leaves out.")

    def start(self) -> None:
        raise CloudFileError(ONLY_AT_SERVER)

    def stop(self) -> None:
        raise CloudFileError(ONLY_AT_SERVER)

    def tail(self) -> RecordTail:
        raise CloudFileError("Only the server follows its record.")
