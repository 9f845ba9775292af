"""The Python library."""

from __future__ import annotations

import subprocess
import sys

import pytest

from novasim import Cloud
from novasim.errors import Locked, NotFound, NovaFault, NovasimError, StillWaiting, UsageError, WrongState
from tests.processes import novasim_command


@pytest.fixture
def cloud():
    return Cloud.in_memory()


def test_server_lifecycle(cloud):
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    assert (web1.name, web1.status) == ("web1", "ACTIVE")
    web1.resize("m1.small")
    assert web1.status == "VERIFY_RESIZE"
    web1.confirm_resize()
    web1.reboot(hard=True)
    web1.stop()
    web1.wait("SHUTOFF")
    web1.rebuild("debian-12")
    web1.delete()
    web1.wait("deleted")
    assert cloud.servers.list() == []


def test_refusal_has_code_and_fault(cloud):
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    with pytest.raises(WrongState) as refused:
        web1.start()
    assert (refused.value.http, refused.value.fault) == (409, "conflictingRequest")
    web1.lock("mine")
    with pytest.raises(Locked):
        cloud.as_("demo").servers.get("web1").stop()


def test_callers_see_their_own_servers(cloud):
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    with pytest.raises(NovaFault) as refused:
        web1.act("reset-state", {"state": "error"})
    assert refused.value.http == 403
    admin = cloud.as_("admin")
    assert admin.servers.list() == []
    (server,) = admin.servers.list(all_projects=True, locked=False)
    assert admin.servers.list(all_projects=True, locked=True) == []
    server.act("reset-state", {"state": "error"})
    assert web1.status == "ERROR"


def test_manual_clock_is_advanced():
    cloud = Cloud.in_memory(clock="manual")
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    assert web1.status == "BUILD"
    advice = r"^web1 is still BUILD, not ACTIVE, and the clock is manual. Advance it: cloud\.clock\.advance\(30\)\.$"
    with pytest.raises(StillWaiting, match=advice):
        web1.wait("ACTIVE")
    before = cloud.clock.now
    assert cloud.clock.advance("1m") > before
    assert web1.wait("ACTIVE").status == "ACTIVE"


@pytest.mark.parametrize("timeout", [5.0, 60.0])
def test_wait_times_out(timeout):
    cloud = Cloud.in_memory(clock="real")
    start = int(cloud.world.wall())
    looks = iter(range(start, start + 500, 10))  # 10 s pass between two looks; without a timeout they run out
    cloud.world.wall = lambda: next(looks)
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    cloud.faults.add(does="stuck", action="stop")
    assert web1.wait("ACTIVE", timeout=100.0).status == "ACTIVE"
    web1.stop()
    with pytest.raises(StillWaiting, match=f"after {timeout:g} s"):
        web1.wait("SHUTOFF", timeout)


def test_only_a_manual_clock_is_advanced(cloud):
    with pytest.raises(UsageError):
        cloud.clock.advance(5)
    cloud.clock.set("manual")
    assert cloud.clock.mode == "manual"


def test_the_same_seed_gives_the_same_ids():
    ids = [Cloud.in_memory(seed=5).servers.create("a", flavor="m1.tiny", image="cirros").id for _ in range(2)]
    assert ids[0] == ids[1] != Cloud.in_memory(seed=6).servers.create("a", flavor="m1.tiny", image="cirros").id


def test_a_file_is_shared_with_the_command(tmp_path):
    path = tmp_path / "cloud.json"
    cloud = Cloud.open(path)
    cloud.clock.set("instant")
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    command = [*novasim_command(), "--cloud", str(path)]
    shown = subprocess.run([*command, "list", "-f", "value", "-c", "id"], capture_output=True, text=True, check=True)
    assert shown.stdout == f"{web1.id}\n"


@pytest.mark.parametrize(
    "ask",
    [
        lambda cloud: cloud.servers.create("x", flavor="nope", image="cirros"),
        lambda cloud: cloud.servers.get("nope"),
    ],
)
def test_unknown_names_are_refused(cloud, ask):
    with pytest.raises(NotFound, match="nope"):
        ask(cloud)


