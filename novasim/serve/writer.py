"""Execution of API requests: requests that change the cloud are saved in batches, on a thread of their own."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from novasim.api.dispatch import handle, refusal_response
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.control.purge import AutomaticPurge
from novasim.errors import CloudFileError, InternalFault, NovaFault, Unavailable
from novasim.records.base import copy_json
from novasim.render.output import print_message

MAX_BATCH = 256  # requests saved at once; a larger batch would delay its first response too long
QUIET_TURNS = 3  # turns of the event loop without a new request before a batch is saved

T = TypeVar("T")

PendingRequest = tuple[Request, "asyncio.Future[Response]"]


def handle_safely(cloud: Cloud, request: Request) -> Response:
    """Handle a request; convert every exception to an error response."""
    try:
        return handle(cloud, request)
    except Exception as error:  # noqa: BLE001  a fault of one request must not end the server
        return error_response(request, error)


def error_response(request: Request, error: Exception) -> Response:
    """The response for an exception: the fault's own code, 503 if the cloud file is unusable, 500 for a bug."""
    if isinstance(error, NovaFault):
        return refusal_response(request, error)
    if isinstance(error, CloudFileError):
        return refusal_response(request, Unavailable(reason=str(error)))
    report_internal_error(error, f"{request.method} {request.path} of {request.service}")
    return refusal_response(request, InternalFault(kind=f"<class '{type(error).__module__}.{type(error).__name__}'>"))


def report_internal_error(error: Exception, location: str) -> None:
    """Print a bug of novasim on stderr in one line, with a traceback if NOVASIM_TRACEBACK is set."""
    problem = f"{type(error).__name__}: {error} at {location}"
    print_message(f"novasim: internal error: {problem} (for a traceback, set NOVASIM_TRACEBACK=1)")
    if os.environ.get("NOVASIM_TRACEBACK"):
        traceback.print_exception(error)


class Writer:
    """
    Handles requests that change the cloud, in the order of their arrival.

    Requests that arrive during a save form the next batch; those that arrive while another process writes join the
    present one. No request is answered before it has been saved.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud, self._purge = cloud, AutomaticPurge()
        self._pending: deque[PendingRequest] = deque()
        self._thread = ThreadPoolExecutor(1, "novasim-writer")
        self._needs_settling = False
        self._task: asyncio.Task[None] | None = None
        self._free: asyncio.Event | None = None  # set when the client that holds the cloud has ended

    async def submit(self, request: Request) -> Response:
        """Handle a request and return the response after the save. Cancelling the caller does not stop the request."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Response] = loop.create_future()
        self._pending.append((request, future))
        self._start()
        return await future

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Run a function between batches; return its result."""
        await self._wait_until_free()
        return await self.run_held(function, *arguments)

    async def hold(self) -> None:
        """Let nothing run but `run_held`, until `release`."""
        await self._wait_until_free()
        self._free = asyncio.Event()

    def is_held(self) -> bool:
        """Whether a hold has not ended yet."""
        return self._free is not None

    def release(self) -> None:
        """End a hold."""
        if self._free:
            self._free.set()
        self._free = None

    async def _wait_until_free(self) -> None:
        while self._free:
            await self._free.wait()

    async def run_held(self, function: Callable[..., T], *arguments: object) -> T:
        """Run a function on the writer's thread during a hold; return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def settle(self) -> None:
        """Schedule a save of the tasks that are due, so that not every read has to apply them again."""
        self._needs_settling = True
        self._start()

    async def wait(self) -> None:
        """Wait until what is being saved, and what has been submitted before, is saved."""
        if self._task is not None:
            await asyncio.shield(self._task)

    def is_running(self) -> bool:
        """Whether requests or tasks that are due are being saved, or the record of them is being written."""
        return self._task is not None and not self._task.done()

    def _start(self) -> None:
        if not self.is_running():
            self._task = asyncio.get_running_loop().create_task(self._process_batches())

    async def close(self) -> None:
        """Finish the pending requests, then stop the thread."""
        if self._task is not None:
            await self._task
        self._thread.shutdown()

    async def _process_batches(self) -> None:
        loop = asyncio.get_running_loop()
        while self._pending or self._needs_settling:
            await self._wait_for_more()
            await self._wait_until_free()
            self._needs_settling = False
            batch: list[PendingRequest] = []
            join = partial(self._join, batch)
            responses = await loop.run_in_executor(self._thread, handle_batch, self._cloud, join(), self._purge, join)
            for (_, future), response in zip(batch, responses, strict=True):
                if not future.done():
                    future.set_result(response)

    def _join(self, batch: list[PendingRequest]) -> list[Request]:
        """Add pending requests to a batch, and return them. Meanwhile, another thread may add pending ones."""
        count = min(len(self._pending), MAX_BATCH - len(batch))
        more = [self._pending.popleft() for _ in range(count)]
        batch.extend(more)
        return [request for request, _ in more]

    async def _wait_for_more(self) -> None:
        """Wait until no more requests arrive: saving many requests costs as much as saving one."""
        seen, turns = len(self._pending), 0
        while turns < QUIET_TURNS and seen < MAX_BATCH:
            await asyncio.sleep(0)
            turns = turns + 1 if len(self._pending) == seen else 0
            seen = len(self._pending)


def handle_batch(
    cloud: Cloud, requests: Iterable[Request], purge: AutomaticPurge, join: Callable[[], Iterable[Request]] = tuple
) -> list[Response]:
    """
    Handle requests and save them together. On any exception, nothing is saved and every response is an error.

    Args:
        join: Returns more requests. It is called when no other process writes to the cloud any more.
    """
    try:
        with cloud.batch() as batch:
            with batch.writing(is_request=False, what="purge", is_event=True) as world:
                # saves the tasks that are due, even if all requests are refused
                purge.run(world)
            requests = [*requests, *join()]
            return [_detach(handle_safely(batch, request)) for request in requests]
    except Exception as error:  # noqa: BLE001  every request gets a response, and the next batch is handled
        return [error_response(request, error) for request in requests]


def _detach(response: Response) -> Response:
    """The response without lists and objects of records, which the next request of its batch may change."""
    return response._replace(body=copy_json(response.body))
