"""Hosts without power, and what Nova's init_host does with their servers afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from novasim.control import hosts as data_center
from novasim.records import Allocation, Host, Migration, Server, Task
from tests.play import Play
from tests.simulation.hosts.helpers import assert_usage_is_exact, dies, host_of, usage

# What a restarted compute service does with an interrupted task: nova/compute/manager.py, _init_instance.
FAILED_STATES = """
    scheduling block_device_mapping networking spawning rebuilding rebuild_block_device_mapping rebuild_spawning
"""
CLEARED_STATES = """
    image_snapshot image_snapshot_pending image_pending_upload image_uploading resize_prep resize_migrating migrating
"""
RESUMED_STATES = """
    deleting soft-deleting powering-off powering-on reboot_pending reboot_started reboot_pending_hard
    reboot_started_hard rebooting rebooting_hard pausing unpausing
"""


def interrupt_in(play: Play, server: str, task_state: str) -> tuple[str, str | None, int]:
    """Interrupt a reboot that shows a task_state; the states of the server and the number of tasks afterwards."""
    play.act(server, "reboot", {"type": "HARD"})
    host = dies(play, server)
    with play.store.write() as tx:
        record = tx.get(Server, server)
        record.task_state = task_state
        tx.put(record)
    data_center.change_host(play.cloud, host, up=True)
    record = play.server(server)
    return record.vm_state, record.task_state, len(play.all(Task))


class TestHostWithoutPower:
    def test_servers_keep_their_states(self, play, web1):
        dies(play, web1)
        assert play.state(web1) == ("ACTIVE", None)

    def test_the_service_shows_as_down(self, play, web1):
        host = dies(play, web1)
        services = play.ask("GET", "/os-services", who="admin").body["services"]
        assert {each["host"]: each["state"] for each in services}[host] == "down"

    def test_requests_wait_until_the_host_is_back(self, play, web1):
        host = dies(play, web1)
        assert play.act(web1, "os-stop").code == 202
        play.advance(3600)
        assert play.state(web1) == ("ACTIVE", "powering-off")
        data_center.change_host(play.cloud, host, up=True)
        play.advance(60)
        assert play.state(web1) == ("SHUTOFF", None)

    def test_servers_can_be_deleted(self, play, web1):
        dies(play, web1)
        play.ask("DELETE", f"/servers/{web1}")
        assert play.ask("GET", f"/servers/{web1}").code == 404
        assert not play.all(Allocation)

    @pytest.mark.parametrize("key", ["resize", "migrate"])
    def test_migrations_are_refused(self, play, web1, key):
        dies(play, web1)
        arguments = {"flavorRef": "2"} if key == "resize" else None
        refused = play.act(web1, key, arguments, "admin")
        assert (refused.code, str(refused.fault)) == (409, "Service is unavailable at this time.")

    def test_live_migration_fails_and_changes_nothing(self, play, web1):
        host = dies(play, web1)
        play.act(web1, "os-migrateLive", {"host": None, "block_migration": "auto"}, "admin")
        play.advance(60)
        assert play.state(web1) == ("ACTIVE", None)
        assert host_of(play, web1) == host

    def test_only_servers_of_a_host_that_is_down_are_evacuated(self, play, web1):
        refused = play.act(web1, "evacuate", {}, "admin")
        assert (refused.code, str(refused.fault)) == (400, f"Compute service of {host_of(play, web1)} is still in use.")
        host = dies(play, web1)
        assert play.act(web1, "evacuate", {}, "admin").code == 200
        play.advance(60)
        assert play.state(web1) == ("SHUTOFF", None)
        assert host_of(play, web1) != host


class TestInitHost:
    def test_evacuated_guests_are_removed(self, play, web1):
        host = dies(play, web1)
        play.act(web1, "evacuate", {}, "admin")
        play.advance(60)
        assert usage(play)[host] != (0, 0, 0)  # until it is back, nobody knows that nothing is left there
        assert [move.status for move in play.all(Migration)] == ["done"]
        data_center.change_host(play.cloud, host, up=True)
        assert usage(play)[host] == (0, 0, 0)
        assert [move.status for move in play.all(Migration)] == ["completed"]
        assert_usage_is_exact(play)

    def test_not_forced_up_before_the_service_restarts(self, play, web1):
        host = host_of(play, web1)
        service = next(each.service_id for each in play.all(Host) if each.name == host)
        force = lambda down: play.ask("PUT", f"/os-services/{service}", {"forced_down": down}, "admin")  # noqa: E731
        assert force(True).code == 200
        play.act(web1, "evacuate", {}, "admin")
        play.advance(60)
        refused = force(False)
        assert refused.code == 400
        assert "`done` evacuation migration records remain" in str(refused.fault)
        data_center.change_host(play.cloud, host, up=True)  # a restart
        assert force(False).code == 200

    def test_guests_are_found_off(self, play, web1):
        data_center.change_host(play.cloud, dies(play, web1), up=True)
        play.advance(60)
        assert play.state(web1) == ("SHUTOFF", None)

    def test_guests_are_resumed_with_the_option(self):
        play = Play("manual", resume_guests_state_on_host_boot=True)
        web1 = play.create()
        play.advance(60)
        data_center.change_host(play.cloud, dies(play, web1), up=True)
        play.advance(60)
        assert play.state(web1) == ("ACTIVE", None)

    def test_a_restart_of_the_service_does_not_stop_guests(self, play, web1):
        data_center.change_host(play.cloud, host_of(play, web1), up=True)
        play.advance(60)
        assert play.state(web1) == ("ACTIVE", None)

    @pytest.mark.parametrize(("seconds", "end"), [(0.4, ("ERROR", None)), (2.0, ("ERROR", None))])
    def test_interrupted_builds(self, play, seconds, end):
        server = play.create()
        play.advance(seconds)
        data_center.change_host(play.cloud, dies(play, server), up=True)
        play.advance(60)
        assert play.state(server) == end

    @pytest.mark.parametrize(
        ("key", "arguments", "end"),
        [
            ("rebuild", {"imageRef": None}, ("ERROR", None)),
            ("createImage", {"name": "snap"}, ("ACTIVE", None)),
            ("resize", {"flavorRef": "2"}, ("ACTIVE", None)),
            ("os-stop", None, ("SHUTOFF", None)),
            ("reboot", {"type": "HARD"}, ("ACTIVE", None)),
            ("suspend", None, ("ACTIVE", "suspending")),
            ("shelve", None, ("ACTIVE", "shelving")),
        ],
    )
    def test_interrupted_tasks(self, play, web1, key, arguments, end):
        if key == "rebuild":
            arguments = {"imageRef": play.image}
        assert play.act(web1, key, arguments).code == 202
        play.advance(0.2)
        data_center.change_host(play.cloud, dies(play, web1), up=True)
        play.advance(60)
        assert play.state(web1) == end
        assert_usage_is_exact(play)

    @pytest.mark.parametrize("task_state", FAILED_STATES.split())
    def test_task_states_of_failed_tasks(self, play, web1, task_state):
        assert interrupt_in(play, web1, task_state) == ("error", None, 0)

    @pytest.mark.parametrize("task_state", CLEARED_STATES.split())
    def test_task_states_of_cleared_tasks(self, play, web1, task_state):
        assert interrupt_in(play, web1, task_state) == ("active", None, 0)

    @pytest.mark.parametrize("task_state", RESUMED_STATES.split())
    def test_task_states_of_resumed_tasks(self, play, web1, task_state):
        assert interrupt_in(play, web1, task_state) == ("active", task_state, 1)

    @pytest.mark.parametrize("task_state", ["suspending", "resuming", "shelving", "rescuing", "updating_password"])
    def test_task_states_of_stuck_tasks(self, play, web1, task_state):
        assert interrupt_in(play, web1, task_state) == ("active", task_state, 1)
        assert play.all(Task)[0].hold_reason == "abandoned"

    def test_stuck_tasks_stay_stuck_after_another_restart(self, play, web1):
        play.act(web1, "suspend")
        play.advance(0.1)
        host = dies(play, web1)
        for _ in range(2):
            data_center.change_host(play.cloud, host, up=True)
            play.advance(60)
            assert play.state(web1) == ("ACTIVE", "suspending")

    def test_stuck_tasks_need_reset_state(self, play, web1):
        play.act(web1, "suspend")
        play.advance(0.1)
        data_center.change_host(play.cloud, dies(play, web1), up=True)
        assert play.act(web1, "os-resetState", {"state": "active"}, "admin").code == 202
        assert play.state(web1) == ("ACTIVE", None)


class TestManyServers:
    @settings(max_examples=8)
    @given(st.lists(st.sampled_from(["die", "back", "wait", "more"]), max_size=6), st.integers(0, 3))
    def test_usage_matches_the_claims_after_random_events(self, events, seed):
        play = Play("manual", seed=seed)
        data_center.add_host(play.cloud, "big", vcpus=1000, ram_mb=10**6, disk_gb=10**5)
        servers = [play.create(f"s{number}", who="admin") for number in range(6)]
        for event in [*events, "wait"]:
            name = host_of(play, servers[0]) or "host1"
            if event in ("die", "back"):
                data_center.change_host(play.cloud, name, up=event == "back")
            if event == "more":
                play.act(servers[1], "migrate", None, "admin")
            for server in servers:
                play.act(server, "evacuate", {}, "admin")
            play.advance(0.7 if event == "more" else 30)
            assert_usage_is_exact(play)

    def test_a_hundred_evacuated_servers_leave_the_host_empty(self):
        play = big_play(hosts=("first",))
        servers = crowd(play, 100)
        for number in range(4):
            data_center.add_host(play.cloud, f"spare{number}", vcpus=16, ram_mb=30_000, disk_gb=1000)
        data_center.change_host(play.cloud, "first", up=False)
        for server in servers:
            assert play.act(server, "evacuate", {}, "admin").code == 200
        assert_usage_is_exact(play)
        assert {host_of(play, server) for server in servers} == {f"spare{number}" for number in range(4)}
        assert usage(play)["first"] == (100, 51200, 100)
        data_center.change_host(play.cloud, "first", up=True)
        assert usage(play)["first"] == (0, 0, 0)
        assert sum(used[0] for used in usage(play).values()) == 100
        assert_usage_is_exact(play)

    def test_a_hundred_live_migrations_keep_every_host_exact(self):
        play = big_play(hosts=("first",), clock="manual")
        servers = crowd(play, 100)
        for number in range(4):
            data_center.add_host(play.cloud, f"spare{number}", vcpus=16, ram_mb=12_000, disk_gb=1000)  # room for 88
        for server in servers:
            assert play.act(server, "os-migrateLive", {"host": None, "block_migration": "auto"}, "admin").code == 202
        play.advance(0.6)
        assert_usage_is_exact(play)
        play.advance(60)
        assert_usage_is_exact(play)
        stayed = [server for server in servers if host_of(play, server) == "first"]
        assert len(stayed) == 100 - 4 * 22
        assert {play.state(server) for server in servers} == {("ACTIVE", None)}
        assert usage(play)["first"][0] == len(stayed)


def big_play(hosts: tuple[str, ...], clock: str = "instant") -> Play:
    """A cloud of only these hosts, each with room for hundreds of servers, and no quota."""
    play = Play(clock)
    for name in hosts:
        data_center.add_host(play.cloud, name, vcpus=1000, ram_mb=10**6, disk_gb=10**5)
    for host in play.all(Host):
        if host.name not in hosts:
            assert play.ask("DELETE", f"/os-services/{host.service_id}", who="admin").code == 204
    quota = {"quota_set": {"instances": -1, "cores": -1, "ram": -1}}
    project = play.callers["demo"].project_id
    assert play.ask("PUT", f"/os-quota-sets/{project}", quota, "admin").code == 200
    return play


def crowd(play: Play, count: int) -> list[str]:
    """So many servers of the demo project."""
    play.create("crowd", min_count=count, max_count=count)
    play.advance(60)
    return [server.id for server in play.all(Server)]
