"""Two runs of one script print the same bytes. Clock, guest, fault and config commands."""

from __future__ import annotations

import json

import pytest

from novasim.cli.catalog import CATALOG
from novasim.lifecycle.actions import ACTIONS
from tests import each_case
from tests.cli.conftest import User

SCRIPT = """
cloud init --seed 42
clock set manual
fault add spawn --probability 0.5
create web1 web2 web3 web4 --flavor m1.tiny --image cirros
clock advance 90s
list -f json
--as admin list --all-projects -f json
fault clear
create db1 --flavor m1.small --image debian-12 --wait
clock advance 30s
resize db1 --flavor m1.medium
clock advance --until db1=VERIFY_RESIZE
confirm-resize db1
clock advance 1m
rescue db1
clock advance 1m
history db1 -f json
history db1
list --long
--as admin host set host1 --down
--as admin host list -f json
keypair create k
"""


def test_two_runs_print_the_same_bytes(tmp_path, monkeypatch):
    def run(folder) -> str:
        folder.mkdir()
        user, output = User(folder / "cloud.json"), []
        for line in SCRIPT.strip().splitlines():
            done = user.run(line)
            output += [line, str(done.exit_code), done.stdout, done.stderr]
        return "\n".join(output).replace(str(folder), "FOLDER")

    first, second = run(tmp_path / "a"), run(tmp_path / "b")
    assert first == second
    assert "adminPass" in first
    assert "PRIVATE KEY" in first


@pytest.mark.parametrize("mode", ["manual", "instant"])
def test_two_runs_export_the_same_bytes(tmp_path, monkeypatch, mode):
    monkeypatch.setenv("NOVASIM_CLOCK", mode)

    def run(folder) -> bytes:
        folder.mkdir()
        user = User(folder / "cloud.json")
        for line in SCRIPT.strip().splitlines():
            user.run(line)
        user(f"cloud export {folder / 'exported.json'}")
        return (folder / "exported.json").read_bytes()

    assert run(tmp_path / "a") == run(tmp_path / "b")


def asynchronous() -> set[str]:
    """Commands of actions that show a task_state while they last."""
    return {
        {"hard-reboot": "reboot"}.get(name, name)
        for name, action in ACTIONS.items()
        if not action.concurrent and any(phase.task_state for phase in action.phases)
    }


@each_case("name", sorted(asynchronous()))
def test_every_asynchronous_command_can_be_waited_for(name):
    import click

    from novasim.cli.main import cli

    command = cli.get_command(click.Context(cli), name)
    assert {"wait", "timeout"} <= {param.name for param in command.params}


def test_catalog_has_clock_and_fault_commands():
    names = {name for _, entries in CATALOG for name in entries}
    assert {"clock", "wait", "watch", "history", "fault", "guest", "config"} <= names


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("clock advance -5", 2),
        ("clock advance 5x", 2),
        ("clock advance", 2),
        ("clock advance 5s --until web1=ACTIVE", 2),
        ("clock advance --until web1", 2),
        ("clock advance --until web1=HAPPY", 2),
        ("clock advance --until nope=ACTIVE", 3),
        ("clock advance --until web1=PAUSED", 7),
        ("clock speed -1", 2),
        ("clock speed 0", 2),
        ("clock speed fast", 2),
        ("clock set", 2),
        ("clock set --speed 0", 2),
        ("clock run --speed 0", 2),
        ("clock set never", 2),
        ("wait web1 --for HAPPY", 2),
        ("wait web1 --timeout -1", 2),
        ("wait web1 --timeout 0", 2),
        ("config set max_limit -5", 2),
        ("config set duration.create -5s", 2),
        ("config set duration.crate 5s", 2),
        ("config get nope", 2),
        ("config unset nope", 2),
        ("guest web1 dance", 2),
        ("guest nope shutdown", 3),
        ("fault add --slow -3", 2),
        ("fault add --stuck --probability 7", 2),
        ("fault add --stuck --action crate", 2),
        ("fault add --stuck --since never", 2),
        ("fault add --refuse 999", 2),
        ("fault add --stuck --host nope", 3),
        ("fault remove nope", 3),
        ("fault show nope", 3),
        ("fault add spwan", 2),
    ],
)
def test_bad_input_is_refused_at_once(user, monkeypatch, line, code):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("create web1 --flavor m1.tiny --image cirros")
    user("clock advance 1m")
    before = user.path.read_bytes()
    done = user(line, code)
    assert done.stderr.startswith("novasim: ")
    assert user.path.read_bytes() == before


def test_a_real_clock_is_not_advanced(user, monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK")
    assert "clock set manual" in user("clock advance 5s", 2).stderr


def test_the_clock_is_frozen_and_runs(user, monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK")
    user("clock freeze")
    assert json.loads(user("clock show -f json").stdout)["mode"] == "manual"
    user("clock run --speed 5")
    shown = json.loads(user("clock show -f json").stdout)
    assert (shown["mode"], shown["speed"]) == ("real", 5.0)
    user("clock speed 2")
    assert json.loads(user("clock show -f json").stdout)["speed"] == 2.0
    user("clock set --speed 7")
    shown = json.loads(user("clock show -f json").stdout)
    assert (shown["mode"], shown["speed"]) == ("real", 7.0)


def test_guest_shuts_down_by_itself(user):
    user.create("web1")
    user("guest web1 shutdown")
    assert user("list -f value -c Status").stdout == "SHUTOFF\n"
    assert "is not running" in user("guest web1 crash", 4).stderr


def test_durations_are_options(user):
    user("config set duration.create.spawning 90s")
    assert user("config get duration.create.spawning").stdout == "90.0\n"
    assert "duration.create.spawning" in user("config list").stdout
    user("config unset duration.create.spawning")
    assert "duration.create.spawning" not in user("config list").stdout


def test_faults_are_listed_and_removed(user):
    user("fault add spawn --times 3")
    assert json.loads(user("fault list -f json").stdout)[0]["name"] == "spawn"
    assert "went to ERROR" in user("create web1 --flavor m1.tiny --image cirros --wait", 8).stderr
    assert json.loads(user("fault show spawn -f json").stdout)["triggered"] == 3
    user("fault remove spawn")
    user("fault add --action stop --refuse 503 --times 1 -q")
    user.create("web2")
    user("stop web2", 9)
    user("stop web2")
    user("fault clear")
    assert user("fault list -f json").stdout.strip() == "[]"
