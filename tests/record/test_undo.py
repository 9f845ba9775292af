"""The commands `undo` and `redo`."""

from __future__ import annotations

import itertools
import json
import urllib.request

import pytest

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.control import undo as control
from novasim.control.worlds import open_cloud
from novasim.testing.server import Server


def undone(user, line: str = "undo", code: int = 0) -> list[str]:
    return user(line, code).stdout.splitlines()


def test_step_back_and_forward(user):
    before = user.export()
    user("stop web1")
    after = user.export()
    assert undone(user) == ["Undone: stop web1"]
    assert user.export() == before
    assert undone(user, "redo") == ["Redone: stop web1"]
    assert user.export() == after
    user("record check")


def test_command_over_several_servers_is_one_step(user):
    before = user.export()
    user("create a b c --flavor m1.tiny --image cirros")
    user("stop a b c", code=4)  # they are being built
    user("lock a b c")
    assert undone(user) == ["Undone: lock a b c"]
    assert len(undone(user)) == 1
    assert user.export() == before


def test_same_command_gives_the_same_ids(user):
    first = user("create web2 --flavor m1.tiny --image cirros -f json").stdout
    bytes_after = user.export()
    user("undo")
    assert user("create web2 --flavor m1.tiny --image cirros -f json").stdout == first
    assert user.export() == bytes_after


def test_refusal_is_no_step(user):
    user("--as admin fault add --action pause --refuse 503")
    user("lock web1")
    user("unpause web1", code=4)
    user("unlock web1")
    user("pause web1", code=9)  # which counts the fault
    assert undone(user, "undo 2") == ["Undone: unlock web1", "Undone: lock web1"]
    user("record check")


def test_manual_clock_goes_back(user):
    before = user.export()
    user("clock advance 1h")
    user("undo")
    assert user.export() == before
    assert user.json("clock show")["now"] == "2026-01-01T00:00:30.000000Z"


