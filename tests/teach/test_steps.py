"""The steps of plans: data that is rendered as commands, and taken through the same entry point."""

from __future__ import annotations

import json
import shlex

import click
import pytest

from novasim.cli.learning.steps import run_steps
from novasim.cli.main import cli
from novasim.cli.session import Session
from novasim.errors import PolicyRefusal
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Caller
from novasim.teach.commands import command_words
from novasim.teach.steps import ActionStep, ClockStep, HostStep, OptionStep, WaitStep, command_line
from novasim.teach.viewer import Viewer
from tests import each_case

DEMO = Viewer("demo", Caller("u", "p", ("member",)))
ADMIN = Viewer("admin", Caller("a", "q", ("admin",)), is_default=False, global_options=("--cloud", "my lab.json"))
NEW = "create web1 --flavor m1.tiny --image cirros -q"


@each_case(
    ("step", "line"),
    [
        (ActionStep(DEMO, ACTIONS["stop"], waits=True), "novasim stop web1 --wait"),
        (ActionStep(DEMO, ACTIONS["unlock"]), "novasim unlock web1"),
        (ActionStep(DEMO, ACTIONS["hard-reboot"], {"type": "HARD"}), "novasim reboot web1 --hard"),
        (
            ActionStep(DEMO, ACTIONS["resize"], {"flavorRef": "2"}, {"flavor": "m1.small"}, True),
            "novasim resize web1 --flavor m1.small --wait",
        ),
        (
            ActionStep(ADMIN, ACTIONS["reset-state"], {"state": "error"}, {"state": "error"}),
            "novasim --cloud 'my lab.json' --as admin reset-state web1 --state error",
        ),
        (WaitStep(DEMO), "novasim wait web1 --for idle"),
        (ClockStep(DEMO, "deleted"), "novasim clock advance --until web1=deleted"),
        (OptionStep(DEMO, "shelved_offload_time", "3600"), "novasim config set shelved_offload_time 3600"),
        (HostStep(DEMO, "host1", forced_down=False), "novasim host set host1 --up"),
        (HostStep(DEMO, "host1", forced_down=True), "novasim host set host1 --no-forced-down"),
    ],
)
def test_a_step_as_a_command(step, line):
    assert command_line(step, "web1") == line


def test_a_step_waits_only_if_its_command_has_that_option():
    context = click.Context(cli)
    for action in ACTIONS.values():
        words = ActionStep(DEMO, action, waits=not action.is_instant).words("web1")
        command = cli.get_command(context, words[2 if words[0].startswith("--") else 0]) if words else None
        if command and not action.is_instant:
            has_option = any("--wait" in param.opts for param in command.params)
            assert ("--wait" in words) == has_option, words


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("stop", {}, "stop web1"),
        ("resize", {}, "resize web1 --flavor FLAVOR"),
        ("resize", {"flavor": "m1.large"}, "resize web1 --flavor m1.large"),
        ("reset-state", {"state": "active"}, "reset-state web1 --state active"),
        ("tag-replace", {}, ""),
    ],
)
def test_the_command_of_an_action(name, options, words):
    assert command_words(ACTIONS[name], "web1", options) == words.split()


def test_a_name_with_a_space_is_one_word_for_the_shell_and_for_run(user):
    user("create 'my web' --flavor m1.tiny --image cirros -q")
    assert user("plan 'my web' SHUTOFF").stdout == "novasim stop 'my web' --wait\n"
    user("plan 'my web' SHUTOFF --run")
    assert user("show 'my web' -f value -c status").stdout == "SHUTOFF\n"


def test_run_says_what_it_does_and_shows_passwords(user):
    user(NEW)
    done = user("plan web1 RESCUE --run")
    assert done.stderr == "novasim rescue web1 --wait\n"
    assert "adminPass" in done.stdout


def test_run_sends_the_requests_of_its_steps(user):
    user(NEW)
    done = user("--show-request plan web1 VERIFY_RESIZE --run")
    requests = [line for line in done.stderr.splitlines() if "POST" in line]
    assert len(requests) == 1 and '"flavorRef"' in requests[0]
    assert user("show web1 -f value -c status").stdout == "VERIFY_RESIZE\n"


def test_run_stops_at_the_first_failure(user):
    user(NEW)
    user("pause web1")
    user("fault add --refuse 409 --action unpause")
    done = user("plan web1 SHUTOFF --run", 4)
    assert "stop web1" not in done.stderr
    assert user("show web1 -f value -c status").stdout == "PAUSED\n"


def test_run_changes_options_first(user):
    user(NEW)
    done = user("plan web1 SOFT_DELETED --run")
    assert done.stderr.splitlines()[0] == "novasim config set reclaim_instance_interval 3600"
    assert json.loads(user("config get reclaim_instance_interval").stdout) == 3600


@pytest.mark.parametrize("forced_down", [False, True])
def test_a_host_is_brought_up(user, forced_down):
    user(NEW)
    user(f"--as admin host set host1 {'--forced-down' if forced_down else '--down'}")
    assert user("--as admin host show host1 -f value -c state").stdout == "down\n"
    session = Session(str(user.path), "admin", None)
    run_steps(session, "web1", [HostStep(ADMIN, "host1", forced_down)])
    assert user("--as admin host show host1 -f value -c state").stdout == "up\n"


def test_a_host_is_brought_up_by_administrators_only(user):
    user(NEW)
    user("--as admin host set host1 --down")
    with pytest.raises(PolicyRefusal):
        run_steps(Session(str(user.path), "demo", None), "web1", [HostStep(DEMO, "host1", False)])


def test_a_plan_that_needs_an_administrator_is_not_run(user):
    user(NEW)
    user("--as admin host set host1 --down")
    page = json.loads(user("plan web1 SHUTOFF -f json").stdout)
    assert page["needs_administrator"] and page["commands"] == ["novasim --as admin evacuate web1 --wait"]
    assert "nothing was done" in user("plan web1 SHUTOFF --run", 4).stderr


AWKWARD_NAMES = ["-rf", "--force", "a b", "it's", "$(reboot)", "*", "a;b", "מרחב"]


@pytest.mark.parametrize("name", AWKWARD_NAMES)
@pytest.mark.parametrize("line", ["pause", "resize --flavor m1.small", "create-image"])
def test_hints_about_servers_with_awkward_names_can_be_run(user, name, line):
    server = shlex.quote(name)
    user(f"create --flavor m1.tiny --image cirros -q -- {server}")
    for command in (f"stop -- {server}", f"lock -- {server}"):
        user(command)
    verb, *options = line.split()
    refused = f"--as admin {' '.join([verb, *options])} -- {server}{' copy' * (verb == 'create-image')}"
    user("--as admin reset-state --state error -- " + server)
    hint = next(each for each in user.run(refused).stderr.splitlines() if "Try: " in each)
    for command in hint.partition("Try: ")[2].split(" && "):
        assert command.startswith("novasim ")
        user(command.removeprefix("novasim "))
    user(refused)


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_every_command_line_names_the_server_and_keeps_its_options(name):
    for action in ACTIONS.values():
        words = command_words(action, name, {"flavor": "m1.small"}, ["--wait"])
        if words:
            operands = words[words.index("--") :] if "--" in words else words
            assert name in operands, action.name
            assert ("--" in words) == name.startswith("-")
            assert "--" not in words or words.index("--wait") < words.index("--")
