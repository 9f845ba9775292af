"""The world within one unit of work: what is shared between its moments."""

from __future__ import annotations

import pytest

from novasim.records import Settings
from novasim.simulation.world import World
from tests.play import Play


@pytest.fixture
def world():
    with Play().store.read() as tx:
        settings = tx.get(Settings, "cloud")
        yield World(tx, settings, settings.sim_anchor)


def test_other_moments_share_lookups_and_new_timers(world):
    other = world.at(7.0, "req-1", "a purpose")
    other.new_timers.append("a timer")
    other.lookups.zone_by_host = {"host1": "a"}
    assert world.new_timers == ["a timer"]
    assert world.lookups.zone_by_host == {"host1": "a"}


def test_numbers_start_at_one_and_are_stored():
    play = Play()
    with play.cloud.writing() as world:
        assert [world.allocate_number("things") for _ in range(3)] == [1, 2, 3]
    with play.cloud.writing() as world:
        assert world.allocate_number("things") == 4