def test_invalid_arguments_are_refused(cloud):
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    with pytest.raises(UsageError, match="fly"):
        web1.act("fly")
    with pytest.raises(UsageError, match="HAPPY"):
        web1.wait("HAPPY")
    with pytest.raises(NovaFault):
        cloud.request("GET", "/nowhere")
    with pytest.raises(NovaFault):
        cloud.as_("nobody").servers.list()


@pytest.mark.parametrize("clock", ["instant", "manual", "stepping"])
def test_a_cloud_returns_to_a_snapshot(clock):
    cloud = Cloud.in_memory(clock=clock)
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    if clock == "stepping":
        web1.wait("ACTIVE")  # in memory only
    before = web1.details, cloud.clock.now
    ids = []
    for _ in range(2):
        with cloud.rollback():
            cloud.clock.set("instant")
            web1.wait("ACTIVE")
            web1.stop()
            cloud.faults.add("spawn")
            ids.append(cloud.servers.create("web2", flavor="m1.tiny", image="cirros").id)
    assert (web1.details, cloud.clock.now) == before
    assert (cloud.clock.mode, cloud.faults.list(), len(cloud.servers.list())) == (clock, [], 1)
    assert ids[0] == ids[1]


def test_the_cloud_of_a_file_returns_to_a_snapshot(tmp_path):
    cloud = Cloud.open(tmp_path / "cloud.json")
    cloud.clock.set("instant")
    with cloud.rollback():
        cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
        assert len(Cloud.open(tmp_path / "cloud.json").servers.list()) == 1
    assert Cloud.open(tmp_path / "cloud.json").servers.list() == []
    with pytest.raises(UsageError, match="snapshot"):
        cloud.restore("yesterday")


def test_commands_do_not_import_the_library():
    code = "import sys, novasim.cli.main; print('novasim.library' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_faults_are_triggered_listed_and_removed(cloud):
    fault = cloud.faults.add(does="refuse", action="stop", server="web*", code=503, times=1)
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    with pytest.raises(NovaFault) as refusal:
        web1.stop()
    assert refusal.value.http == 503
    assert [(each["id"], each["triggered"]) for each in cloud.faults.list()] == [(fault, 1)]
    web1.stop()
    cloud.faults.remove(fault)
    cloud.faults.add("spawn")
    cloud.faults.clear()
    assert cloud.faults.list() == []
    with pytest.raises(NotFound):
        cloud.faults.remove(fault)
    with pytest.raises(UsageError):
        cloud.faults.add(does="explode")


def test_servers_in_a_cell_that_is_down_are_unknown():
    cloud = Cloud.in_memory(hosts=1)
    web1 = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    cloud.hosts.set("host1", cell_down=True)
    assert (web1.status, web1.name) == ("UNKNOWN", "")
    with pytest.raises(NovaFault, match="Unexpected API Error"):
        web1.stop()
    cloud.hosts.set("host1", cell_down=False)
    assert web1.status == "ACTIVE"


@pytest.mark.parametrize(
    ("mistake", "remedy"),
    [
        (
            lambda cloud: cloud.servers.create("a", flavor="m1.tinny", image="cirros"),
            "There is no flavor 'm1.tinny'. Did",
        ),
        (
            lambda cloud: cloud.servers.create("a", flavor="m1.tiny", image="x"),
            "Choose from: cirros, debian-12, ubuntu",
        ),
        (lambda cloud: cloud.servers.get("wbe1"), "There is no server 'wbe1'. Did you mean web1?"),
        (lambda cloud: cloud.servers.get("web1").wait("ACTVE"), "There is no status 'ACTVE'. Did you mean ACTIVE?"),
        (lambda cloud: cloud.faults.add("spwan"), "There is no predefined fault 'spwan'. Did you mean spawn?"),
        (lambda cloud: cloud.faults.add(does="refus", action="stop"), "No fault does 'refus'. Did you mean refuse?"),
    ],
)
def test_a_mistyped_name_has_a_suggestion(mistake, remedy):
    cloud = Cloud.in_memory()
    cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    with pytest.raises(NovasimError) as error:
        mistake(cloud)
    assert remedy in str(error.value)
