"""Tells all watchers of a cloud what changes in it. Without a watcher, nothing runs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from novasim.cloud import Cloud
from novasim.errors import NovasimError
from novasim.serve.live.channel import Channel, Message, Watcher, event_id
from novasim.serve.live.feed import Item, describe_entry, is_visible
from novasim.serve.live.page_record import PageRecord, RunInWriter
from novasim.serve.live.snapshot import Values, View, compare, describe_clock, has_jumped, take_snapshot
from novasim.serve.responses import encode_body
from novasim.simulation.time.settle import Horizon
from novasim.simulation.world import World

POLL_INTERVAL = 0.1  # seconds
WATCHED_POLL_INTERVAL = 1.0  # likewise, for a store that tells of changes
LINGER = 100  # poll intervals without a watcher, after which no stream resumes, and the page's record stops
FEED_LENGTH = 40  # items in a full state
SERVERS_PER_SECOND = 5000  # to describe at most; a larger cloud is looked at less often while it changes


class Hub:
    """
    The watchers of a cloud, and what they were last told.

    Args:
        run_in_writer: Calls a function that changes the cloud, when no request does.
        settle: Schedules a save of the tasks that are due.
        poll_interval: Seconds between two looks at the cloud.
    """

    def __init__(
        self,
        cloud: Cloud,
        run_in_writer: RunInWriter,
        settle: Callable[[], object],
        poll_interval: float = POLL_INTERVAL,
    ) -> None:
        self._cloud, self._settle = cloud, settle
        self._record = PageRecord(cloud, run_in_writer)
        self._poll_interval = poll_interval
        self._channels: dict[View, Channel] = {}
        self._feed: deque[Item] = deque(maxlen=FEED_LENGTH)
        self._horizon: Horizon | None = None
        self._id = ""
        self._task: asyncio.Task[None] | None = None
        self._closing, self._wakes = asyncio.Event(), asyncio.Event()

    async def add(self, view: View, last_id: str = "") -> Watcher:
        """
        Add a watcher, and begin to look for changes if it is the first.

        Args:
            last_id: Of the last event that the page has received, so that it gets only what it has missed.

        Raises:
            CloudFileError: the cloud cannot be read.
        """
        channel = self._channels.setdefault(view, Channel(view))
        missed = channel.find_missed(last_id)
        if missed is not None:
            missed.append(self._describe_now())
            channel.note(self._id)
        watcher = Watcher(view, missed)
        watcher.is_closed = self._closing.is_set()
        channel.watchers.add(watcher)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())
        return watcher

    def remove(self, watcher: Watcher) -> None:
        """Forget a watcher whose page was closed."""
        if watcher.view in self._channels:
            self._channels[watcher.view].watchers.discard(watcher)

    def close_streams(self) -> None:
        """End all streams at once."""
        self._closing.set()
        self._wakes.set()
        for channel in self._channels.values():
            for watcher in channel.watchers:
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
            return self._encode("state", self._full_state(self._channels[watcher.view]))
        messages, watcher.pending = watcher.pending, []
        return b"".join(messages)

    def _full_state(self, channel: Channel) -> Values:
        with self._cloud.reading() as world:
            if channel.told is None:
                channel.told = self._take_snapshot(world, channel.view)
            now = describe_clock(world)
        channel.note(self._id)
        return channel.told | {"clock": now, "feed": [item for item in self._feed if is_visible(item, channel.view)]}

    def _take_snapshot(self, world: World, view: View) -> Values:
        return take_snapshot(world, view) | {"record": not self._record.is_off}

    def _describe_now(self) -> bytes:
        """A change of the clock only, which begins a stream that resumes. Raises CloudFileError."""
        with self._cloud.reading() as world:
            return self._encode("change", {"clock": describe_clock(world)})

    def _encode(self, event: str, data: Values) -> bytes:
        id = f"id: {self._id}\n" if self._id else ""
        return b"%sevent: %s\ndata: %s\n\n" % (id.encode(), event.encode(), encode_body(data))

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        unwatch = self._cloud.store.watch(lambda: loop.call_soon_threadsafe(self._wakes.set))
        try:
            await self._look_until_unused(WATCHED_POLL_INTERVAL if unwatch else self._poll_interval)
        finally:
            if unwatch:
                unwatch()
        self._task = None
        await self._record.end()

    async def _look_until_unused(self, interval: float) -> None:
        """Look for changes until no page was open for a while: at least once in that time in seconds."""
        loop = asyncio.get_running_loop()
        while self._channels and not self._closing.is_set():
            start, described = loop.time(), 0
            await self._record.keep()
            with suppress(NovasimError):  # another program is replacing the file; the next look tries again
                described = self._look()
            await self._pause(described / SERVERS_PER_SECOND, max(interval, described / SERVERS_PER_SECOND))
            self._drop_unused((loop.time() - start) / self._poll_interval)

    async def _pause(self, least: float, most: float) -> None:
        """Wait for the next change or for the next task that is due, for a time in seconds between these limits."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._closing.wait(), least)
        until = self._horizon.until - self._cloud.wall() if self._horizon else most
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._wakes.wait(), max(0, min(most, max(until, self._poll_interval)) - least))
        if not self._closing.is_set():
            self._wakes.clear()

    def _drop_unused(self, intervals: float) -> None:
        for view, channel in list(self._channels.items()):
            channel.unused = 0.0 if channel.watchers else channel.unused + intervals
            if channel.unused > LINGER:
                del self._channels[view]

    def _look(self) -> int:
        """
        Tell the watchers what has changed.

        Returns:
            How many servers were described for this, once for each view; 0 if nothing has changed.

        Raises:
            CloudFileError: the cloud cannot be read.
        """
        horizon, entries = self._cloud.horizon(), self._record.read()
        if horizon is self._horizon and not entries:
            return 0
        self._horizon, self._id = horizon, event_id(horizon, self._record.offset)
        if horizon.unsaved:
            self._settle()
        with self._cloud.reading() as world:
            items = [item for item in (describe_entry(world, entry) for entry in entries) if item]
            self._feed.extend(items)
            return sum(self._tell(world, channel, items) for channel in self._channels.values())

    def _tell(self, world: World, channel: Channel, items: list[Item]) -> int:
        """Send the watchers of a channel what has changed for them, if anything has. Returns the number of servers."""
        if channel.told is None:
            return 0
        before, after = channel.told, self._take_snapshot(world, channel.view)
        change = compare(before, after)
        if before["record"] != after["record"]:
            change["record"] = after["record"]
        if visible := [item for item in items if is_visible(item, channel.view)]:
            change["feed"] = visible
        channel.told = after
        if len(change) > 1 or has_jumped(before["clock"], after["clock"]):
            channel.send(Message(self._id, self._encode("change", change)))
        return len(after["servers"])
