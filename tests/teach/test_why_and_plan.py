"""why, can and plan: what blocks an action, and the path to a status."""

from __future__ import annotations

import json

import pytest

from tests import each_case

NEW = "create web1 --flavor m1.tiny --image cirros -q"


def told(user, line: str, code: int = 0) -> dict:
    return json.loads(user(f"{line} -f json", code).stdout)


def status(user, as_who: str = "") -> str:
    return user(f"{as_who} show web1 -f value -c status").stdout.strip()


def test_why_lists_every_reason_with_its_remedy(user):
    user(NEW)
    user('lock web1 --reason "backup running"')
    page = told(user, "why web1 start", 4)
    assert [reason["code"] for reason in page["reasons"]] == [409, 409]
    assert "backup running" in page["reasons"][0]["means"] and "already ACTIVE" in page["reasons"][1]["means"]
    assert page["commands"] == []
    page = told(user, "why web1 confirm-resize", 4)
    assert "locked" in page["reasons"][0]["means"] and "no resize" in page["reasons"][1]["means"]
    user("unlock web1")
    user("pause web1")
    user("lock web1")
    page = told(user, "why web1 stop", 4)
    assert "needs ACTIVE" in page["reasons"][1]["means"]
    assert page["commands"] == ["novasim unlock web1", "novasim unpause web1 --wait"]
    assert not page["accepted"]


def test_why_lists_rights_and_states(user):
    user(NEW)
    user("pause web1")
    page = told(user, "why web1 migrate", 5)
    assert [reason["code"] for reason in page["reasons"]] == [403, 409]
    assert page["reasons"][0]["remedy"] == ""  # a paused server cannot be migrated
    user("stop web1", 4)
    user("unpause web1")
    (reason,) = told(user, "why web1 migrate", 5)["reasons"]
    assert reason["remedy"] == "As administrator: novasim --as admin migrate web1 --wait"


def test_why_gives_no_advice_that_a_busy_server_refuses(user):
    user(NEW)
    host = json.loads(user("--as admin show web1 -f json").stdout)["OS-EXT-SRV-ATTR:host"]
    user("stop web1")
    user(f"--as admin host set {host} --down")
    user("start web1")
    page = told(user, "why web1 migrate", 5)
    assert page["reasons"][0]["remedy"] == ""
    assert page["commands"] == ["novasim --as admin evacuate web1 --wait"]
    down = f"Its host {host} is down; the task waits until the host is up."
    assert page["first_change"] == down
    assert f"\n  {down}\n" in user("pause web1", 4).stderr


def test_why_says_that_there_is_nothing_to_name(user):
    user(NEW)
    (reason,) = told(user, "why web1 detach-volume", 3)["reasons"]
    assert reason["means"] == "There is no volume to detach."
    assert (
        told(user, "why web1 console-url-spice", 6)["reasons"][0]["message"] == "Unavailable console type spice-html5."
    )
    user("config set spice_enabled true")
    assert told(user, "why web1 console-url-spice")["accepted"]


def test_why_says_what_would_follow(user):
    user(NEW)
    page = told(user, "why web1 shelve")
    assert page["accepted"] and page["code"] == 202 and "SHELVED_OFFLOADED" in page["follows"]
    user("config set shelved_offload_time 60")
    assert "the server would then be SHELVED." in told(user, "why web1 shelve")["follows"]
    user("--as admin host set host1 --down")
    assert "host1 is down" in told(user, "why web1 stop")["waits"]


def test_why_changes_nothing_and_is_right(user):
    user(NEW)
    user("rescue web1")
    kept = user.path.read_bytes()
    rows = {row["action"]: row for row in told(user, "can web1")}
    assert user.path.read_bytes() == kept
    for action in ("stop", "unrescue", "pause", "crash-dump", "migrate", "lock", "shelve", "delete"):
        user.path.write_bytes(kept)
        done = user.run(f"{action} web1")
        assert (done.exit_code == 0) is rows[action]["allowed"], action


def test_can_filters_by_verdict(user):
    user(NEW)
    allowed = {row["action"] for row in told(user, "can web1 --allowed")}
    refused = {row["action"]: row["reason"] for row in told(user, "can web1 --refused")}
    assert {"stop", "pause"} <= allowed and not allowed & set(refused)
    assert "already ACTIVE" in refused["start"] and "rule" in refused["migrate"]


