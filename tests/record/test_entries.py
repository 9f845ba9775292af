"""What the entries of the record say."""

from __future__ import annotations

import shlex

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.library.cloud import Cloud
from novasim.store.record_file import read_entries
from tests.play import Play
from tests.simulation.test_clock_set_back import MEMBER, Wall, create, real_cloud

STOPPED = {"vm_state": "stopped", "task_state": None, "status": "SHUTOFF", "locked": False}
ACTIVE = {"vm_state": "active", "task_state": None, "status": "ACTIVE", "locked": False}


def test_off_writes_not_one_byte(user):
    user("record stop")
    before = user.record.read_bytes()
    user("stop web1")
    assert user.record.read_bytes() == before
    assert sorted(path.name for path in user.path.parent.iterdir() if "record" in path.name) == ["lab.json.record"]


def test_accepted_request(user):
    user("stop web1")
    entry = user.last()
    assert (entry.kind, entry.interface, entry.command) == ("request", "cli", "stop web1")
    assert (entry.service, entry.method, entry.action, entry.name) == ("compute", "POST", "stop", "web1")
    assert (entry.code, entry.fault, entry.check, entry.microversion) == (202, "", "", "2.104")
    assert entry.path == f"/servers/{entry.server}/action"
    assert entry.before == ACTIVE
    assert entry.after == {**ACTIVE, "task_state": "powering-off"}
    assert (entry.user["user"], entry.user["project"], entry.user["roles"]) == ("demo", "demo", ["reader", "member"])
    assert entry.time == "2026-01-01T00:00:30.000000Z"
    assert {change["table"] for change in entry.changes} == {"servers", "tasks", "instance_actions", "settings"}


def test_changes_have_the_fields_that_differ(user):
    user("clock advance 1")
    user("lock web1 --reason x")
    changes = {change["table"]: change for change in user.last().changes}
    change = changes["servers"]
    assert (change["number"], change["place"]) == (1, 1)
    assert change["after"] == {"locked_by": "owner", "locked_reason": "x", "updated_at": "2026-01-01T00:00:31.000000Z"}
    assert change["before"] == {"updated_at": "2026-01-01T00:00:00.000000Z"} | change["before"]
    assert "name" not in change["before"]
    assert changes["settings"]["before"] == {"requests": 1}
    assert changes["settings"]["after"] == {"requests": 2}
    assert changes["instance_actions"]["before"] is None
    assert changes["instance_actions"]["after"]["action"] == "lock"


@pytest.mark.parametrize(
    ("before", "line", "code", "fault", "check"),
    [
        ("", "unpause web1", 409, "conflictingRequest", "vm_state"),
        ("stop web1", "reboot web1", 409, "conflictingRequest", "task_state"),
        ("--as admin lock web1", "stop web1", 409, "conflictingRequest", "lock"),
        ("", "migrate web1", 403, "forbidden", "policy"),
        ("", "resize web1 --flavor m1.tiny", 400, "badRequest", "flavor_differs"),
        ("", "--api-version 2.50 request POST /servers/WEB1/action '{\"reboot\": 1}'", 400, "badRequest", ""),
        ("", "--api-version 2.1 request POST /servers/WEB1/action '{\"trigger_crash_dump\": null}'", 404, "", ""),
        ("--as admin fault add --action stop --refuse 503", "stop web1", 503, "serviceUnavailable", "injected"),
        ("--as admin quota set demo --cores 1", "create x --flavor m1.tiny --image cirros", 403, "forbidden", "quota"),
        ("", "diagnostics web1", 403, "forbidden", "policy"),
    ],
)  # fmt: skip
def test_refusal(user, before, line, code, fault, check):
    id = user.ids()[0]
    if before:
        user(before)
    user.run(line.replace("WEB1", id))
    entry = next(entry for entry in reversed(user.entries()) if entry.kind == "request")
    assert (entry.code, entry.is_refusal) == (code, True)
    if fault:
        assert (entry.fault, entry.check) == (fault, check)
    assert entry.message
    assert (entry.after, entry.changes) == (entry.before, [])
    names = {"create": None, "request": id}
    word = next(word for word in shlex.split(line) if not word.startswith(("-", "2.")))
    assert entry.server == (names.get(word, id) or "")


def test_refusals_name_their_action(user):
    for line in ("unpause web1", "migrate web1", "diagnostics web1", "--as admin evacuate web1"):
        user.run(line)
    assert [entry["action"] for entry in user.log("--refused")] == ["unpause", "migrate", "diagnostics", "evacuate"]


def test_what_happens_by_itself(user):
    user("stop web1")
    user("clock advance 30")
    advance, event = user.entries()[-2:]
    assert (advance.kind, advance.action, advance.command) == ("control", "clock advance", "clock advance 30")
    assert (event.kind, event.event, event.phase, event.action) == ("event", "end", "powering-off", "stop")
    assert (event.before["task_state"], event.after) == ("powering-off", STOPPED)
    assert advance.step == event.step != ""
    assert "2026-01-01T00:00:30" < event.time < "2026-01-01T00:01:00"


