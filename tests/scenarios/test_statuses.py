"""A server can begin in each status, with everything that belongs to it, and the actions of that status work."""

from __future__ import annotations

import pytest

from novasim.errors import NotFound, UsageError
from novasim.library.servers import Server as LibraryServer
from novasim.lifecycle.status import STATUSES
from novasim.records import Allocation, Host, Image, Migration, Port, Server, Task
from novasim.scenarios.paths import PATHS

# status: the actions that follow, each with the status to which it leads. Written by hand from Nova's documents.
NEXT = {
    "ACTIVE": [("stop", "SHUTOFF"), ("resize m1.small", "VERIFY_RESIZE")],
    "ERROR": [("hard-reboot", "ACTIVE"), ("rebuild", "ACTIVE")],
    "PAUSED": [("unpause", "ACTIVE")],
    "RESCUE": [("unrescue", "ACTIVE")],
    "SHELVED": [("unshelve", "ACTIVE"), ("shelve-offload", "SHELVED_OFFLOADED")],
    "SHELVED_OFFLOADED": [("unshelve", "ACTIVE")],
    "SHUTOFF": [("start", "ACTIVE")],
    "SOFT_DELETED": [("restore", "ACTIVE")],
    "SUSPENDED": [("resume", "ACTIVE")],
    "VERIFY_RESIZE": [("confirm-resize", "ACTIVE"), ("revert-resize", "ACTIVE")],
}
# status: the task_state at the beginning, and the status in which the running task ends.
RUNNING = {
    "BUILD": ("scheduling", "ACTIVE"),
    "HARD_REBOOT": ("rebooting_hard", "ACTIVE"),
    "MIGRATING": ("migrating", "ACTIVE"),
    "PASSWORD": ("updating_password", "ACTIVE"),
    "REBOOT": ("rebooting", "ACTIVE"),
    "REBUILD": ("rebuilding", "ACTIVE"),
    "RESIZE": ("resize_prep", "VERIFY_RESIZE"),
    "REVERT_RESIZE": ("resize_reverting", "ACTIVE"),
}
ARGUMENTS = {"hard-reboot": {"type": "HARD"}}
CASES = [(status, action, after) for status, steps in NEXT.items() for action, after in steps]


def test_every_status_is_tested():
    assert {*NEXT, *RUNNING, "DELETED", "UNKNOWN"} == STATUSES | {"UNKNOWN"} == PATHS.keys()


def begin(open_scenario, status: str, more: str = "", who: str = "admin"):
    return open_scenario(f"servers: [{{name: web1, status: {status}{more}}}]", who)


def all_of(cloud, kind):
    with cloud.world.reading() as world:
        return list(world.tx.query(kind))


def only_server(cloud):
    """The server, also if it is soft-deleted and therefore in no list."""
    [record] = all_of(cloud, Server)
    return LibraryServer(cloud, record.id)


def check_claims(cloud):
    claims = all_of(cloud, Allocation)
    for host in all_of(cloud, Host):
        assert host.used_vcpus == sum(claim.vcpus for claim in claims if claim.host == host.name)
    for server in all_of(cloud, Server):
        assert [claim.host for claim in claims if claim.consumer == server.id] == (
            [server.host] if server.host and not server.deleted else []
        )


@pytest.mark.parametrize(("status", "action", "after"), CASES)
def test_the_actions_of_a_status_work(open_scenario, status, action, after):
    cloud = begin(open_scenario, status)
    server = only_server(cloud)
    assert (server.status, server.name) == (status, "web1")
    assert all_of(cloud, Task) == []
    check_claims(cloud)
    name, _, word = action.partition(" ")
    if name == "resize":
        server.resize(word)
    elif name == "rebuild":
        server.rebuild("cirros")
    else:
        server.act(name, ARGUMENTS.get(name))
    cloud.clock.advance("60s")
    assert server.status == after
    check_claims(cloud)


