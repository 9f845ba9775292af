"""Claims of hosts' resources, and the resources that flavors need."""

from __future__ import annotations

import pytest

from novasim.records import Allocation, Host
from novasim.simulation.scheduling.placement import claim, get_usage, release, resources_from_flavor, transfer
from tests.play import Play


@pytest.fixture
def world():
    with Play().cloud.writing() as world:
        yield world


def usage(world, name="host1"):
    return get_usage(world.tx.get(Host, name))


def test_a_claim_is_an_allocation_and_counts_as_usage(world):
    claim(world, "s", "host1", (2, 512, 20))
    assert usage(world) == (2, 512, 20)
    (allocation,) = world.tx.query(Allocation)
    assert (allocation.id, allocation.consumer, allocation.server_id, allocation.host) == ("s", "s", "s", "host1")
    assert (allocation.vcpus, allocation.ram_mb, allocation.disk_gb) == (2, 512, 20)


def test_release_frees_what_one_consumer_has(world):
    claim(world, "s", "host1", (2, 512, 20))
    claim(world, "t", "host1", (1, 64, 1))
    release(world, "s")
    assert usage(world) == (1, 64, 1)
    assert [allocation.consumer for allocation in world.tx.query(Allocation)] == ["t"]
    release(world, "s")
    assert usage(world) == (1, 64, 1)


def test_transfer_changes_the_consumer_alone(world):
    claim(world, "s", "host1", (2, 512, 20))
    transfer(world, "s", "d")
    assert usage(world) == (2, 512, 20)
    (allocation,) = world.tx.query(Allocation)
    assert (allocation.id, allocation.consumer, allocation.server_id, allocation.host) == ("d", "d", "s", "host1")
    transfer(world, "s", "e")
    assert [each.consumer for each in world.tx.query(Allocation)] == ["d"]


def test_a_claim_on_a_deleted_host_is_ignored(world):
    claim(world, "s", "gone", (2, 512, 20))
    assert world.tx.query(Allocation) == []


@pytest.mark.parametrize(
    ("fields", "volume_backed", "disk_gb"),
    [
        ({}, False, 20),
        ({}, True, 0),
        ({"ephemeral": 5}, False, 25),
        ({"ephemeral": 5}, True, 5),
        ({"swap": 1}, False, 21),
        ({"swap": 1024}, False, 21),
        ({"swap": 1025}, False, 22),
        ({"swap": ""}, False, 20),
    ],
)
def test_resources_from_a_flavor(fields, volume_backed, disk_gb):
    flavor = {"vcpus": 2, "ram": 512, "disk": 20, **fields}
    assert resources_from_flavor(flavor, volume_backed) == (2, 512, disk_gb)
