"""Tells all watchers of a cloud what changes in it. Without a watcher, nothing runs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from novasim.cloud import Cloud
from novasim.errors import CloudFileError, NovasimError
from novasim.serve.live.feed import Item, RecordTail, describe_entry, is_visible
from novasim.serve.live.snapshot import Values, View, compare, describe_clock, has_jumped, take_snapshot
from novasim.serve.responses import encode_body
from novasim.simulation.world import World

POLL_INTERVAL = 0.1  # seconds
LINGER = 50  # polls without a watcher, after which the record that the page has started is stopped
MAX_PENDING = 32  # messages for a slow watcher, which then gets a new full state instead
FEED_LENGTH = 40  # items in a full state

RunInWriter = Callable[[Callable[[Cloud], bool], Cloud], Awaitable[bool]]


class Watcher:
    """One open page. Its messages wait in `pending`."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.pending: list[bytes] = []
        self.needs_state = True
        self.is_closed = False
        self.wakes = asyncio.Event()

    def push(self, message: bytes) -> None:
        """Add a message. A watcher that is too slow gets a full state instead of all its messages."""
        if not self.needs_state:
            self.pending.append(message)
        if len(self.pending) > MAX_PENDING:
            self.pending, self.needs_state = [], True
        self.wakes.set()

    def close(self) -> None:
        """End the stream."""
        self.is_closed = True
        self.wakes.set()


class Hub:
    """
    The watchers of a cloud, and what they were last told.

    Args:
        run_in_writer: Calls a function that changes the cloud, when no request does.
    """

    def __init__(self, cloud: Cloud, run_in_writer: RunInWriter) -> None:
        self._cloud, self._run_in_writer = cloud, run_in_writer
        self._watchers: set[Watcher] = set()
        self._told: dict[View, Values] = {}
        self._feed: deque[Item] = deque(maxlen=FEED_LENGTH)
        self._tail: RecordTail | None = None
        self._revision = 0
        self._horizon: object = None
        self._task: asyncio.Task[None] | None = None
        self._is_closing = self._has_started_record = False

    async def add(self, view: View) -> Watcher:
        """Add a watcher, and begin to look for changes if it is the first."""
        watcher = Watcher(view)
        watcher.is_closed = self._is_closing
        self._watchers.add(watcher)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())
        return watcher

    def remove(self, watcher: Watcher) -> None:
        """Forget a watcher whose page was closed."""
        self._watchers.discard(watcher)
        if not any(other.view == watcher.view for other in self._watchers):
            self._told.pop(watcher.view, None)

    def close_streams(self) -> None:
        """End all streams at once."""
        self._is_closing = True
        for watcher in self._watchers:
            watcher.close()

    async def close(self) -> None:
        """End all streams, and the record if the page has started it."""
        self.close_streams()
        if self._task is not None:
            await self._task

    def take_messages(self, watcher: Watcher) -> bytes:
        """What a watcher must be sent now; empty if there is nothing new. Raises CloudFileError."""
        watcher.wakes.clear()
        if watcher.needs_state:
            self._look()
            watcher.needs_state, watcher.pending = False, []
            return self._encode("state", self._full_state(watcher.view))
        messages, watcher.pending = watcher.pending, []
        return b"".join(messages)

    def _full_state(self, view: View) -> Values:
        with self._cloud.reading() as world:
            if view not in self._told:
                self._told[view] = take_snapshot(world, view)
            now = describe_clock(world)
        return self._told[view] | {"clock": now, "feed": [item for item in self._feed if is_visible(item, view)]}

    def _encode(self, event: str, data: Values) -> bytes:
        return b"id: %d\nevent: %s\ndata: %s\n\n" % (self._revision, event.encode(), encode_body(data))

    async def _run(self) -> None:
        idle = 0
        await self._start_record()
        while not self._is_closing and idle < LINGER:
            idle = 0 if self._watchers else idle + 1
            try:
                if self._watchers:
                    self._look()
            except NovasimError:
                pass  # another program is replacing the file; the next poll tries again
            await asyncio.sleep(POLL_INTERVAL)
        self._task = None
        await self._stop_record()

    def _look(self) -> None:
        """Tell the watchers what has changed. Raises CloudFileError."""
        if self._tail is None:
            self._tail = RecordTail(self._cloud.store.record)
        horizon, entries = self._cloud.horizon(), self._tail.read()
        if horizon is self._horizon and not entries:
            return
        self._horizon = horizon
        self._revision += 1
        with self._cloud.reading() as world:
            items = [item for item in (describe_entry(world, entry) for entry in entries) if item]
            self._feed.extend(items)
            changes = {view: self._find_change(world, view, items) for view in self._told}
        for watcher in self._watchers:
            if change := changes.get(watcher.view):
                watcher.push(change)

    def _find_change(self, world: World, view: View, items: list[Item]) -> bytes:
        """The message for watchers with a view; empty if nothing has changed for them."""
        after = take_snapshot(world, view)
        change = compare(self._told[view], after)
        if visible := [item for item in items if is_visible(item, view)]:
            change["feed"] = visible
        jumps = has_jumped(self._told[view]["clock"], after["clock"])
        self._told[view] = after
        return self._encode("change", change) if jumps or len(change) > 1 else b""

    async def _start_record(self) -> None:
        from novasim.control.record import start_record

        if self._cloud.store.record:
            with suppress(CloudFileError):  # the page works without a record, and only refusals are missing
                self._has_started_record = await self._run_in_writer(start_record, self._cloud)

    async def _stop_record(self) -> None:
        from novasim.control.record import stop_record

        if self._has_started_record:
            self._has_started_record = False
            with suppress(CloudFileError):
                await self._run_in_writer(stop_record, self._cloud)
