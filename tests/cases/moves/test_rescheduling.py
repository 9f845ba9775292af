"""A failed build moves to the next host: which hosts are tried, what is given back, and how it ends."""

from __future__ import annotations

import pytest

from novasim.control import faults, hosts, options
from novasim.records import Allocation, Migration, Port, Volume
from tests.play import Play

RETRIES = "Exceeded maximum number of retries. "
FAILED = "The hypervisor could not start the guest."


@pytest.fixture
def play():
    return Play(weight_classes=[])  # host1 is best, then host2


def ask_for(play, who="demo", **fields):
    """A server of m1.tiny. Fields of the request replace the usual ones."""
    body = {"name": "a", "flavorRef": "1", "imageRef": play.image, "networks": [{"uuid": play.network}], **fields}
    answer = play.ask("POST", "/servers", {"server": body}, who)
    assert answer.code == 202, answer
    return answer.body["server"]["id"]


def fail_spawn(play, **criteria):
    faults.add_fault(play.cloud, name="spawn", **criteria)


def message(play, server):
    return play.server(server).fault["message"]


def log(play, server):
    (entry,) = play.ask("GET", f"/servers/{server}/os-instance-actions").body["instanceActions"]
    path = f"/servers/{server}/os-instance-actions/{entry['request_id']}"
    events = play.ask("GET", path, who="admin").body["instanceAction"]["events"]
    return entry["message"], [(event["event"], event["result"]) for event in reversed(events)]


@pytest.mark.parametrize("times", [1, 2])
def test_the_next_host_is_tried(play, times):
    fail_spawn(play, times=times)
    server = ask_for(play)
    assert play.state(server) == ("ACTIVE", None)
    assert play.server(server).host == f"host{times + 1}"
    assert play.server(server).fault is None


def test_all_attempts_fail(play):
    fail_spawn(play)
    server = ask_for(play)
    assert play.state(server) == ("ERROR", None)
    reason = f"Exceeded max scheduling attempts 3 for instance {server}. Last exception: {FAILED}"
    assert message(play, server) == RETRIES + reason
    assert faults.list_faults(play.cloud)[0]["triggered"] == 3
    assert (play.all(Allocation), play.all(Port)) == ([], [])
    assert (play.server(server).host, play.server(server).availability_zone) == (None, None)
    event = "compute__do_build_and_run_instance"  # Nova finishes the first of several events with the same name
    assert log(play, server) == (None, [(event, "Success"), (event, None), (event, None)])


@pytest.mark.parametrize("most", [2, 5])
def test_the_number_of_attempts_is_an_option(most):
    play = Play(max_attempts=most)
    with play.cloud.writing() as world:
        for number in range(4, 8):
            world.tx.put(hosts_like_the_first(world, number))
    fail_spawn(play)
    server = ask_for(play)
    assert f"Exceeded max scheduling attempts {most} for instance {server}." in message(play, server)
    assert faults.list_faults(play.cloud)[0]["triggered"] == most


def hosts_like_the_first(world, number):
    from novasim.records import Host

    first = world.tx.get(Host, "host1")
    return Host(**vars(first) | {"id": f"host{number}", "name": f"host{number}", "number": number})


def test_there_are_fewer_hosts_than_attempts(play):
    play.disable_host("host2")
    fail_spawn(play)
    server = ask_for(play)
    reason = f"Exhausted all hosts available for retrying build failures for instance {server}."
    assert message(play, server) == RETRIES + reason
    assert faults.list_faults(play.cloud)[0]["triggered"] == 2


def test_no_host_at_all(play):
    for name in ("host1", "host2", "host3"):
        play.disable_host(name)
    server = ask_for(play)
    assert message(play, server) == "No valid host was found. "
    assert log(play, server) == ("Error", [("conductor_schedule_and_build_instances", "Error")])


def test_a_single_attempt(play):
    options.set_option(play.cloud, "max_attempts", "1")
    fail_spawn(play)
    server = ask_for(play)
    assert message(play, server) == FAILED
    assert faults.list_faults(play.cloud)[0]["triggered"] == 1
    assert log(play, server) == (None, [("compute__do_build_and_run_instance", "Success")])


