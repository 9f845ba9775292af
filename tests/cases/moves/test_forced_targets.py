"""
Live migrations and evacuations to a host that the request forces, and those for which no host is found.

Source: nova/conductor/tasks/live_migrate.py, _execute; nova/conductor/manager.py, _live_migrate and rebuild_instance;
nova/scheduler/utils.py, claim_resources_on_destination.
"""

from __future__ import annotations

import pytest

from novasim.control import faults, hosts
from tests.play import Play

NO_ROOM = "No valid host was found. Unable to move instance {} to host host2. There is not enough capacity on the host "


@pytest.fixture
def play():
    return Play()


@pytest.fixture
def web1(play):
    return play.create(who="admin", host="host1")


def migrate(play, server, host="host2", force=True, minor=67):
    arguments = {"host": host, "block_migration": "auto"} | ({"force": True} if force else {})
    return play.act(server, "os-migrateLive", arguments, "admin", minor)


def evacuate(play, server, host="host2", force=True, minor=67):
    hosts.change_host(play.cloud, "host1", up=False)
    return play.act(server, "evacuate", {"host": host} | ({"force": True} if force else {}), "admin", minor)


def result(play, server):
    """The status, the host and the fault of the server, the status and target of its newest migration."""
    view = play.ask("GET", f"/servers/{server}", who="admin").body["server"]
    record = play.ask("GET", "/os-migrations", who="admin", minor=58).body["migrations"][-1]
    fault = play.server(server).fault or {}
    host = view["OS-EXT-SRV-ATTR:host"]
    return view["status"], host, fault.get("message", ""), record["status"], record["dest_compute"]


def usage(play):
    found = play.ask("GET", "/os-hypervisors/detail", who="admin", minor=87).body["hypervisors"]
    return [(each["hypervisor_hostname"], each["memory_mb_used"], each["vcpus_used"]) for each in found]


def events(play, server):
    """The events of the newest action on the server."""
    newest = play.ask("GET", f"/servers/{server}/os-instance-actions", who="admin").body["instanceActions"][0][
        "request_id"
    ]
    shown = play.ask("GET", f"/servers/{server}/os-instance-actions/{newest}", who="admin").body["instanceAction"]
    return [(each["event"], each["result"]) for each in shown["events"]]


class TestLiveMigration:
    def test_filters_do_not_look_at_a_forced_host(self, play, web1):
        play.disable_host("host2")
        assert migrate(play, web1).code == 202
        assert result(play, web1) == ("ACTIVE", "host2", "", "completed", "host2")

    def test_without_memory(self, play, web1):
        hosts.change_host(play.cloud, "host2", ram_mb=1024, reserved_ram_mb=512)
        before = usage(play)
        assert migrate(play, web1).code == 202
        text = (
            f"Migration pre-check error: Unable to migrate {web1} to host2: Lack of memory(host:512.0 <= instance:512)"
        )
        assert result(play, web1) == ("ACTIVE", "host1", text, "error", "host2")
        assert usage(play) == before

    def test_without_room_for_processors(self, play, web1):
        hosts.change_host(play.cloud, "host2", vcpus=1, cpu_allocation_ratio=0.5)
        assert migrate(play, web1).code == 202
        text = NO_ROOM.format(web1) + "for the instance."
        assert result(play, web1) == ("ACTIVE", "host1", text, "error", "host2")

    def test_a_target_that_is_down(self, play, web1):
        hosts.change_host(play.cloud, "host2", up=False)
        assert migrate(play, web1).code == 202
        text = "Compute service of host2 is unavailable at this time."
        assert result(play, web1) == ("ACTIVE", "host1", text, "error", "host2")

    @pytest.mark.parametrize(("minor", "force"), [(29, False), (33, True)])
    def test_before_2_34_the_request_is_refused(self, play, web1, minor, force):
        hosts.change_host(play.cloud, "host2", up=False)
        answer = migrate(play, web1, force=force, minor=minor)
        text = "Compute service of host2 is unavailable at this time."
        assert (answer.code, answer.body["badRequest"]["message"]) == (400, text)

    def test_the_host_of_the_server(self, play, web1):
        forced = migrate(play, web1, "host1", minor=33).body["badRequest"]["message"]
        assert forced == f"Unable to migrate instance ({web1}) to current host (host1)."
        free = migrate(play, web1, "host1", force=False, minor=33).body["badRequest"]["message"]
        assert free == "No valid host was found. There are not enough hosts available."

    def test_the_scheduler_finds_the_target_of_a_host_that_is_not_forced(self, play, web1):
        play.disable_host("host2")
        assert migrate(play, web1, force=False).code == 202
        assert result(play, web1) == ("ACTIVE", "host1", "No valid host was found. ", "error", None)

    def test_too_many_retries_end_in_error(self):
        play = Play(migrate_max_retries=0, weight_classes=[])
        web1 = play.create(who="admin", host="host1")
        hosts.change_host(play.cloud, "host2", hypervisor_version=1)
        assert migrate(play, web1, None, force=False).code == 202
        status, host, text, record, target = result(play, web1)
        assert (status, host, record, target) == ("ERROR", "host1", "error", None)
        assert text.startswith("Exceeded maximum number of retries. Exceeded max scheduling retries 1 for instance")

    def test_a_guest_without_power(self, play, web1):
        assert play.act(web1, "os-stop", who="admin").code == 202
        assert play.act(web1, "os-resetState", {"state": "active"}, "admin").code == 202
        answer = migrate(play, web1, minor=33)
        text = f"Cannot 'os-migrateLive' instance {web1} while it is in power_state shutdown"
        assert (answer.code, answer.body["conflictingRequest"]["message"]) == (409, text)
        assert migrate(play, web1).code == 202
        text = f"Instance {web1} in power_state shutdown. Cannot live migrate while the instance is in this state."
        assert result(play, web1) == ("ACTIVE", "host1", text, "error", "host2")