def test_failed_task(user):
    user("--as admin fault add --action stop --phase powering-off --fail 'the guest hangs'")
    user("stop web1")
    user("clock advance 30")
    entry = user.last()
    assert (entry.event, entry.message, entry.after["status"]) == ("failure", "the guest hangs", "ACTIVE")


def test_timer(user):
    user("--as admin config set reclaim_instance_interval 60")
    user("delete web1")
    user("clock advance 10")
    user("clock advance 100")
    events = [(entry.event, entry.action) for entry in user.entries() if entry.kind == "event"]
    assert events == [("end", "delete"), ("timer", "force-delete"), ("end", "force-delete")]


def test_host_crash(user):
    user("--as admin fault add --action reboot --phase reboot_started --host-crash")
    user("reboot web1")
    user("clock advance 60")
    assert "host-crash" in [entry.event for entry in user.entries()]


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("clock speed 2", "clock set"),
        ("--as admin config set reclaim_instance_interval 60", "config set"),
        ("--as admin host create host9", "host create"),
        ("--as admin host set host1 --down", "host set"),
        ("--as admin fault add --action stop --refuse 503", "fault add"),
        ("guest web1 crash", "guest crash"),
    ],
)
def test_control_commands(user, line, action):
    user(line)
    entry = next(entry for entry in reversed(user.entries()) if entry.kind == "control")
    assert (entry.action, entry.code) == (action, 0)
    assert entry.user["user"] == ("admin" if "admin" in line else "demo")
    assert entry.changes


def test_clearing_faults_is_one_entry(user):
    for action in ("stop", "pause"):
        user(f"--as admin fault add --action {action} --refuse 503")
    user("--as admin fault clear")
    assert (user.last().action, len(user.last().changes)) == ("fault clear", 2)
    assert [entry.kind for entry in user.entries()] == ["start", *["control"] * 3]


def test_requests_of_other_services(user):
    user("volume create data --size 1")
    entry = user.last()
    assert (entry.service, entry.method, entry.code, entry.action) == ("volume", "POST", 202, "")


def test_reading_is_no_entry(user):
    before = user.record.read_bytes()
    for line in ("list", "show web1", "history web1", "wait web1 --for ACTIVE", "can web1", "log", "record status"):
        user(line)
    user("show nothing", code=3)
    assert user.record.read_bytes() == before


def test_several_servers_are_one_step(user):
    user("create a b --flavor m1.tiny --image cirros")
    one, other = user.entries()[-2:]
    assert (one.name, other.name) == ("a", "b")
    assert one.step == other.step


def test_commands_are_different_steps(user):
    user("lock web1")
    user("unlock web1")
    one, other = user.entries()[-2:]
    assert one.step != other.step


def test_all_or_nothing(user):
    """A command that is refused in the middle saves nothing, and its entry is that of the refusal."""
    before = len(user.entries())
    user("set web1 --name new --tag '%s'" % ("x" * 61), code=6)
    assert [entry.code for entry in user.entries()[before:]] == [400]


def test_replaced_state(user):
    user("cloud save one")
    user("stop web1")
    user("cloud load one")
    entry = user.last()
    assert (entry.kind, entry.action, entry.command) == ("replaced", "cloud load", "cloud load one")
    change = next(change for change in entry.changes if change["table"] == "servers")
    assert (change["before"]["task_state"], change["after"]["task_state"]) == ("powering-off", None)
    user("record check")


def test_library_records_into_a_file(tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_RECORD", str(tmp_path / "x.record"))
    cloud = Cloud.in_memory()
    server = cloud.servers.create("web1", flavor="m1.tiny", image="cirros")
    entries = read_entries(str(tmp_path / "x.record"))
    created = next(entry for entry in entries if entry.action == "create")
    assert (created.interface, created.server, created.code) == ("python", server.id, 202)


def test_request_without_a_route(tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_RECORD", str(tmp_path / "x.record"))
    play = Play()
    assert play.ask("POST", "/nothing").code == 404
    assert play.ask("GET", "/nothing").code == 404
    (entry,) = read_entries(str(tmp_path / "x.record"))
    assert (entry.method, entry.path, entry.code) == ("POST", "/nothing", 404)


def test_what_happens_by_itself_is_recorded_although_only_reads_follow(tmp_path, monkeypatch):
    file, wall = tmp_path / "a.record", Wall()
    monkeypatch.setenv("NOVASIM_RECORD", str(file))
    cloud = real_cloud(wall)
    create(cloud)
    wall.now += 60
    for _ in range(2):
        assert handle(cloud, Request(MEMBER, "GET", "/servers", 96)).code == 200
    entries = read_entries(str(file))
    assert [entry.kind for entry in entries] == ["request", *["event"] * (len(entries) - 1)]
    assert entries[-1].after["status"] == "ACTIVE"
