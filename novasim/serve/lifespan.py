"""The start and the end of an application, of which the server tells in ASGI's lifespan protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from novasim.serve.requests import Receive
from novasim.serve.responses import Send


async def handle_lifespan(
    receive: Receive,
    send: Send,
    close: Callable[[], Awaitable[None]],
    work: Coroutine[Any, Any, None] | None = None,
) -> None:
    """
    Answer the events of the server until it shuts down.

    Args:
        close: Closes the application.
        work: What the application does without a request. It is cancelled before the close.
    """
    task = asyncio.get_running_loop().create_task(work) if work else None
    while True:
        event = (await receive())["type"]
        if event == "lifespan.shutdown":
            if task:
                task.cancel()
            await close()
        await send({"type": event + ".complete"})
        if event == "lifespan.shutdown":
            return
