"""Saves tasks when they are due, though no request arrives, in clouds that are in a database."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from novasim.errors import NovasimError
from novasim.simulation.time import clock

if TYPE_CHECKING:
    from novasim.serve.app import App
    from novasim.serve.clouds.pool import CloudPool
    from novasim.store.clouds import Clouds

INTERVAL = 0.5  # seconds between two looks


async def watch_cloud(app: App) -> None:
    """Save the due tasks of a cloud until this task is cancelled. Other processes may do so, too: one of them saves."""
    while True:
        with suppress(NovasimError):  # the database cannot be reached now
            await app.save_due()
        await asyncio.sleep(INTERVAL)


async def watch_clouds(clouds: Clouds, pool: CloudPool) -> None:
    """Save the due tasks of all clouds of a database until this task is cancelled; each in one of all processes."""
    while True:
        with suppress(NovasimError):
            names = await pool.run(clouds.claim_due, clock.wall())
            await asyncio.gather(*(_save_due(name, clouds, pool) for name in names))
        await asyncio.sleep(INTERVAL)


async def _save_due(name: str, clouds: Clouds, pool: CloudPool) -> None:
    with suppress(NovasimError):  # this cloud cannot be used; others can
        async with pool.use(name) as app:
            horizon = await app.save_due()
            await pool.run(clouds.postpone, name, horizon.revision, horizon.until)
