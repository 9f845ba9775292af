"""Transactions of clients at a server."""

from __future__ import annotations

import asyncio

import pytest

from novasim.control.worlds import preview_cloud
from novasim.serve.remote.leases import LeaseOver, Leases
from novasim.serve.wire.connection_end import ConnectionEnd
from novasim.serve.writer import Writer
from novasim.simulation.time.clock import sleep
from tests.serve.server_process import TIMEOUT


def set_seed(cloud, seed):
    with cloud.writing(is_request=False, what="seed") as world:
        world.settings.seed = seed
        world.tx.put(world.settings)


def read_seed(cloud):
    with cloud.reading() as world:
        return world.settings.seed


def play(act, **limits):
    """Let *act* use the leases of a new cloud. Returns its seed afterwards, which is 1 at first."""

    async def run():
        cloud = preview_cloud()
        set_seed(cloud, 1)
        writer = Writer(cloud)
        leases = Leases(writer, **limits)
        await act(cloud, leases, writer)
        await leases.close()
        await writer.run(set_seed, cloud, read_seed(cloud))
        await writer.close()
        return read_seed(cloud)

    return asyncio.run(asyncio.wait_for(run(), TIMEOUT))


def test_a_commit_saves_and_others_wait_for_it():
    async def act(cloud, leases, writer):
        lease = await leases.open(cloud)
        await leases.run(lease, set_seed, 2)
        other = asyncio.ensure_future(writer.run(read_seed, cloud))
        await asyncio.sleep(0.05)
        assert not other.done()
        await leases.end(lease, saves=True)
        assert await other == 2

    assert play(act) == 2


@pytest.mark.parametrize("saves", [False, None])
def test_what_is_not_committed_is_dropped(saves):
    async def act(cloud, leases, writer):
        lease = await leases.open(cloud)
        await leases.run(lease, set_seed, 2)
        if saves is not None:
            await leases.end(lease, saves)

    assert play(act) == 1


def test_a_client_that_ends_frees_the_cloud():
    async def act(cloud, leases, writer):
        lease = await leases.open(cloud)
        await leases.run(lease, set_seed, 2)
        await writer.run(set_seed, cloud, 3)  # waits until the lease is over
        with pytest.raises(LeaseOver):
            await leases.end(lease, saves=True)
        with pytest.raises(LeaseOver):
            await leases.run(lease, set_seed, 4)

    assert play(act, idle=0.1) == 3


def test_a_client_whose_connection_ends_frees_the_cloud():
    async def act(cloud, leases, writer):
        lease = await leases.open(cloud)
        for connection in (ConnectionEnd(), ConnectionEnd()):
            leases.follow(connection)
            await leases.run(lease, set_seed, 2)
        connection.finish()
        await writer.run(set_seed, cloud, 3)  # waits until the lease is over
        with pytest.raises(LeaseOver):
            await leases.end(lease, saves=True)

    assert play(act, idle=60.0, lost=0.05) == 3


def test_a_client_that_connects_again_keeps_the_cloud():
    async def act(cloud, leases, writer):
        lease = await leases.open(cloud)
        first, second = ConnectionEnd(), ConnectionEnd()
        leases.follow(first)
        leases.follow(second)
        first.finish()
        await asyncio.sleep(0.1)
        await leases.run(lease, set_seed, 2)
        await leases.end(lease, saves=True)
        second.finish()

    assert play(act, idle=60.0, lost=0.05) == 2


def test_a_client_that_never_ends_is_stopped():
    async def act(cloud, leases, writer):
        lease = await leases.open(cloud)
        with pytest.raises(LeaseOver):
            for _ in range(1000):
                await leases.run(lease, lambda _: sleep(0.02))

    assert play(act, idle=5.0, longest=0.2) == 1


def test_a_second_client_waits_for_the_first():
    async def act(cloud, leases, writer):
        first = await leases.open(cloud)
        second = asyncio.ensure_future(leases.open(cloud))
        await leases.run(first, set_seed, 2)
        await leases.end(first, saves=True)
        assert await leases.run(await second, read_seed) == 2
        await leases.end(await second, saves=False)

    assert play(act) == 2
