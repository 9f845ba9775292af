"""The open clouds of a server. Each is opened at its first use, and closed when it has not been used for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from novasim.errors import CloudFileError

if TYPE_CHECKING:
    from novasim.serve.app import App
    from novasim.serve.clouds.opener import CloudOpener

MAX_OPEN = 100  # clouds; more only if all of them are being used
IDLE_TIME = 60.0  # seconds without a request, after which a cloud is closed
THREADS = 2  # that open and close clouds

T = TypeVar("T")


class OpenCloud:
    """
    A cloud that is being opened, open, or being closed.

    Attributes:
        app: Its application; None while it is being opened.
        users: The number of requests and streams that are being answered.
        used: When the last one ended, in seconds of the event loop.
        closing: The task that closes it.
    """

    def __init__(self) -> None:
        self.app: App | None = None
        self.users, self.used = 0, 0.0
        self.opening: asyncio.Task[App] | None = None
        self.closing: asyncio.Task[None] | None = None


class CloudPool:
    """
    The open clouds by name.

    Args:
        max_open, idle_time: As MAX_OPEN and IDLE_TIME.
    """

    def __init__(self, opener: CloudOpener, max_open: int = MAX_OPEN, idle_time: float = IDLE_TIME) -> None:
        self._opener, self._max_open, self._idle_time = opener, max_open, idle_time
        self._open: dict[str, OpenCloud] = {}
        self._threads = ThreadPoolExecutor(THREADS, "novasim-clouds")
        self._sweeper: asyncio.Task[None] | None = None
        self._is_closing = False

    def __len__(self) -> int:
        return len(self._open)

    @asynccontextmanager
    async def use(self, name: str) -> AsyncIterator[App]:
        """
        The application of a cloud, which stays open meanwhile.

        Raises:
            NotFound: there is no cloud of that name (404). CloudFileError: it cannot be used.
        """
        entry = await self._find(name)
        entry.users += 1
        try:
            if entry.app is None and entry.opening is not None:
                await asyncio.shield(entry.opening)  # others may wait for it, too
            assert entry.app is not None
            yield entry.app
        finally:
            entry.users -= 1
            entry.used = asyncio.get_running_loop().time()

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Run a function that reads or changes the collection in a thread; return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    def close_streams(self) -> None:
        """End the streams of all live pages at once."""
        for entry in self._open.values():
            if entry.app is not None:
                entry.app.close_streams()

    async def close(self) -> None:
        """Close all clouds, after their pending requests have been saved. States that are kept in memory are lost."""
        self._is_closing = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        for name, entry in list(self._open.items()):
            self._start_closing(name, entry)
        tasks = [entry.closing for entry in self._open.values() if entry.closing]
        await asyncio.gather(*tasks)
        self._threads.shutdown()

    async def _find(self, name: str) -> OpenCloud:
        """The entry of a cloud that is not being closed. The caller must count itself as a user at once."""
        while (entry := self._open.get(name)) is not None and entry.closing is not None:
            await asyncio.shield(entry.closing)
        if entry is None:
            entry = self._open[name] = OpenCloud()
            entry.opening = asyncio.get_running_loop().create_task(self._start(name, entry))
            entry.opening.add_done_callback(_retrieve_error)  # the client may not wait for it any more
        return entry

    async def _start(self, name: str, entry: OpenCloud) -> App:
        try:
            await self._make_room()
            entry.app = await self.run(self._opener.open, name)
        except BaseException:
            del self._open[name]
            raise
        if self._sweeper is None:
            self._sweeper = asyncio.get_running_loop().create_task(self._sweep())
        return entry.app

    async def _make_room(self) -> None:
        """Close the clouds that were not used for the longest time, if too many are open."""
        while len(self._open) > self._max_open:
            idle = [(entry.used, name) for name, entry in self._open.items() if _is_idle(entry)]
            if not idle:
                return
            entry = self._open[min(idle)[1]]
            self._start_closing(min(idle)[1], entry)
            if entry.closing is not None:
                await entry.closing

    async def _sweep(self) -> None:
        """Close clouds that are not used any more, until none is open."""
        while self._open:
            await asyncio.sleep(self._idle_time / 4)
            self._close_idle(asyncio.get_running_loop().time() - self._idle_time)
        self._sweeper = None

    def _close_idle(self, until: float) -> None:
        for name, entry in list(self._open.items()):
            if _is_idle(entry) and entry.used <= until:
                self._start_closing(name, entry)

    def _start_closing(self, name: str, entry: OpenCloud) -> None:
        if entry.closing is None:
            entry.closing = asyncio.get_running_loop().create_task(self._close(name, entry))

    async def _close(self, name: str, entry: OpenCloud) -> None:
        try:
            if entry.opening is not None:
                await asyncio.wait([entry.opening])
            if entry.app is not None:
                await entry.app.close()
                if not self._is_closing:
                    with suppress(CloudFileError):  # the file is damaged; nothing that was answered is lost
                        await self.run(self._opener.close, entry.app.cloud)
        finally:
            self._open.pop(name, None)


def _is_idle(entry: OpenCloud) -> bool:
    return entry.users == 0 and entry.closing is None and entry.app is not None and not entry.app.is_held()


def _retrieve_error(task: asyncio.Task[App]) -> None:
    if not task.cancelled():
        task.exception()
