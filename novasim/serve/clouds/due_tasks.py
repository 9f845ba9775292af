"""Saves the due tasks of all clouds of a database."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from novasim.errors import NovasimError
from novasim.serve.clouds.pool import CloudPool
from novasim.simulation.time import clock
from novasim.store.clouds import Clouds


async def save_due_tasks(clouds: Clouds, pool: CloudPool) -> None:
    """Save the due tasks of the clouds that no other process looks at. CloudFileError: the database cannot be used."""
    names = await pool.run(clouds.claim_due, clock.wall())
    await asyncio.gather(*(_save_due(name, clouds, pool) for name in names))


async def _save_due(name: str, clouds: Clouds, pool: CloudPool) -> None:
    with suppress(NovasimError):  # this cloud cannot be used; others can
        async with pool.use(name) as app:
            horizon = await app.save_due()
            await pool.run(clouds.postpone, name, horizon.revision, horizon.until)
