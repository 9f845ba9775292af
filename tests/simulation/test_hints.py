"""Scheduler hints: servers near each other, apart, in groups, by query."""

from __future__ import annotations

import pytest

from tests.play import Play


def made(play: Play, name: str, flavor: str = "1", **hints) -> str | None:
    """The host of a new server with these hints, None if there was none for it."""
    body = {"name": name, "flavorRef": flavor, "imageRef": play.image, "networks": "none"}
    answer = play.ask("POST", "/servers", {"server": body, "os:scheduler_hints": hints})
    assert answer.code == 202, answer
    return play.server(answer.body["server"]["id"]).host


def group(play: Play, policy: str, **rules) -> str:
    body = {"server_group": {"name": "g", "policy": policy, **({"rules": rules} if rules else {})}}
    return play.ask("POST", "/os-server-groups", body).body["server_group"]["id"]


def test_same_and_different_host():
    play = Play()
    first = play.create()
    home = play.server(first).host
    assert {made(play, f"near{n}", same_host=[first]) for n in range(3)} == {home}
    assert home not in {made(play, f"far{n}", different_host=first) for n in range(3)}


def test_affinity_keeps_together_and_anti_affinity_apart():
    play = Play()
    together, apart = group(play, "affinity"), group(play, "anti-affinity")
    assert len({made(play, f"t{n}", group=together) for n in range(3)}) == 1
    hosts = [made(play, f"a{n}", group=apart) for n in range(4)]
    assert len(set(hosts[:3])) == 3
    assert hosts[3] is None


def test_anti_affinity_may_allow_some_on_each_host():
    play = Play()
    apart = group(play, "anti-affinity", max_server_per_host=2)
    hosts = [made(play, f"a{n}", group=apart) for n in range(7)]
    assert sorted(filter(None, hosts)) == ["host1", "host1", "host2", "host2", "host3", "host3"]
    assert hosts[6] is None


@pytest.mark.parametrize(("policy", "expected"), [("soft-affinity", 1), ("soft-anti-affinity", 3)])
def test_soft_policies_prefer_and_do_not_insist(policy, expected):
    play = Play()
    soft = group(play, policy)
    assert len({made(play, f"s{n}", group=soft) for n in range(3)}) == expected
    assert made(play, "more", group=soft) is not None


def test_queries():
    play = Play()
    assert made(play, "q1", query='["=", "$host", "host2"]') == "host2"
    assert made(play, "q2", query='["and", [">=", "$free_ram_mb", 1024], ["in", "$host", "host3"]]') == "host3"
    assert made(play, "q3", query='["not", ["<", "$vcpus_used", 99]]') is None
    assert made(play, "q4", query="nonsense") is None


def test_near_an_address():
    play = Play()
    assert made(play, "n1", build_near_host_ip="192.0.2.2", cidr="/32") == "host1"
    assert made(play, "n2", build_near_host_ip="203.0.113.1") is None
