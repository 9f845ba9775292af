"""The stepping clock: each request first moves to the end of the next task."""

from __future__ import annotations

import pytest

from novasim import Cloud
from novasim.control.clock import describe_clock
from novasim.control.options import set_option
from novasim.errors import StillWaiting, WrongState
from novasim.simulation.time.clock import parse_time


@pytest.fixture
def cloud():
    return Cloud.in_memory(clock="stepping")


def create(cloud, name="web1"):
    """Create a server, without a look at it."""
    return cloud.servers.create(name, flavor="m1.tiny", image="cirros")


def task_count(cloud):
    """How many tasks the store has, which settling in memory does not change."""
    return len(cloud.world.store.revision().tables.get("tasks", {}))


def test_a_look_moves_to_the_end_of_a_task(cloud):
    web1 = create(cloud)
    before = cloud.clock.now
    assert web1.status == "ACTIVE"
    assert cloud.clock.now > before
    web1.resize("m1.small")
    assert [web1.status, web1.status] == ["VERIFY_RESIZE", "VERIFY_RESIZE"]


def test_a_request_that_changes_something_moves_the_clock_too(cloud):
    web1 = create(cloud)
    web1.stop()  # the build ends here, without a look
    with pytest.raises(WrongState, match="vm_state stopped"):
        web1.stop()


def test_time_is_kept_in_memory_until_the_next_write(cloud):
    web1 = create(cloud)
    assert web1.status == "ACTIVE"
    assert task_count(cloud) == 1
    reached = cloud.clock.now
    web1.lock()
    assert task_count(cloud) == 0
    assert cloud.clock.now == reached
    assert Cloud(type(cloud.world)(cloud.world.store)).clock.now == reached  # stored


def test_a_look_without_a_request_does_not_move(cloud):
    create(cloud)
    before = cloud.clock.now
    assert describe_clock(cloud.world)["tasks"] == 1
    assert cloud.clock.now == before


def test_one_task_ends_after_the_other(cloud):
    create(cloud, "a")
    create(cloud, "b")  # the first one ends here
    before = cloud.clock.now
    assert [server.status for server in cloud.servers.list()] == ["ACTIVE", "ACTIVE"]
    assert cloud.clock.now > before


def test_timers_do_not_move_the_clock(cloud):
    set_option(cloud.world, "shelved_offload_time", "3600")
    web1 = create(cloud)
    web1.wait("ACTIVE")
    web1.act("shelve")
    web1.wait("SHELVED")
    before = parse_time(cloud.clock.now)
    assert web1.status == "SHELVED"
    assert parse_time(cloud.clock.now) == before


def test_wait_ends_if_nothing_can_change(cloud):
    cloud.faults.add(does="stuck", action="stop")
    web1 = create(cloud)
    assert web1.wait("ACTIVE").status == "ACTIVE"
    web1.stop()
    with pytest.raises(StillWaiting, match="clock is stepping"):
        web1.wait("SHUTOFF")
    cloud.faults.clear()
    assert web1.wait("SHUTOFF").status == "SHUTOFF"


def test_the_time_does_not_jump_when_the_mode_changes(cloud):
    web1 = create(cloud)
    web1.wait("ACTIVE")
    reached = cloud.clock.now
    cloud.clock.set("manual")
    assert (cloud.clock.now, web1.status) == (reached, "ACTIVE")


def test_the_same_calls_have_the_same_times():
    def play():
        cloud = Cloud.in_memory(clock="stepping", seed=4)
        create(cloud).wait("ACTIVE").stop()
        return cloud.servers.get("web1").details

    assert play() == play()
