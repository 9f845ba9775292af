"""How requests are put to the cloud: those that look one by one, those that change something saved together."""

from __future__ import annotations

import asyncio
import os
import traceback
from concurrent.futures import ThreadPoolExecutor

import click

from novasim.api.door import handle, refusal
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.errors import CloudFileError, InternalFault, NovaFault, Unavailable

MOST_TOGETHER = 256  # requests saved at once; more would wait longer than clients like
LOOKS_AROUND = 3  # turns of the event loop in which nothing more came, before what came is saved

Waiting = tuple[Request, "asyncio.Future[Response]"]


def answered(cloud: Cloud, request: Request) -> Response:
    """The door's answer, whatever happens."""
    try:
        return handle(cloud, request)
    except Exception as error:  # noqa: BLE001  the one boundary; the next request may well succeed
        return failed(request, error)


def failed(request: Request, error: Exception) -> Response:
    """The answer that tells of an error: a file that cannot be used is 503, a fault of novasim itself 500."""
    if isinstance(error, NovaFault):
        return refusal(request, error)
    if isinstance(error, CloudFileError):
        return refusal(request, Unavailable(reason=str(error)))
    report(error, f"{request.method} {request.path} of {request.service}")
    return refusal(request, InternalFault(kind=f"<class '{type(error).__module__}.{type(error).__name__}'>"))


def report(error: Exception, where: str) -> None:
    """Tell whoever runs the server of a fault of novasim itself, in one line."""
    what = f"{type(error).__name__}: {error} at {where}"
    click.echo(f"novasim: internal fault: {what} (NOVASIM_TRACEBACK=1 shows where)", err=True)
    if os.environ.get("NOVASIM_TRACEBACK"):
        traceback.print_exception(error)


class Writer:
    """
    Answers requests that change something, in the order of their coming.

    Those that come while others are being saved are saved together. None is answered before that.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._waiting: list[Waiting] = []
        self._thread = ThreadPoolExecutor(1, "novasim-writer")
        self._unsettled = False
        self._task: asyncio.Task[None] | None = None

    async def answered(self, request: Request) -> Response:
        """The answer, when what the request did is saved; it is done even if nobody waits for it any longer."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Response] = loop.create_future()
        self._waiting.append((request, future))
        self._begin()
        return await future

    def settle(self) -> None:
        """Have saved what has happened of itself, so that not every look has to work it out again."""
        self._unsettled = True
        self._begin()

    def _begin(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def close(self) -> None:
        """Finish what was begun."""
        if self._task is not None:
            await self._task
        self._thread.shutdown()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting or self._unsettled:
            await self._gathered()
            self._unsettled = False
            batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            requests = [request for request, _ in batch]
            answers = await loop.run_in_executor(self._thread, answer_together, self._cloud, requests)
            for (_, future), response in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(response)

    async def _gathered(self) -> None:
        """Let come what is coming: one save costs the same for many requests as for one."""
        seen, turns = len(self._waiting), 0
        while turns < LOOKS_AROUND and seen < MOST_TOGETHER:
            await asyncio.sleep(0)
            turns = turns + 1 if len(self._waiting) == seen else 0
            seen = len(self._waiting)


def answer_together(cloud: Cloud, requests: list[Request]) -> list[Response]:
    """The answers, all saved at once. If they cannot be saved nothing was done, and each says so."""
    try:
        with cloud.batch() as one:
            with one.writing(counts=False):
                pass  # what is due by now happens also if every request is refused
            return [answered(one, request) for request in requests]
    except CloudFileError as error:
        return [failed(request, error) for request in requests]
