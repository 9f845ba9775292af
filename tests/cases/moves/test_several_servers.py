"""Several servers of one request: hosts in the order of their creation, all or none."""

from __future__ import annotations

import pytest

from novasim.control import faults, options
from novasim.records import Allocation, Port, Server
from tests.play import Play

ENOUGH = {"quota_set": {"ram": -1, "cores": -1}}


def ask_for(play, count, who="demo", hints=None, **fields):
    """The servers of a request for several of m1.tiny, in the order of their creation."""
    body = {"name": "a", "flavorRef": "1", "imageRef": play.image, "min_count": count, **fields}
    networks = {"networks": [{"uuid": play.network}]}
    answer = play.ask("POST", "/servers", {"server": networks | body, "os:scheduler_hints": hints or {}}, who)
    assert answer.code == 202, answer
    return answer.body["server"]["id"]


def servers(play):
    return sorted(play.all(Server), key=lambda server: server.launch_index)


def add_flavor(play, ram):
    play.ask("POST", "/flavors", {"flavor": {"name": "f", "id": "f", "ram": ram, "vcpus": 1, "disk": 1}}, "admin")
    play.ask("PUT", f"/os-quota-sets/{play.callers['demo'].project_id}", ENOUGH, "admin")


def group(play, policy):
    body = {"server_group": {"name": "g", "policy": policy}}
    return play.ask("POST", "/os-server-groups", body).body["server_group"]["id"]


@pytest.mark.parametrize("jitter", ["0", "0.9"])
@pytest.mark.parametrize("clock", ["instant", "manual"])
def test_hosts_and_addresses_follow_the_order_of_creation(clock, jitter):
    play = Play(clock, duration_jitter=float(jitter))
    ask_for(play, 6)
    play.advance(60)
    found = servers(play)
    assert [server.host for server in found] == ["host1", "host2", "host3"] * 2
    ports = {port.device_id: port.fixed_ips[0]["ip_address"] for port in play.all(Port)}
    last = [int(ports[server.id].rpartition(".")[2]) for server in found]
    assert last == list(range(last[0], last[0] + 6))


def test_builds_without_any_duration():
    play = Play()
    options.set_option(play.cloud, "duration.create", "0s")
    ask_for(play, 3)
    assert [(server.vm_state, server.host) for server in servers(play)] == [
        ("active", "host1"),
        ("active", "host2"),
        ("active", "host3"),
    ]


def test_all_or_none():
    play = Play()
    add_flavor(play, 60_000)  # one of them fits on a host
    ask_for(play, 4, flavorRef="f")
    message = "No valid host was found. There are not enough hosts available."
    assert [(server.vm_state, server.fault["message"]) for server in servers(play)] == [("error", message)] * 4
    assert (play.all(Allocation), play.all(Port)) == ([], [])


def test_placement_has_no_candidate():
    play = Play()
    add_flavor(play, 70_000)
    ask_for(play, 2, flavorRef="f")
    assert [server.fault["message"] for server in servers(play)] == ["No valid host was found. "] * 2


def test_a_requested_host_has_room_for_one():
    play = Play()
    add_flavor(play, 60_000)
    project = play.callers["admin"].project_id
    play.ask("PUT", f"/os-quota-sets/{project}", ENOUGH, "admin")
    ask_for(play, 2, "admin", flavorRef="f", hypervisor_hostname="host3")
    assert [server.host for server in servers(play)] == [None, None]


@pytest.mark.parametrize(("count", "states"), [(3, ["active"] * 3), (4, ["error"] * 4)])
def test_anti_affinity_within_a_request(count, states):
    play = Play()
    ask_for(play, count, hints={"group": group(play, "anti-affinity")})
    assert [server.vm_state for server in servers(play)] == states


def test_affinity_within_a_request():
    play = Play()
    ask_for(play, 3, hints={"group": group(play, "affinity")})
    assert {server.host for server in servers(play)} == {"host1"}


def test_one_that_is_deleted_meanwhile_needs_no_host():
    play = Play("manual")
    add_flavor(play, 60_000)
    ask_for(play, 4, flavorRef="f")
    play.ask("DELETE", f"/servers/{servers(play)[1].id}")
    play.advance(60)
    assert sorted(server.host for server in servers(play) if not server.deleted) == ["host1", "host2", "host3"]


def test_hosts_of_the_request_are_no_alternates():
    play = Play(weight_classes=[])
    faults.add_fault(play.cloud, name="spawn", server="a-1")
    ask_for(play, 2, hints={"group": group(play, "anti-affinity")})
    first, second = servers(play)
    assert (first.vm_state, second.host) == ("error", "host2")
    assert "Exhausted all hosts available" in first.fault["message"]  # host1 and host3 were tried
    assert faults.list_faults(play.cloud)[0]["triggered"] == 2


def test_a_fault_before_a_host_is_found_affects_one_server():
    play = Play()
    faults.add_fault(play.cloud, name="no-valid-host", server="a-1")
    ask_for(play, 3)
    assert [server.vm_state for server in servers(play)] == ["error", "active", "active"]
    assert len(play.all(Allocation)) == 2


def test_a_slow_server_delays_no_other():
    play = Play("manual")
    faults.add_fault(play.cloud, does="slow", action="create", phase="spawning", server="a-1", factor=100)
    ask_for(play, 2)
    play.advance(10)
    assert [server.vm_state for server in servers(play)] == ["building", "active"]


def test_full_hosts_are_found_before_the_first_build():
    play = Play()
    for name in ("host2", "host3"):
        play.disable_host(name)
    ask_for(play, 3)
    assert [server.host for server in servers(play)] == ["host1"] * 3