@pytest.mark.parametrize("zone", [":host2", "nova:host2", "nova:host2:host2", "::host2"])
def test_a_forced_host_is_the_only_one(play, zone):
    fail_spawn(play)
    server = ask_for(play, "admin", availability_zone=zone)
    assert message(play, server) == FAILED
    assert (play.all(Allocation), play.all(Port)) == ([], [])


@pytest.mark.parametrize("fields", [{"host": "host2"}, {"hypervisor_hostname": "host2"}])
def test_a_requested_host_has_no_alternates(play, fields):
    fail_spawn(play)
    server = ask_for(play, "admin", **fields)
    assert "Exhausted all hosts available" in message(play, server)


def test_alternates_are_those_of_the_first_decision():
    play = Play("manual", weight_classes=[])
    fail_spawn(play, times=1)
    server = ask_for(play)
    play.advance(1)
    assert play.server(server).host == "host1"
    play.disable_host("host2")  # only Placement is asked again
    play.advance(10)
    assert (play.server(server).host, play.state(server)) == ("host2", ("ACTIVE", None))


def test_an_alternate_without_room_is_left_out():
    play = Play("manual", weight_classes=[])
    fail_spawn(play, times=1)
    server = ask_for(play)
    play.advance(1)
    hosts.change_host(play.cloud, "host2", reserved_ram_mb=65536)
    play.advance(10)
    assert play.server(server).host == "host3"


def test_states_and_ports_between_two_attempts():
    play = Play("manual", weight_classes=[])
    fail_spawn(play, times=1)
    server = ask_for(play)
    seen, ports = [], set()
    while play.state(server)[0] == "BUILD":
        record = play.server(server)
        ports |= {(port.id, port.host) for port in play.all(Port)}
        if seen[-1:] != [(record.task_state, record.host)]:
            seen.append((record.task_state, record.host))
        assert len(play.all(Allocation)) <= 1
        play.advance(0.05)
    phases = ("block_device_mapping", "networking", "spawning")
    rounds = [[("scheduling", None), *((phase, host) for phase in phases)] for host in ("host1", "host2")]
    assert seen == rounds[0] + rounds[1]
    assert len({id for id, _ in ports}) == 2  # the port of the first attempt is deleted
    assert [port.host for port in play.all(Port)] == ["host2"]


def test_a_volume_of_the_request_moves_along(play):
    project = play.callers["demo"].project_id
    made = play.ask("POST", f"/v3/{project}/volumes", {"volume": {"size": 1}}, service="volume").body["volume"]
    devices = [
        {"uuid": play.image, "source_type": "image", "destination_type": "local", "boot_index": 0},
        {"uuid": made["id"], "source_type": "volume", "destination_type": "volume", "boot_index": -1},
    ]
    fail_spawn(play, times=3)
    first = ask_for(play, block_device_mapping_v2=devices)
    assert play.state(first) == ("ERROR", None)
    assert [volume.status for volume in play.all(Volume)] == ["available"]
    fail_spawn(play, times=1)
    second = ask_for(play, block_device_mapping_v2=devices)
    (volume,) = play.all(Volume)
    assert (volume.status, [each["server_id"] for each in volume.attachments]) == ("in-use", [second])


def test_a_new_boot_volume_is_created_once(play):
    device = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0}
    fail_spawn(play, times=2)
    server = ask_for(play, imageRef="", block_device_mapping_v2=[device | {"volume_size": 1}])
    assert play.state(server) == ("ACTIVE", None)
    assert [volume.status for volume in play.all(Volume)] == ["in-use"]


def test_a_new_boot_volume_is_kept_until_the_server_is_deleted(play):
    device = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0}
    fail_spawn(play)
    devices = [device | {"volume_size": 1, "delete_on_termination": True}]
    server = ask_for(play, imageRef="", block_device_mapping_v2=devices)
    assert [volume.status for volume in play.all(Volume)] == ["available"]
    listed = play.ask("GET", f"/servers/{server}/os-volume_attachments").body["volumeAttachments"]
    assert [each["volumeId"] for each in listed] == [volume.id for volume in play.all(Volume)]
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    assert play.all(Volume) == []