@pytest.mark.parametrize("status", RUNNING)
def test_a_server_begins_in_progress_and_its_task_ends(open_scenario, status):
    cloud = begin(open_scenario, status)
    [server] = cloud.servers.list(all_tenants="1")
    assert (server.status, server.details["OS-EXT-STS:task_state"]) == (status, RUNNING[status][0])
    cloud.clock.advance("0.05s")
    assert server.status == status, "it has its usual duration"
    cloud.clock.advance("120s")
    assert server.status == RUNNING[status][1]
    assert all_of(cloud, Task) == []
    check_claims(cloud)


@pytest.mark.parametrize(
    ("action", "flavor", "host"), [("confirm-resize", "m1.small", "host3"), ("revert-resize", "m1.tiny", None)]
)
def test_a_resized_server_keeps_its_old_flavor_and_host(open_scenario, action, flavor, host):
    cloud = begin(open_scenario, "VERIFY_RESIZE", ", old_flavor: m1.tiny, flavor: m1.small, host: host3")
    server = cloud.servers.get("web1")
    assert (server.details["flavor"]["original_name"], server.details["OS-EXT-SRV-ATTR:host"]) == ("m1.small", "host3")
    [migration] = all_of(cloud, Migration)
    assert (migration.migration_type, migration.status, migration.dest_host) == ("resize", "finished", "host3")
    assert migration.source_host not in (None, "host3")
    server.act(action)
    cloud.clock.advance("60s")
    assert server.status == "ACTIVE"
    assert server.details["flavor"]["original_name"] == flavor
    assert server.details["OS-EXT-SRV-ATTR:host"] == (host or migration.source_host)


def test_a_migrated_server_can_be_on_a_given_host(open_scenario):
    cloud = begin(open_scenario, "VERIFY_RESIZE", ", host: host2")
    assert cloud.servers.get("web1").details["OS-EXT-SRV-ATTR:host"] == "host2"
    assert [(each.migration_type, each.dest_host) for each in all_of(cloud, Migration)] == [("migration", "host2")]


def test_one_host_is_enough_for_a_resized_server(open_scenario):
    cloud = open_scenario(
        "hosts: [{name: h1}]\nservers: [{name: web1, status: VERIFY_RESIZE, old_flavor: m1.tiny, flavor: m1.small}]",
        "admin",
    )
    cloud.servers.get("web1").act("revert-resize")
    cloud.clock.advance("60s")
    assert cloud.servers.get("web1").details["flavor"]["original_name"] == "m1.tiny"


def test_a_shelved_server_has_its_image(open_scenario):
    for status, host in (("SHELVED", "host2"), ("SHELVED_OFFLOADED", None)):
        cloud = begin(open_scenario, status, ", host: host2")
        [server] = all_of(cloud, Server)
        image = next(image for image in all_of(cloud, Image) if image.id == server.shelved_image_id)
        assert (image.name, image.status, server.host) == ("web1-shelved", "active", host)
        assert all_of(cloud, Task) == [], "no timer: shelved_offload_time is 0"


def test_times_of_the_scenario_itself_apply(open_scenario):
    cloud = open_scenario(
        "options: {shelved_offload_time: 100, reclaim_instance_interval: 200}\n"
        "servers: [{name: a, status: SHELVED}, {name: b, status: SOFT_DELETED}]",
        "admin",
    )
    shelved = cloud.servers.get("a")
    assert shelved.status == "SHELVED"
    cloud.clock.advance("150s")
    assert shelved.status == "SHELVED_OFFLOADED"
    deleted = LibraryServer(cloud, all_of(cloud, Server)[1].id)
    assert deleted.status == "SOFT_DELETED"
    cloud.clock.advance("100s")
    with pytest.raises(NotFound):
        print(deleted.status)


def test_an_error_has_its_fault_and_its_record(open_scenario):
    cloud = begin(open_scenario, "ERROR", ", fault: No space left on device, host: host3")
    details = cloud.servers.get("web1").details
    assert (details["fault"]["message"], details["OS-EXT-SRV-ATTR:host"]) == ("No space left on device", "host3")
    actions = cloud.get(f"/servers/{details['id']}/os-instance-actions")["instanceActions"]
    assert [(entry["action"], entry["message"]) for entry in actions] == [("reboot", "Error"), ("create", None)]
    assert cloud.faults.list() == []


