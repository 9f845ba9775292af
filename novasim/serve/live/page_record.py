"""The record of a cloud while live pages are open: only the record has the refusals of commands in other processes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from copy import copy

from novasim.cloud import Cloud
from novasim.errors import CloudFileError
from novasim.records.entry import Entry
from novasim.serve.live.feed import NoTail
from novasim.store.base import RecordTail

RunInWriter = Callable[[Callable[[Cloud], bool], Cloud], Awaitable[bool]]

PAGE = "page"  # the interface of an entry that ends a record because no page is open any more


class PageRecord:
    """
    Begins the record when the first page is opened, and ends it after the last one. A user's `record stop` holds.

    Args:
        run_in_writer: As for the hub.
    """

    def __init__(self, cloud: Cloud, run_in_writer: RunInWriter) -> None:
        self._cloud, self._run_in_writer = copy(cloud), run_in_writer
        self._cloud.origin = PAGE, (), None
        self._tail: RecordTail | None = None
        self._unread: list[Entry] = []
        self._ended_by = ""  # the interface of the last end of the record
        self._has_started = self._is_unusable = False

    @property
    def offset(self) -> int:
        """How much of the record was read."""
        return self._tail.offset if self._tail else 0

    @property
    def is_off(self) -> bool:
        """Whether a user has ended the record."""
        return self._ended_by not in ("", PAGE) and not self._cloud.store.is_recorded()

    def read(self) -> list[Entry]:
        """The entries since the last call. Raises CloudFileError."""
        self._fetch()
        entries, self._unread = self._unread, []
        return entries

    def _fetch(self) -> None:
        if self._tail is None:
            record = self._cloud.store.record
            self._tail = record.tail() if record else NoTail()
        for entry in self._tail.read():
            self._unread.append(entry)
            if entry.kind in ("start", "stop"):
                self._ended_by = entry.interface if entry.kind == "stop" else ""
                self._has_started = self._has_started and self._ended_by in ("", PAGE)

    async def keep(self) -> None:
        """
        Begin the record, also if the process that has begun it ends it, as its own pages are closed.

        If that fails, it is not tried again: the page works without a record, and only shows no requests.
        """
        from novasim.control.record import start_record

        if self._cloud.store.record is None or self._is_unusable or self._cloud.store.is_recorded():
            return
        try:
            self._fetch()
            if not self.is_off:
                self._has_started = await self._run_in_writer(start_record, self._cloud)
        except CloudFileError:
            self._is_unusable = True

    async def end(self) -> None:
        """End the record if this has begun it."""
        from novasim.control.record import stop_record

        if self._has_started:
            self._has_started = False
            with suppress(CloudFileError):
                await self._run_in_writer(stop_record, self._cloud)
