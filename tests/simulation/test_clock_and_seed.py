"""Clock, seed and reasons: what is read from outside, and what is told."""

from __future__ import annotations

import math

import pytest

from novasim.control import hosts as data_center
from novasim.errors import UsageError
from novasim.records import Project, Settings
from novasim.simulation import default_world
from novasim.simulation.time.clock import format_time, get_mode, get_wall_time, parse_time, read_seed_from_environment
from novasim.store.memory import MemoryStore
from tests.play import Play
from tests.simulation.test_hints import group, made


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1970-01-01T00:00:00.000000Z"),
        (1.5, "1970-01-01T00:00:01.500000Z"),
        (0.9999999, "1970-01-01T00:00:01.000000Z"),
        (-0.25, "1969-12-31T23:59:59.750000Z"),
    ],
)
def test_times_as_text(seconds, text):
    assert format_time(seconds) == text
    assert parse_time(text) == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize("text", ["x", "--1", "²", "1.5", "1 2"])
def test_a_seed_that_is_none(monkeypatch, text):
    monkeypatch.setenv("NOVASIM_SEED", text)
    with pytest.raises(UsageError, match="it must be a whole number"):
        read_seed_from_environment()


@pytest.mark.parametrize(("text", "seed"), [("7", 7), ("-7", -7), ("", None)])
def test_a_seed(monkeypatch, text, seed):
    monkeypatch.setenv("NOVASIM_SEED", text)
    assert read_seed_from_environment() == seed


def settings(**fields: object) -> Settings:
    return Settings(id="cloud", **{"clock": "real", "speed": 2.0, "sim_anchor": 100.0, "wall_anchor": 10.0, **fields})


def test_a_clock_that_is_none(monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "sundial")
    with pytest.raises(UsageError, match="NOVASIM_CLOCK is 'sundial'; it must be one of"):
        get_mode(settings())


def test_when_a_moment_comes_by_the_wall():
    assert get_wall_time(settings(), 104.0, "real") == 12.0
    assert get_wall_time(settings(), 104.0, "manual") == math.inf
    assert (
        get_wall_time(settings(speed=0.0), 104.0, "real")
        == get_wall_time(settings(wall_anchor=None), 104.0, "real")
        == math.inf
    )


def test_a_world_without_limits():
    store = MemoryStore()
    with store.write() as tx:
        default_world.build_default_world(tx, 0.0, 1, unlimited=True)
        assert {limit for project in tx.query(Project) for limit in project.quotas.values()} == {-1}
        assert "cores" in tx.query(Project, {"name": "demo"})[0].quotas


def test_why_a_host_is_no_choice():
    play = Play()
    service = play.ask("GET", "/os-services", who="admin", host="host1").body["services"][0]["id"]
    change = {"status": "disabled", "disabled_reason": "new disk"}
    assert play.ask("PUT", f"/os-services/{service}", change, "admin").code == 200
    why = {each.host: each.why for each in data_center.explain_flavor(play.cloud, "1")}
    assert why == {"host1": "its service is disabled: new disk", "host2": "", "host3": ""}


def test_hints_as_reasons():
    play = Play()
    apart = group(play, "anti-affinity")
    for name in "abc":
        assert made(play, name, group=apart)
    first = play.ask("GET", "/servers", name="a").body["servers"][0]["id"]
    told = {each.why for each in data_center.explain_server(play.cloud, first)}
    assert told == {"the server is already on this host", "it does not match the scheduler hints: group"}


def test_zones_as_reasons():
    play = Play()
    for name, host in (("y", "host1"), ("z", "host3")):
        zone = {"aggregate": {"name": name, "availability_zone": name}}
        number = play.ask("POST", "/os-aggregates", zone, "admin").body["aggregate"]["id"]
        play.ask("POST", f"/os-aggregates/{number}/action", {"add_host": {"host": host}}, "admin")
    pinned = play.create(availability_zone="y")
    told = {each.host: each.why for each in data_center.explain_server(play.cloud, pinned)}
    assert told["host3"] == "it is in zone z, not in y"


def test_no_address_is_near_a_nonsense():
    play = Play()
    assert made(play, "n", build_near_host_ip="192.0.2.2", cidr="/99") is None


def test_a_group_that_is_gone_holds_nobody():
    play = Play()
    gone = group(play, "affinity")
    server = play.ask(
        "POST",
        "/servers",
        {
            "server": {"name": "a", "flavorRef": "1", "imageRef": play.image, "networks": "none"},
            "os:scheduler_hints": {"group": gone},
        },
    ).body["server"]["id"]
    play.ask("DELETE", f"/os-server-groups/{gone}")
    assert play.act(server, "migrate", None, "admin").code == 202
    assert play.state(server) == ("VERIFY_RESIZE", None)


def test_a_soft_group_has_no_more_room_than_others():
    play = Play()
    soft = group(play, "soft-affinity")
    large = {"name": "large", "id": "l", "ram": 60_000, "vcpus": 1, "disk": 0}
    play.ask("POST", "/flavors", {"flavor": large}, "admin")
    project = play.callers["demo"].project_id
    play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"ram": -1}}, "admin")
    hosts = [made(play, name, "l", group=soft) for name in "abcd"]
    assert (set(hosts[:3]), hosts[3]) == ({"host1", "host2", "host3"}, None)