def test_real_clock_does_not_go_back(user, monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK")
    user("clock set real")
    user("clock speed 1000")
    user("create web2 --flavor m1.tiny --image cirros --wait")
    before = user.json("clock show")["now"]
    assert undone(user) == ["Undone: create web2 --flavor m1.tiny --image cirros --wait"]
    assert user.names() == ["web1"]
    assert undone(user) == ["Undone: clock speed 1000"]
    after = user.json("clock show")
    assert (after["now"] >= before, after["speed"]) == (True, 1.0)
    user("record check")


def test_other_callers_step_stays(user):
    user("--as admin host create host9")
    user("create web2 --flavor m1.tiny --image cirros")
    user("--as admin lock web1 --reason mine")
    assert undone(user) == ["Undone: create web2 --flavor m1.tiny --image cirros"]
    assert user.names() == ["web1"]
    web1 = user.json("--as admin show web1")
    assert (web1["locked"], web1["locked_reason"]) == (True, "mine")
    user("record check")
    assert undone(user, "redo") == ["Redone: create web2 --flavor m1.tiny --image cirros"]
    assert sorted(user.names()) == ["web1", "web2"]
    assert undone(user, "--as admin undo 2") == ["Undone: lock web1 --reason mine", "Undone: host create host9"]
    user("record check")
    user("cloud check")
    user("clock advance 60")
    assert user.status("web2") == "ACTIVE"


def test_ended_task_before_another_callers_step(user):
    user("stop web1")
    user("clock advance 10s")
    user("--as admin flavor create x --ram 1 --vcpus 1 --disk 1")
    assert undone(user, "undo 2") == ["Undone: clock advance 10s", "Undone: stop web1"]
    assert (user.json("show web1")["status"], len(user.json("history web1"))) == ("ACTIVE", 1)
    user("flavor show x")
    user("record check")


def test_task_of_another_caller_in_the_place_of_an_ended_one(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    user("create web2 --flavor m1.tiny --image cirros")
    user("stop web1")
    user("--as admin stop web2")
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("--as admin start web2")
    assert undone(user) == ["Undone: stop web1"]
    web1, web2 = user.json("--as admin show web1"), user.json("--as admin show web2")
    assert (web1["status"], web2["OS-EXT-STS:task_state"]) == ("ACTIVE", "powering-on")
    user("record check")
    assert undone(user, "redo") == ["Redone: stop web1"]
    user("record check")
    user("clock advance 60")
    assert (user.json("show web1")["status"], user.json("show web2")["status"]) == ("SHUTOFF", "ACTIVE")
    user("cloud check")


def test_conflict_with_another_caller(user):
    user("lock web1")
    user("--as admin unlock web1")
    before = user.path.read_bytes()
    done = user("undo", code=4)
    assert "admin has changed the same thing since" in done.stderr
    assert "novasim undo --all" in done.stderr
    assert user.path.read_bytes() == before
    assert undone(user, "undo --all") == ["Undone: unlock web1"]
    assert undone(user) == ["Undone: lock web1"]


def test_option_with_a_later_step_of_another_caller(user):
    user("--as admin config set reclaim_instance_interval 60")
    user("create web2 --flavor m1.tiny --image cirros")
    assert undone(user, "--as admin undo") == ["Undone: config set reclaim_instance_interval 60"]
    assert user("config get reclaim_instance_interval").stdout.strip() == "0"
    ids = user.ids()
    user("create web3 --flavor m1.tiny --image cirros")
    assert len(set(user.ids()) - set(ids)) == 1
    user("cloud check")


def test_new_step_ends_redo(user):
    user("lock web1")
    user("undo")
    user("pause web1")
    assert "no step of yours to redo" in user("redo", code=2).stderr


@pytest.mark.parametrize(
    ("line", "code"), [("undo 0", 2), ("undo 101", 2), ("undo -1", 2), ("undo x", 2), ("undo 2", 2)]
)
def test_wrong_counts(user, line, code):
    user("lock web1")
    before = user.path.read_bytes()
    user(line, code)
    assert user.path.read_bytes() == before


def test_at_most_100_steps_back(user):
    cloud = open_cloud(user.path)
    numbers = itertools.count()

    def run(function, *words):
        cloud._step_name = f"step {next(numbers)}"
        cloud.origin = ("cli", words, None)
        return function()

    with cloud.store.read() as tx:
        caller = find_caller(tx, "demo")
    id = user.ids()[0]
    for action in ["lock", "unlock"] * 51:
        request = Request(caller, "POST", f"/servers/{id}/action", 96, body={action: None})
        assert run(lambda request=request: handle(cloud, request), action).code == 202
    assert len(run(lambda: control.undo(cloud, caller, 100))) == 100
    assert "At most 100 steps" in user("undo", code=2).stderr
    user("redo 100")


def test_undo_needs_a_record(user):
    user("record stop")
    assert "novasim record start" in user("undo", code=9).stderr
    user.record.unlink()
    assert "novasim record start" in user("undo", code=9).stderr


def test_nothing_from_before_the_record_started_again(user):
    user("lock web1")
    user("record stop")
    user("unlock web1")
    user("record start")
    assert "no step of yours" in user("undo", code=2).stderr


def test_unrecorded_change_is_not_overwritten(user):
    user("lock web1")
    user.record.chmod(0o400)
    user("unlock web1")
    user.record.chmod(0o600)
    before = user.path.read_bytes()
    assert "novasim record check" in user("undo", code=4).stderr
    assert user.path.read_bytes() == before


def test_user_data_and_passwords_come_back(user, tmp_path):
    (tmp_path / "data").write_text("user data")
    user(f"create web2 --flavor m1.tiny --image cirros --user-data {tmp_path / 'data'}")
    user("--as admin user create bob --password one")
    user("--as admin user set bob --password two")
    after = user.path.read_bytes()
    user("--as admin undo 2")
    user("undo")
    assert user.names() == ["web1"]
    user("redo")
    user("--as admin redo 2")
    assert user.path.read_bytes() == after


def test_loaded_state_is_a_step(user):
    user("cloud save one")
    user("lock web1")
    before = user.export()
    user("cloud load one")
    assert undone(user) == ["Undone: cloud load one"]
    assert user.export() == before
    assert undone(user) == ["Undone: lock web1"]


def test_undo_is_an_entry(user):
    user("lock web1")
    step = user.last().step
    user("undo")
    entry = user.last()
    assert (entry.kind, entry.command, entry.undone, entry.name) == ("undo", "undo", [step], "web1")
    assert (entry.before["locked"], entry.after["locked"]) == (True, False)


def test_graph_forgets_what_was_undone(user):
    user("pause web1")
    user("clock advance 30")
    user("undo 2")
    user("suspend web1")
    user("clock advance 60")
    path = [line[6:] for line in user("graph --server web1").stdout.splitlines() if line[:4].strip().isdigit()]
    assert path == ["create: (new) → BUILD", "create: BUILD → ACTIVE", "suspend: ACTIVE → SUSPENDED"]


def test_running_server_is_right_in_the_next_get(user):
    cloud = open_cloud(user.path, resident=True)
    with Server(cloud) as server:

        def send(method, path, body=None, token=""):
            headers = {"Content-Type": "application/json", "X-Auth-Token": token}
            data = None if body is None else json.dumps(body).encode()
            request = urllib.request.Request(server.url + path, data, headers, method=method)
            with urllib.request.urlopen(request) as response:
                return response.headers, json.loads(response.read() or b"null")

        scope = {"project": {"name": "demo", "domain": {"name": "Default"}}}
        password = {"user": {"name": "demo", "domain": {"name": "Default"}, "password": "secret"}}
        auth = {"identity": {"methods": ["password"], "password": password}, "scope": scope}
        headers, _ = send("POST", "/identity/v3/auth/tokens", {"auth": auth})
        token = headers["X-Subject-Token"]
        id = user.ids()[0]

        def status():
            return send("GET", f"/compute/v2.1/servers/{id}", token=token)[1]["server"]["OS-EXT-STS:task_state"]

        assert status() is None
        send("POST", f"/compute/v2.1/servers/{id}/action", {"os-stop": None}, token)
        assert status() == "powering-off"
        assert undone(user) == ["Undone: stop"]
        assert status() is None
        user("redo")
        assert status() == "powering-off"
        send("POST", f"/compute/v2.1/servers/{id}/metadata", {"metadata": {"a": "b"}}, token)
    assert [entry.interface for entry in user.entries() if entry.kind == "request"] == ["http"] * 2
    user("record check")
