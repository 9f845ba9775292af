"""Scheduler hints: same and different hosts, groups, queries, addresses."""

from __future__ import annotations

import pytest

from novasim.simulation.options import FILTERS
from tests.play import Play


@pytest.fixture
def filtering():
    """A cloud in which every filter is enabled."""
    return Play(enabled_filters=list(FILTERS))


def made(play: Play, name: str, flavor: str = "1", **hints) -> str | None:
    """The host of a new server with these hints, None if there was none for it."""
    body = {"name": name, "flavorRef": flavor, "imageRef": play.image, "networks": "none"}
    answer = play.ask("POST", "/servers", {"server": body, "os:scheduler_hints": hints})
    assert answer.code == 202, answer
    return play.server(answer.body["server"]["id"]).host


def group(play: Play, policy: str, **rules) -> str:
    body = {"server_group": {"name": "g", "policy": policy, **({"rules": rules} if rules else {})}}
    return play.ask("POST", "/os-server-groups", body).body["server_group"]["id"]


def test_same_and_different_host(filtering):
    play = filtering
    first = play.create()
    home = play.server(first).host
    assert {made(play, f"near{n}", same_host=[first]) for n in range(3)} == {home}
    assert home not in {made(play, f"far{n}", different_host=first) for n in range(3)}


def test_affinity_and_anti_affinity():
    play = Play()
    together, apart = group(play, "affinity"), group(play, "anti-affinity")
    assert len({made(play, f"t{n}", group=together) for n in range(3)}) == 1
    hosts = [made(play, f"a{n}", group=apart) for n in range(4)]
    assert len(set(hosts[:3])) == 3
    assert hosts[3] is None


def test_max_server_per_host():
    play = Play()
    apart = group(play, "anti-affinity", max_server_per_host=2)
    hosts = [made(play, f"a{n}", group=apart) for n in range(7)]
    assert sorted(filter(None, hosts)) == ["host1", "host1", "host2", "host2", "host3", "host3"]
    assert hosts[6] is None


def test_groups_with_a_strict_policy_do_not_change_the_weight_of_hosts():
    play = Play()
    apart = group(play, "anti-affinity", max_server_per_host=3)
    assert len({made(play, f"a{n}", group=apart) for n in range(3)}) == 3


@pytest.mark.parametrize(("policy", "expected"), [("soft-affinity", 1), ("soft-anti-affinity", 3)])
def test_soft_policies_are_only_preferences(policy, expected):
    play = Play()
    soft = group(play, policy)
    assert len({made(play, f"s{n}", group=soft) for n in range(3)}) == expected
    assert made(play, "more", group=soft) is not None


def test_queries(filtering):
    play = filtering
    assert made(play, "q1", query='["=", "$host", "host2"]') == "host2"
    assert made(play, "q2", query='["and", [">=", "$free_ram_mb", 1024], ["in", "$host", "host3"]]') == "host3"
    assert made(play, "q3", query='["not", ["<", "$vcpus_used", 99]]') is None
    assert made(play, "q4", query="nonsense") is None


def test_build_near_host_ip(filtering):
    play = filtering
    assert made(play, "n1", build_near_host_ip="192.0.2.2", cidr="/32") == "host1"
    assert made(play, "n2", build_near_host_ip="203.0.113.1") is None


def test_invalid_cidr_matches_no_host(filtering):
    play = filtering
    assert made(play, "n", build_near_host_ip="192.0.2.2", cidr="/99") is None


def test_a_deleted_group_limits_no_server():
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


def test_soft_affinity_respects_capacity():
    play = Play()
    soft = group(play, "soft-affinity")
    large = {"name": "large", "id": "l", "ram": 60_000, "vcpus": 1, "disk": 1}
    play.ask("POST", "/flavors", {"flavor": large}, "admin")
    project = play.callers["demo"].project_id
    play.ask("PUT", f"/os-quota-sets/{project}", {"quota_set": {"ram": -1}}, "admin")
    hosts = [made(play, name, "l", group=soft) for name in "abcd"]
    assert (set(hosts[:3]), hosts[3]) == ({"host1", "host2", "host3"}, None)


@pytest.mark.parametrize(
    "hints",
    [
        {"same_host": ["11111111-1111-4111-8111-111111111111"]},
        {"query": "nonsense"},
        {"query": '["=", "$host", "host9"]'},
        {"build_near_host_ip": "203.0.113.1"},
        {"foo": "bar"},
    ],
)
def test_hints_have_no_effect_without_their_filters(hints):
    assert made(Play(), "a", **hints) == "host1"


def test_different_host_has_no_effect_without_its_filter():
    play = Play(weight_classes=[])
    assert made(play, "far", different_host=play.create()) == "host1"


@pytest.mark.parametrize(("policy", "name"), [("affinity", "Affinity"), ("anti-affinity", "AntiAffinity")])
def test_a_policy_needs_its_filter(policy, name):
    play = Play(enabled_filters=["ComputeFilter"])
    assert made(play, "a", group=group(play, policy)) is None
    (server,) = play.ask("GET", "/servers").body["servers"]
    message = f"ServerGroup policy is not supported: ServerGroup{name}Filter not configured"
    assert play.server(server["id"]).fault["message"] == message


def test_without_the_compute_filter_a_host_that_is_down_is_used():
    play = Play(enabled_filters=[], weight_classes=[])
    service = play.ask("GET", "/os-services", who="admin", host="host1").body["services"][0]["id"]
    play.ask("PUT", f"/os-services/{service}", {"forced_down": True}, "admin")
    assert made(play, "a") == "host1"
    play.ask("PUT", f"/os-services/{service}", {"forced_down": False, "status": "disabled"}, "admin")
    assert made(play, "b") == "host2"