def test_block_devices_are_never_retried(play):
    faults.add_fault(play.cloud, action="create", phase="block_device_mapping", does="fail", message="No backend.")
    server = ask_for(play)
    assert message(play, server) == f"Build of instance {server} aborted: No backend."
    assert faults.list_faults(play.cloud)[0]["triggered"] == 1


def test_a_failed_network_is_retried(play):
    faults.add_fault(play.cloud, action="create", phase="networking", does="fail", message="Down.", times=1)
    server = ask_for(play)
    assert (play.state(server), play.server(server).host) == (("ACTIVE", None), "host2")


def test_a_port_in_use_is_tried_on_every_host():
    play = Play("manual")
    port = play.ask("POST", "/v2.0/ports", {"port": {"network_id": play.network}}, service="network").body["port"]["id"]
    first, second = (ask_for(play, networks=[{"port": port}]) for _ in range(2))
    play.advance(60)
    assert play.state(first) == ("ACTIVE", None)
    last = f"Last exception: Port {port} is still in use."
    assert message(play, second) == f"{RETRIES}Exceeded max scheduling attempts 3 for instance {second}. {last}"
    (record,) = play.all(Port)
    assert record.device_id == first


def test_each_server_of_a_request_is_tried_again(play):
    fail_spawn(play, server="a-1", times=1)
    fail_spawn(play, server="a-2")
    ask_for(play, min_count=3)
    found = {server["name"]: server for server in play.ask("GET", "/servers/detail").body["servers"]}
    assert {name: server["status"] for name, server in found.items()} == {
        "a-1": "ACTIVE",
        "a-2": "ERROR",
        "a-3": "ACTIVE",
    }


def test_delete_between_two_attempts():
    play = Play("manual")
    fail_spawn(play, times=1)
    server = ask_for(play)
    play.advance(3.3)
    assert play.server(server).task_state == "scheduling"
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    play.advance(60)
    assert (play.all(Allocation), play.all(Port)) == ([], [])


class TestResize:
    """The preparation of a resize or migration has attempts of its own."""

    def start(self, play, times=None, **arguments):
        server = ask_for(play)
        criteria = {"times": times} if times else {}
        faults.add_fault(play.cloud, action="migrate", phase="resize_prep", does="fail", message="Full.", **criteria)
        assert play.act(server, "migrate", arguments or None, "admin").code == 202
        return server

    def test_the_next_host_is_tried(self, play):
        server = self.start(play, times=1)
        assert play.state(server) == ("VERIFY_RESIZE", None)
        assert play.server(server).host == "host3"
        assert [move.dest_host for move in play.all(Migration)] == ["host3"]

    def test_no_host_is_left(self, play):
        server = self.start(play)
        assert (play.state(server), play.server(server).host) == (("ACTIVE", None), "host1")
        reason = f"Exhausted all hosts available for retrying build failures for instance {server}."
        assert message(play, server) == RETRIES + reason
        assert [move.status for move in play.all(Migration)] == ["error"]
        assert [(held.consumer, held.host) for held in play.all(Allocation)] == [(server, "host1")]

    def test_the_attempts_are_used_up(self, play):
        options.set_option(play.cloud, "max_attempts", "2")
        server = self.start(play)
        reason = f"Exceeded max scheduling attempts 2 for instance {server}. Last exception: None"
        assert message(play, server) == RETRIES + reason

    def test_a_requested_host_is_the_only_one(self, play):
        server = self.start(play, host="host3")
        assert (play.state(server), message(play, server)) == (("ACTIVE", None), "Full.")
        assert faults.list_faults(play.cloud)[0]["triggered"] == 1

    def test_only_the_preparation_is_tried_again(self, play):
        faults.add_fault(play.cloud, action="migrate", phase="resize_migrating", does="fail", message="Broken.")
        server = ask_for(play)
        play.act(server, "migrate", None, "admin")
        assert (play.state(server), message(play, server)) == (("ERROR", None), "Broken.")
