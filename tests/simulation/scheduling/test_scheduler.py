"""Filters, weights, and the heap that is kept between selections."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novasim.control import hosts
from novasim.records import Aggregate, Host, Server
from novasim.simulation.failures import TaskFailed
from novasim.simulation.scheduling.filters import list_filter_results
from novasim.simulation.scheduling.placement import claim, release
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.scheduler import list_candidates, select_host
from tests.play import Play

STEPS = st.lists(st.tuples(st.integers(64, 20_000), st.integers(0, 4)), max_size=25)


def spec(ram: int, **more) -> RequestSpec:
    """A spec for one vCPU, that much RAM (MiB) and no disk."""
    server = Server(id="s", name="s", project_id="p", user_id="u", created_at="", updated_at="")
    return RequestSpec(server, (1, ram, 0), **more)


@given(STEPS)
def test_the_heap_selects_the_same_host_as_sorting(steps):
    play = Play()
    with play.cloud.writing() as world:
        for number, (ram, freed) in enumerate(steps):
            expected = list_candidates(world, spec(ram))
            if not expected:
                with pytest.raises(TaskFailed):
                    select_host(world, spec(ram))
                continue
            chosen = select_host(world, spec(ram))
            assert chosen.name == expected[0].name
            claim(world, f"c{number}", chosen.name, (1, ram, 0))
            if freed:
                release(world, f"c{number - freed}")


def test_each_host_shows_the_filter_that_removes_it():
    play = Play()
    with play.cloud.writing() as world:
        down, disabled, _ = world.tx.query(Host)
        down.forced_down = disabled.disabled = True
        found = {host.name: why for host, why in list_filter_results(world, spec(512))}
        assert found == {"host1": "ComputeFilter", "host2": "ComputeFilter", "host3": ""}
        assert {why for _, why in list_filter_results(world, spec(10**9))} == {"ComputeFilter", "Capacity"}
        zone = {"availability_zone": "z"}
        world.tx.put(
            Aggregate(id="1", name="z", number=1, uuid="1", created_at=world.time, hosts=["host1"], metadata=zone)
        )
        world.lookups.forget_aggregates()
        results = {host.name: why for host, why in list_filter_results(world, spec(512, zone="z"))}
        assert results["host3"] == "AvailabilityZoneFilter"
        assert [host.name for host in list_candidates(world, spec(512, zone="nova"))] == ["host3"]
        assert [host.name for host in list_candidates(world, spec(512, excluded_hosts=("host3",)))] == []


def test_a_forced_host_is_not_filtered_but_must_exist():
    play = Play()
    with play.cloud.writing() as world:
        assert select_host(world, spec(10**9, requested_host="host2", forced=True)).name == "host2"
        with pytest.raises(TaskFailed, match="No such host - host: nowhere"):
            select_host(world, spec(1, requested_host="nowhere", forced=True))


def test_servers_are_spread_over_the_hosts():
    play = Play()
    names = [play.server(play.create(f"s{number}")).host for number in range(6)]
    assert sorted(names) == ["host1", "host1", "host2", "host2", "host3", "host3"]


@pytest.mark.parametrize("allocation_ratio", [1.0, 2.0])
@pytest.mark.parametrize("reserved", [0, 8])
@pytest.mark.parametrize(
    ("position", "total", "reserved_field", "ratio_field"),
    [
        (0, 16, "reserved_vcpus", "cpu_allocation_ratio"),
        (1, 65536, "reserved_ram_mb", "ram_allocation_ratio"),
        (2, 1000, "reserved_disk_gb", "disk_allocation_ratio"),
    ],
)
def test_reserved_resources_are_not_used(position, total, reserved_field, ratio_field, reserved, allocation_ratio):
    play = Play()
    with play.cloud.writing() as world:
        host = world.tx.get(Host, "host1")
        setattr(host, reserved_field, reserved)
        setattr(host, ratio_field, allocation_ratio)
        most = min(int((total - reserved) * allocation_ratio), total)
        for amount, removed_by in ((most, ""), (most + 1, "Capacity")):
            resources = [0, 0, 0]
            resources[position] = amount
            results = list_filter_results(world, spec(0)._replace(resources=tuple(resources)))
            assert {host.name: name for host, name in results}["host1"] == removed_by


def test_a_build_fails_if_only_reserved_vcpus_are_left():
    play = Play()
    for name in ("host1", "host2", "host3"):
        hosts.change_host(play.cloud, name, reserved_vcpus=15, cpu_allocation_ratio=1.0)
    assert play.state(play.create("small", flavor="2")) == ("ACTIVE", None)
    assert play.state(play.create("big", flavor="3")) == ("ERROR", None)