# from the documents: how a server gets into its status, the goal, and the commands between
PLANS = [
    ([], "ACTIVE", []),
    ([], "SHUTOFF", ["stop web1 --wait"]),
    (["pause web1"], "SHUTOFF", ["unpause web1 --wait", "stop web1 --wait"]),
    (["suspend web1"], "PAUSED", ["resume web1 --wait", "pause web1 --wait"]),
    (["shelve web1"], "SHUTOFF", ["unshelve web1 --wait", "stop web1 --wait"]),
    (["rescue web1"], "ACTIVE", ["unrescue web1 --wait"]),
    (["resize web1 --flavor m1.small"], "ACTIVE", ["confirm-resize web1 --wait"]),
    (["stop web1", "resize web1 --flavor m1.small"], "SHUTOFF", ["confirm-resize web1 --wait"]),
    (["--as admin reset-state web1"], "ACTIVE", ["reboot web1 --hard --wait"]),
    (["--as admin reset-state web1"], "SHUTOFF", ["stop web1 --wait"]),
    ([], "VERIFY_RESIZE", ["resize web1 --flavor m1.small --wait"]),
    (["lock web1"], "PAUSED", ["unlock web1", "pause web1 --wait"]),
    ([], "DELETED", ["delete web1 --wait"]),
    (["config set reclaim_instance_interval 60"], "SOFT_DELETED", ["delete web1 --wait"]),
    (["config set reclaim_instance_interval 60"], "DELETED", ["force-delete web1 --wait"]),
    (["config set shelved_offload_time 60"], "SHELVED", ["shelve web1 --wait"]),
    ([], "SHELVED", ["config set shelved_offload_time 3600", "shelve web1 --wait"]),
]


@pytest.mark.parametrize(("before", "goal", "commands"), PLANS)
def test_a_plan_is_short_and_reaches_its_goal(user, before, goal, commands):
    user(NEW)
    for line in before:
        user(line)
    assert told(user, f"plan web1 {goal}")["commands"] == [f"novasim {line}" for line in commands]
    user(f"plan web1 {goal} --run")
    assert goal == "DELETED" or status(user, "--as admin" if goal == "SOFT_DELETED" else "") == goal


def test_a_shell_can_read_the_plan(user):
    user(NEW)
    assert user("plan web1 ACTIVE").stdout == "# web1 is already ACTIVE.\n"
    for goal in ("SHELVED", "ERROR"):
        lines = user(f"plan web1 {goal}").stdout.splitlines()
        assert lines[0].startswith("# ") and all(line.startswith(("# ", "novasim ")) for line in lines)
    assert "the work of a running task is lost" in user("plan web1 ERROR").stdout


def test_columns_and_formats(user):
    user(NEW)
    assert user("plan web1 SHUTOFF -f value -c commands").stdout == "novasim stop web1 --wait\n"
    assert user("explain stop -c ends -f value").stdout == "SHUTOFF\n"
    assert user("why web1 start -f value -c code", 4).stdout == "409\n"
    assert "column" in user("explain stop -c nonsense", 2).stderr


def test_an_administrator_has_other_plans(user):
    user(NEW)
    page = told(user, "plan web1 ERROR")
    assert (page["needs_administrator"], page["commands"]) == (
        True,
        ["novasim --as admin reset-state web1 --state error"],
    )
    assert "nothing was done" in user("plan web1 ERROR --run", 4).stderr and status(user) == "ACTIVE"
    user("--as admin plan web1 ERROR --run")
    assert status(user) == "ERROR"


def test_an_administrator_removes_an_administrators_lock(user):
    user(NEW)
    user("--as admin lock web1")
    page = told(user, "plan web1 SHUTOFF")
    assert page["needs_administrator"] and page["commands"][0] == "novasim --as admin unlock web1"


