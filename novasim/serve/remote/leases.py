"""Transactions of clients: one at a time, each for a limited time, after which it is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any, TypeVar

from novasim.cloud import Cloud
from novasim.serve.wire.connection_end import ConnectionEnd
from novasim.serve.writer import Writer
from novasim.simulation.seeded import generate_secret_key

T = TypeVar("T")

IDLE = 5.0  # seconds without a request of the client
LOST = 1.0  # seconds after the end of its connection, in which the client may connect again
LONGEST = 30.0  # seconds that other writers wait at most


class LeaseOver(Exception):
    """The transaction has ended, by a commit or because it took too long."""


class _Dropped(Exception):
    """Ends a transaction without saving it."""


class Lease:
    """
    A transaction that a client holds.

    Args:
        cloud: The cloud within the transaction.
    """

    def __init__(self, cloud: Cloud, context: AbstractContextManager[Cloud], end: float) -> None:
        self.id = generate_secret_key()[:32]
        self.cloud, self.end = cloud, end
        self._context = context
        self.connection = ConnectionEnd()  # of the client's last request
        self.timer: asyncio.TimerHandle | None = None

    def commit(self) -> None:
        """Save what the transaction has changed. It runs on the writer's thread."""
        self._context.__exit__(None, None, None)

    def drop(self) -> None:
        """Drop what the transaction has changed. It runs on the writer's thread."""
        with suppress(_Dropped):
            error = _Dropped()
            self._context.__exit__(_Dropped, error, None)


class Leases:
    """
    The lease that a client may hold. Meanwhile the writer executes nothing else.

    Args:
        idle, longest: Seconds after which it ends: since the last request, and in total.
        lost: Seconds after which it ends if the client's connection has ended.
    """

    def __init__(self, writer: Writer, idle: float = IDLE, longest: float = LONGEST, lost: float = LOST) -> None:
        self._writer, self._idle, self._longest, self._lost = writer, idle, longest, lost
        self._lease: Lease | None = None
        self._ending: set[asyncio.Task[None]] = set()

    async def open(self, cloud: Cloud) -> str:
        """
        Begin a transaction, when no other one runs. Returns its ID.

        Raises:
            CloudFileError: the cloud cannot be used.
        """
        await self._writer.hold()
        try:
            context = cloud.transaction(writes=True)
            nested = await self._writer.run_held(context.__enter__)
        except BaseException:
            self._writer.release()
            raise
        self._lease = Lease(nested, context, asyncio.get_running_loop().time() + self._longest)
        self._start_timer(self._lease)
        return self._lease.id

    def follow(self, connection: ConnectionEnd) -> None:
        """Note the connection of the client that holds the lease, so that it ends soon after that connection."""
        if lease := self._lease:
            lease.connection.remove(lease.id)
            lease.connection = connection
            connection.add(lease.id, partial(self._lose, lease))

    def _lose(self, lease: Lease) -> None:
        if self._lease is lease and lease.timer:
            self._stop_timer(lease)
            self._start_timer(lease)

    async def run(self, id: str, function: Callable[..., T], *arguments: Any) -> T:
        """
        Call a function with the cloud within a transaction.

        Raises:
            LeaseOver: there is no such transaction.
        """
        lease = self._find(id)
        self._stop_timer(lease)
        try:
            return await self._writer.run_held(function, lease.cloud, *arguments)
        finally:
            self._start_timer(lease)

    async def end(self, id: str, saves: bool) -> None:
        """
        End a transaction.

        Raises:
            LeaseOver: there is no such transaction. CloudFileError: it cannot be saved.
        """
        lease = self._find(id)
        await self._end(lease, lease.commit if saves else lease.drop)

    async def close(self) -> None:
        """Drop the transaction that a client holds."""
        if self._lease:
            await self._end(self._lease, self._lease.drop)
        await asyncio.gather(*self._ending)

    def _find(self, id: str) -> Lease:
        if self._lease is None or self._lease.id != id:
            raise LeaseOver
        if asyncio.get_running_loop().time() >= self._lease.end:
            self._expire(self._lease)
            raise LeaseOver
        return self._lease

    async def _end(self, lease: Lease, function: Callable[[], None]) -> None:
        self._stop_timer(lease)
        self._lease = None
        lease.connection.remove(lease.id)
        try:
            await self._writer.run_held(function)
        finally:
            self._writer.release()

    def _start_timer(self, lease: Lease) -> None:
        loop = asyncio.get_running_loop()
        idle = self._lost if lease.connection.is_over else self._idle
        seconds = min(idle, max(lease.end - loop.time(), 0.0))
        lease.timer = loop.call_later(seconds, self._expire, lease)

    def _stop_timer(self, lease: Lease) -> None:
        if lease.timer:
            lease.timer.cancel()
        lease.timer = None

    def _expire(self, lease: Lease) -> None:
        if self._lease is lease:
            task = asyncio.get_running_loop().create_task(self._end(lease, lease.drop))
            self._lease = None
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