class TestEvacuation:
    def test_filters_do_not_look_at_a_forced_host(self, play, web1):
        play.disable_host("host2")
        assert evacuate(play, web1).code == 200
        assert result(play, web1) == ("ACTIVE", "host2", "", "done", "host2")

    @pytest.mark.parametrize(("prepare", "status"), [(None, "ACTIVE"), ("os-stop", "SHUTOFF")])
    def test_without_room_the_server_keeps_its_state(self, play, web1, prepare, status):
        if prepare:
            play.act(web1, prepare, who="admin")
        hosts.change_host(play.cloud, "host2", ram_mb=512, reserved_ram_mb=1)
        before = usage(play)
        assert evacuate(play, web1).code == 200
        text = NO_ROOM.format(web1) + "for the instance."
        assert result(play, web1) == (status, "host1", text, "error", "host2")
        assert usage(play) == before
        assert events(play, web1) == [("rebuild_server", "Error")]

    @pytest.mark.parametrize(("host", "why"), [("host2", ""), (None, "There are not enough hosts available.")])
    def test_without_a_host_it_goes_to_error(self, play, web1, host, why):
        for name in ("host2", "host3"):
            play.disable_host(name)
        if host:
            assert evacuate(play, web1, host, force=False).code == 200
        else:
            hosts.change_host(play.cloud, "host1", up=False)
            assert play.act(web1, "evacuate", {}, "admin").code == 200
        assert result(play, web1) == ("ERROR", "host1", f"No valid host was found. {why}", "error", host)
        hosts.change_host(play.cloud, "host1", up=True)
        assert play.server(web1).host == "host1"

    def test_before_2_29_a_named_host_is_forced(self, play, web1):
        play.disable_host("host2")
        hosts.change_host(play.cloud, "host1", up=False)
        assert play.act(web1, "evacuate", {"host": "host2"}, "admin", 28).code == 200
        assert result(play, web1)[:2] == ("ACTIVE", "host2")

    def test_a_forced_host_that_is_down_keeps_the_server_waiting(self, play, web1):
        hosts.change_host(play.cloud, "host2", up=False)
        assert evacuate(play, web1).code == 200
        assert play.state(web1)[0] == "REBUILD"
        hosts.change_host(play.cloud, "host2", up=True)
        assert result(play, web1)[:2] == ("ACTIVE", "host2")

    def test_a_failure_on_the_new_host_is_a_failed_migration(self, play, web1):
        faults.add_fault(play.cloud, does="fail", action="evacuate", phase="rebuild_spawning", message="broken")
        assert evacuate(play, web1, force=False).code == 200
        assert result(play, web1) == ("ERROR", "host1", "broken", "failed", "host2")
        hosts.change_host(play.cloud, "host1", up=True)  # a failed evacuation does not remove the guest there
        assert play.server(web1).host == "host1"