def test_a_plan_advances_a_manual_clock(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user(NEW)
    moved = "novasim clock advance --until web1=idle"
    assert told(user, "plan web1 PAUSED")["commands"] == [moved, "novasim pause web1", moved]
    user("plan web1 PAUSED --run")
    assert status(user) == "PAUSED"
    user("plan web1 DELETED --run")
    user("show web1", 3)


def test_a_plan_does_not_wait_for_a_stuck_task(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user(NEW)
    user("clock advance 60")
    user("fault add --stuck --action pause")
    user("pause web1")
    user("clock advance 60")
    assert told(user, "plan web1 ACTIVE")["commands"][0] == "novasim reboot web1 --hard"  # accepted while pausing
    user("fault clear")
    user("fault add --stuck --action suspend")
    user("clock advance 60")
    user("plan web1 ACTIVE --run")
    user("suspend web1")
    user("clock advance 60")
    for told_so in (user("plan web1 SUSPENDED").stdout, user("pause web1", 4).stderr):
        assert "holds it in suspending" in told_so and "novasim fault remove 2" in told_so
    user("fault remove 2")
    user("plan web1 SUSPENDED --run")
    assert status(user) == "SUSPENDED"


def test_a_plan_evacuates_from_a_host_that_is_down(user):
    user(NEW)
    user("--as admin host set host1 --down")
    page = told(user, "plan web1 SHUTOFF")
    assert page["commands"] == ["novasim --as admin evacuate web1 --wait"] and page["needs_administrator"]


@pytest.mark.parametrize(
    ("goal", "words"),
    [("RESIZE", "resize or migrate"), ("BUILD", "create"), ("REBOOT", "reboot"), ("MIGRATING", "live-migrate")],
)
def test_no_plan_reaches_a_transitional_status(user, goal, words):
    user(NEW)
    assert words in user(f"plan web1 {goal}", 4).stderr


def test_a_server_that_never_ran_has_no_plan(user):
    for number in (1, 2, 3):
        user(f"--as admin service set host{number} --disable")
    user(NEW)
    told = user("plan web1 PAUSED", 4).stderr
    assert "never run" in told and "novasim show web1 -c fault" in told


@each_case(
    ("line", "code", "words"),
    [
        ("why web1 strat", 2, "start"),
        ("why web1 ACTIVE", 2, "no action"),
        ("plan web1 stopped", 2, "SHUTOFF"),
        ("why web1 create", 2, "create"),
        ("why web2 stop", 3, "web1"),
        ("plan web1 SHUTOF", 2, "SHUTOFF"),
        ("plan web2 ACTIVE", 3, "web1"),
        ("can web2", 3, "web1"),
        ("plan web1", 2, "STATUS"),
        ("why web1", 2, "ACTION"),
    ],
)
def test_bad_input_is_one_clear_line(user, line, code, words):
    user(NEW)
    answer = user(line, code)
    assert answer.stdout == "" and words in answer.stderr and answer.stderr.startswith("novasim: ")


def test_a_server_of_another_project_is_not_found(user):
    user("--as admin project create other")
    user("--as admin user create other --password x")
    user("--as admin role add --user other --project other member")
    user(NEW)
    id = user("show web1 -f value -c id").stdout.strip()
    for line in (f"why {id} stop", f"can {id}", f"plan {id} SHUTOFF"):
        assert "could not be found" in user(f"--as other {line}", 3).stderr


@pytest.mark.parametrize(("word", "action"), [("attach-interface", "attach-port"), ("detach_interface", "detach-port")])
def test_actions_have_the_names_of_novas_refusals(user, word, action):
    user(NEW)
    assert told(user, f"why web1 {word}")["action"] == action


def test_the_security_groups_of_a_server_are_reasons_with_remedies(user):
    user(NEW)
    assert told(user, "why web1 remove-security-group")["accepted"]
    user("remove-security-group web1 default")
    (reason,) = told(user, "why web1 remove-security-group", 3)["reasons"]
    assert reason["message"].startswith("Security group default not associated with the instance")
    assert reason["remedy"] == "Show the security groups of the server: novasim show web1"
    assert "novasim show web1" in user("remove-security-group web1 default", 3).stderr


def test_an_action_without_a_command_has_no_command_as_remedy(user):
    user(NEW)
    reasons = told(user, "why web1 swap-volume", 5)["reasons"]
    assert "(rule os_compute_api:os-volumes-attachments:swap)" in reasons[0]["means"] and reasons[0]["remedy"] == ""
    reasons = told(user, "--as admin why web1 swap-volume", 3)["reasons"]
    assert reasons[0]["message"] == "Volume VOLUME could not be found."
