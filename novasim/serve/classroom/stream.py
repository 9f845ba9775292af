"""The board, read again while a page shows it, and the stream of its changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from novasim.classroom.board import Board, BoardReader
from novasim.errors import NovasimError
from novasim.serve.requests import Receive
from novasim.serve.responses import RawHeaders, Send, encode_body

POLL_INTERVAL = 1.0  # seconds
COMMENT_INTERVAL = 15.0  # seconds after which a stream without a message gets a comment, so that proxies keep it
EVENTS: RawHeaders = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store")]

Run = Callable[[Callable[[], Board]], Awaitable[Board]]


class BoardStream:
    """
    The board and the pages that show it. While there are none, nothing is read.

    Args:
        run: Runs a function in a thread.
    """

    def __init__(self, reader: BoardReader, run: Run, poll_interval: float = POLL_INTERVAL) -> None:
        self._reader, self._run, self._poll_interval = reader, run, poll_interval
        self._board: Board | None = None
        self._lock = asyncio.Lock()
        self._changed = asyncio.Condition()
        self._watchers = 0
        self._task: asyncio.Task[None] | None = None
        self.is_closed = False

    async def read(self) -> Board:
        """The board as it is now. Raises RoomError, LessonError."""
        async with self._lock:
            return await self._run(self._reader.read)

    async def send(self, write: Callable[[Board], str], receive: Receive, send: Send) -> None:
        """Send the board, and again whenever it has changed, until the page is closed."""
        self._watchers += 1
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._poll())
        disconnected = asyncio.get_running_loop().create_task(_wait_for_end(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": EVENTS})
            await self._send_changes(write, disconnected, send)
            with suppress(RuntimeError):  # uvloop raises it for a closed connection
                await send({"type": "http.response.body", "body": b""})
        finally:
            disconnected.cancel()
            self._watchers -= 1

    def close(self) -> None:
        """End all streams at once."""
        self.is_closed = True
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _send_changes(self, write: Callable[[Board], str], disconnected: asyncio.Task[None], send: Send) -> None:
        told: Board | None = None
        quiet = 0.0
        while not (disconnected.done() or self.is_closed):
            content = b""
            if self._board is not None and self._board != told:
                told, content = self._board, _encode(write(self._board))
            elif quiet >= COMMENT_INTERVAL:
                content = b":\n\n"
            if content:
                quiet = 0.0
                await send({"type": "http.response.body", "body": content, "more_body": True})
            quiet += await self._wait()

    async def _wait(self) -> float:
        """Wait for the next look at the board, and return how long that took, in seconds."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        async with self._changed:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._changed.wait(), self._poll_interval)
        return loop.time() - start

    async def _poll(self) -> None:
        while self._watchers and not self.is_closed:
            with suppress(NovasimError):  # a file is being replaced; the next look tries again
                board = await self.read()
                if board != self._board:
                    self._board = board
                    async with self._changed:
                        self._changed.notify_all()
            await asyncio.sleep(self._poll_interval)
        self._task = None


def _encode(text: str) -> bytes:
    return b"event: board\ndata: %s\n\n" % encode_body(text)


async def _wait_for_end(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
