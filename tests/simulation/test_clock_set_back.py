"""The wall clock is set back: simulated time never runs backwards, and goes on from the newest time."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.control.clock import advance_clock, set_clock
from novasim.errors import UsageError
from novasim.records import TABLES, Server, Settings
from novasim.simulation.time import clock
from novasim.store.memory import MemoryStore
from tests.worlds import build_callers, build_records, id_of, read_fixture

MEMBER = build_callers(read_fixture())["member"]
DAY = 86400.0
START = 1_800_000_000.0


class Wall:
    """A wall clock that is moved by hand."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def real_cloud(wall: Wall) -> Cloud:
    store = MemoryStore()
    with store.write() as tx:
        for record in build_records(read_fixture(), roomy=True, unlimited=True):
            if isinstance(record, Settings):
                record.clock, record.sim_anchor, record.wall_anchor = "real", wall.now, wall.now
            tx.put(record)
    return Cloud(store, wall)


def create(cloud: Cloud) -> None:
    body = {"server": {"name": "web", "flavorRef": "f1", "imageRef": id_of("img_a"), "networks": "none"}}
    response = handle(cloud, Request(MEMBER, "POST", "/servers", 96, body=body))
    assert response.code == 202, response


def now(cloud: Cloud) -> float:
    with cloud.reading() as world:
        return world.now


def state(cloud: Cloud) -> str:
    with cloud.reading() as world:
        (server,) = world.tx.query(Server)
        return server.vm_state


def newest_time(cloud: Cloud) -> float:
    """The newest time in any stored document."""
    with cloud.store.read() as tx:
        documents = [vars(record) for kind in TABLES.values() for record in tx.query(kind)]
    words = json.dumps(documents).split('"')
    return max(clock.parse_time(word) for word in words if word.startswith("20") and word.endswith("Z") and "." in word)


def test_an_active_server_stays_active_and_time_goes_on():
    wall = Wall()
    cloud = real_cloud(wall)
    create(cloud)
    wall.now += 100
    assert state(cloud) == "active"
    set_clock(cloud, speed=1.0)
    wall.now -= DAY
    later = Cloud(cloud.store, wall)
    assert state(later) == "active"
    assert now(later) == START + 100
    wall.now += 5
    assert now(later) == pytest.approx(START + 105)
    create(later)
    wall.now += 5
    assert now(Cloud(cloud.store, wall)) == pytest.approx(START + 110)


def test_a_build_under_way_ends_although_the_clock_is_set_back():
    wall = Wall()
    cloud = real_cloud(wall)
    create(cloud)
    wall.now -= DAY
    assert state(cloud) == "building"
    wall.now += 100
    assert state(cloud) == "active"


def test_what_is_seen_without_a_write_stays():
    wall = Wall()
    cloud = real_cloud(wall)
    create(cloud)
    wall.now += 100
    assert state(cloud) == "active"
    assert cloud.horizon().unsaved
    wall.now -= DAY
    assert cloud.horizon().unsaved
    assert state(cloud) == "active"
    assert cloud.horizon().since == wall.now


def test_another_state_brings_its_own_time():
    wall = Wall()
    cloud = real_cloud(wall)
    create(cloud)
    early = cloud.store.dump()
    wall.now += DAY
    create(cloud)
    wall.now -= DAY / 2
    assert now(cloud) == START + DAY
    cloud.store.__init__(early)
    assert now(cloud) == START + DAY / 2


STEP = st.sampled_from(["look", "create", "speed", "new process"])


@settings(max_examples=50)
@given(st.lists(st.tuples(STEP, st.floats(-1e6, 1e6)), max_size=10))
def test_time_never_runs_backwards(steps):
    wall = Wall()
    cloud = real_cloud(wall)
    seen = START
    for step, seconds in steps:
        wall.now += seconds
        if step == "create":
            create(cloud)
        elif step == "speed":
            set_clock(cloud, speed=2.5)
        elif step == "new process":
            cloud, seen = Cloud(cloud.store, wall), 0.0
        time = now(cloud)
        assert time >= max(seen, newest_time(cloud) - 1e-6)
        seen = time


def test_the_clock_stops_at_the_end_of_time():
    wall = Wall()
    cloud = real_cloud(wall)
    set_clock(cloud, "manual")
    with pytest.raises(UsageError, match="The clock stops at 9999-12-31T23:59:59"):
        advance_clock(cloud, 9e11)
    advance_clock(cloud, clock.END_OF_TIME - now(cloud))
    create(cloud)
    set_clock(cloud, "real", speed=1e5)
    wall.now += DAY
    create_time = now(cloud)
    assert create_time == clock.END_OF_TIME