def test_a_deleted_server_leaves_its_record_only(open_scenario):
    cloud = begin(open_scenario, "DELETED")
    [server] = cloud.get("/servers/detail", [("all_tenants", "1"), ("deleted", "True")])["servers"]
    assert (server["name"], server["status"]) == ("web1", "DELETED")
    assert all_of(cloud, Port) == [] and all_of(cloud, Allocation) == []
    assert cloud.servers.list(all_tenants="1") == []


def test_a_server_of_a_cell_that_is_down_is_unknown(open_scenario):
    cloud = begin(open_scenario, "UNKNOWN", ", host: host2")
    [server] = cloud.servers.list(all_tenants="1")
    assert server.status == "UNKNOWN"
    cloud.hosts.set("host2", cell_down=False)
    assert server.status == "ACTIVE"


def test_a_server_may_be_stuck(open_scenario):
    cloud = open_scenario(
        "servers:\n"
        "- {name: a, task_state: powering-off}\n"
        "- {name: b, status: BUILD, task_state: spawning}\n"
        "- {name: c, status: MIGRATING, task_state: migrating}\n"
        "- {name: d, vm_state: paused, task_state: unpausing}\n",
        "admin",
    )
    cloud.clock.advance("1h")
    shown = {
        each.name: (each.status, each.details["OS-EXT-STS:task_state"]) for each in cloud.servers.list(all_tenants="1")
    }
    assert shown == {
        "a": ("ACTIVE", "powering-off"),
        "b": ("BUILD", "spawning"),
        "c": ("MIGRATING", "migrating"),
        "d": ("PAUSED", "unpausing"),
    }
    cloud.servers.get("a").act("reset-state", {"state": "active"})
    cloud.servers.get("a").stop()
    cloud.clock.advance("60s")
    assert cloud.servers.get("a").status == "SHUTOFF"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("status: ACTIV", "Did you mean ACTIVE"),
        ("status: SHUTOFF, vm_state: paused", "has the status PAUSED, not SHUTOFF"),
        ("status: ACTIVE, task_state: rebooting", "has the status REBOOT, not ACTIVE"),
        ("status: BUILD, clock", "clock is not a known field"),
        ("status: VERIFY_RESIZE, old_flavor: m1.xlarge, flavor: m1.tiny", "web1 cannot be created"),
        ("host: host1, flavor: m9.none", "no flavor 'm9.none'"),
        ("old_flavor: m1.small", "old_flavor needs status RESIZE or REVERT_RESIZE or VERIFY_RESIZE"),
        ("fault: No space left on device", "fault needs status ERROR"),
        ("status: VERIFY_RESIZE, old_flavor: m9.none", "no flavor 'm9.none'"),
    ],
)
def test_impossible_states_are_refused_with_their_line(open_scenario, fields, words):
    with pytest.raises(UsageError) as refusal:
        open_scenario(f"servers:\n  - name: ok\n  - {{name: web1, {fields}}}")
    assert "world.yaml, line 4: " in str(refusal.value)
    assert words in str(refusal.value).replace("'clock' is", "clock is")


def test_no_server_is_in_progress_under_the_instant_clock(open_scenario):
    with pytest.raises(UsageError, match="line 2: status BUILD ends at once under the clock instant"):
        open_scenario("servers: [{name: web1, status: BUILD}]", clock="instant")
    assert (
        open_scenario("servers: [{name: web1, status: SHUTOFF}]", clock="instant").servers.get("web1").status
        == "SHUTOFF"
    )


def test_the_clock_of_the_environment_ends_tasks(open_scenario, monkeypatch, tmp_path):
    from novasim.library.cloud import Cloud

    (tmp_path / "w.yaml").write_text("servers: [{name: web1, status: BUILD}, {name: web2, status: SHELVED}]\n")
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    cloud = Cloud.in_memory(scenario=tmp_path / "w.yaml")
    assert [cloud.servers.get(name).status for name in ("web1", "web2")] == ["ACTIVE", "SHELVED"]
