"""Saves tasks when they are due, though no request arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from novasim.errors import NovasimError

INTERVAL = 0.5  # seconds between two looks


async def save_regularly(save_due: Callable[[], Awaitable[object]]) -> None:
    """Save due tasks until this task is cancelled. Other processes may do so, too: one of them saves."""
    while True:
        with suppress(NovasimError):  # the database cannot be reached now
            await save_due()
        await asyncio.sleep(INTERVAL)
