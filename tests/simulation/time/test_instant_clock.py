"""The instant clock: it jumps to the end of tasks, and what a request changes is not dated before the request."""

from __future__ import annotations

import pytest

from novasim.control.clock import describe_clock, set_clock
from novasim.records import Server, Settings
from novasim.simulation.time.clock import END_OF_TIME, format_time
from tests.play import Play

START = 1_800_000_000.0


class Wall:
    """A wall clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
def play(wall):
    """A cloud without a seed: its time began at the wall time."""
    play = Play()
    play.cloud.wall = wall
    with play.cloud.writing(is_request=False) as world:
        world.settings.sim_anchor, world.settings.wall_anchor, world.settings.latest = START, START, START
        world.tx.put(world.settings)
        world.now = START
    return play


def names(play, since: float) -> list[str]:
    moment = format_time(since)
    found = play.ask("GET", "/servers/detail", who="admin", all_tenants="1", **{"changes-since": moment})
    return sorted(server["name"] for server in found.body["servers"])


def test_change_is_found_since_a_moment_before_it(play, wall):
    play.create("before")
    wall.now += 3600
    noted = wall.now
    wall.now += 1
    play.create("after")
    assert names(play, noted) == ["after"]
    assert names(play, START) == ["after", "before"]


def test_time_of_tasks_does_not_add_up(play, wall):
    for number in range(5):
        play.create(f"s{number}")
        wall.now += 60
    play.create("last")
    created = [play.ask("GET", f"/servers/{server.id}").body["server"]["created"] for server in play.all(Server)]
    assert created[-1] == "2027-01-15T08:05:00Z"  # five minutes after START


def test_reading_moves_nothing(play, wall):
    play.create()
    before = play.store.dump()
    wall.now += 3600
    play.ask("GET", "/servers/detail")
    assert play.store.dump() == before


def test_seeded_cloud_does_not_follow_the_wall_clock(wall):
    play = Play()
    play.cloud.wall = wall
    play.create()
    wall.now += 3600
    play.create("web2")
    first, second = play.all(Server)
    assert second.created_at < first.created_at.replace("T00:00", "T00:01")


def test_real_clock_continues_from_the_instant_clock(play, wall):
    play.create()
    wall.now += 100
    play.create("web2")
    with play.cloud.reading() as world:
        jumped = world.now
    set_clock(play.cloud, "real")
    wall.now += 10
    with play.cloud.reading() as world:
        assert world.now == pytest.approx(jumped + 10)
        assert world.tx.get(Settings, "cloud").clock == "real"


def test_time_that_a_request_has_seen_does_not_come_again(play, wall):
    """A request that only reads sees the time of the last change, as do commands that read the clock."""
    play.create()
    wall.now += 3600
    with play.cloud.reading(True) as world:
        seen = world.now
    assert describe_clock(play.cloud)["now"] == format_time(seen)


@pytest.mark.parametrize("change", [{"mode": "instant"}, {"speed": 2.0}])
def test_clock_that_is_set_again_follows_the_wall_clock(play, wall, change):
    play.create("before")
    wall.now += 3600
    set_clock(play.cloud, **change)
    play.create("after")
    assert names(play, wall.now) == ["after"]


def test_time_stops_at_the_end(play, wall):
    set_clock(play.cloud, speed=999_999.0)
    wall.now += 400_000
    play.create()
    with play.cloud.reading() as world:
        assert world.settings.latest <= END_OF_TIME + 60  # the end of the task
