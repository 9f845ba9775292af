"""Advice below a refusal: the state, the needed state, and a command that works."""

from __future__ import annotations

import json
import re

import pytest

NEW = "create web1 --flavor m1.tiny --image cirros"

# from the API's documents: how the server is brought there, what is refused then, and where it was accepted
REFUSED = [
    ("stop", "pause"),
    ("stop", "suspend"),
    ("stop", "reboot"),
    ("stop", "change-password --password x"),
    ("pause", "stop"),
    ("pause", "resize --flavor m1.small"),
    ("pause", "rescue"),
    ("pause", "rebuild"),
    ("suspend", "stop"),
    ("suspend", "pause"),
    ("suspend", "rebuild"),
    ("rescue", "stop"),
    ("rescue", "shelve"),
    ("rescue", "create-image x"),
    ("resize --flavor m1.small", "stop"),
    ("resize --flavor m1.small", "pause"),
    ("shelve", "resize --flavor m1.small"),
    ("shelve", "rescue"),
    ("shelve", "create-image x"),
]
# The same, but where the server already is where the action leads, or has nothing to undo.
NOTHING_TO_DO = [
    ("", "start", "web1 is already ACTIVE; nothing to do."),
    ("", "unpause", "web1 is already ACTIVE; nothing to do."),
    ("", "resume", "web1 is already ACTIVE; nothing to do."),
    ("", "unshelve", "web1 is already ACTIVE; nothing to do."),
    ("", "unrescue", "web1 is already ACTIVE; nothing to do."),
    ("stop", "stop", "web1 is already SHUTOFF; nothing to do."),
    ("pause", "pause", "web1 is already PAUSED; nothing to do."),
    ("suspend", "suspend", "web1 is already SUSPENDED; nothing to do."),
    ("rescue", "rescue", "web1 is already RESCUE; nothing to do."),
    ("shelve", "shelve", "web1 is already SHELVED_OFFLOADED; nothing to do."),
    ("", "confirm-resize", "web1 has no resize or migration to confirm; nothing to do."),
    ("pause", "revert-resize", "web1 has no resize or migration to revert; nothing to do."),
    ("", "restore", "web1 is not deleted; there is nothing to restore."),
    ("stop", "restore", "web1 is not deleted; there is nothing to restore."),
]
# An action that undoes a state is refused elsewhere, and the hint leads where it would have led.
INSTEAD = [
    ("pause", "start", "unpause"),
    ("shelve", "start", "unshelve"),
    ("stop", "unpause", "start"),
    ("stop", "unshelve", "start"),
    ("suspend", "unrescue", "resume"),
]


def line(verb: str) -> str:
    name, _, rest = verb.partition(" ")
    return f"{name} web1 {rest}"


@pytest.mark.parametrize(("before", "verb"), REFUSED)
def test_advised_command_works(user, before, verb):
    user(NEW)
    if before:
        user(line(before))
    kept = user.path.read_bytes()
    output = user(line(verb), 4).stderr
    assert user.path.read_bytes() == kept
    assert re.match(
        r"novasim: (Cannot '|Instance ).*\n  web1 is [A-Z_]+; [a-z-]+ needs [A-Z_, ]+\.\n  Try: novasim ", output
    )
    for step in output.partition("Try: ")[2].splitlines()[0].split(" && "):
        user(step.removeprefix("novasim ").replace("FLAVOR", "m1.small").replace("IMAGE", "cirros"))
    user(line(verb))


@pytest.mark.parametrize(("before", "verb", "sentence"), NOTHING_TO_DO)
def test_a_server_that_is_already_there_needs_nothing(user, before, verb, sentence):
    user(NEW)
    if before:
        user(line(before))
    first, *advice = user(line(verb), 4).stderr.splitlines()
    assert first.startswith("novasim: Cannot '") and advice == [f"  {sentence}"]
    assert sentence in user(f"why web1 {verb}", 4).stdout


@pytest.mark.parametrize(("before", "verb", "instead"), INSTEAD)
def test_advice_leads_where_the_action_would_have_led(user, before, verb, instead):
    user(NEW)
    user(line(before))
    assert user(line(verb), 4).stderr.endswith(f"\n  Try: novasim {instead} web1 --wait\n")
    user(line(instead))
    assert "web1 is already ACTIVE; nothing to do." in user(line(verb), 4).stderr


def test_a_locked_server_that_is_already_there_needs_nothing(user):
    user(NEW)
    user("lock web1")
    assert user("start web1", 4).stderr.endswith("  web1 is already ACTIVE; nothing to do.\n")


def test_advice_says_what_a_reset_of_the_state_loses(user, monkeypatch):
    user(NEW)
    user("fault add lost --action stop --lose")
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("stop web1")
    user("clock advance 10s")
    output = user("--as admin pause web1", 4).stderr
    assert "reset-state" in output and "the work of a running task is lost" in output
    assert "is lost" in user("--as admin why web1 pause", 4).stdout


def test_advice_about_a_task_that_a_fault_holds_is_to_remove_the_fault(user, monkeypatch):
    user(NEW)
    user("fault add stuck --action stop --stuck")
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("stop web1")
    user("clock advance 10s")
    for output in (user("start web1", 4).stderr, user("why web1 start", 4).stdout):
        assert "To release it: novasim fault remove" in " ".join(output.split()) and "reset-state" not in output
    user("fault remove stuck")
    user("clock advance 10s")
    user("start web1")


def test_advice_for_a_busy_server_is_to_wait(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user(NEW)
    for verb in ("stop web1", "unpause web1", "resize web1 --flavor m1.small"):
        output = user(verb, 4).stderr
        assert "web1 is busy (scheduling)" in output and "Try: novasim clock advance --until web1=idle" in output


def test_advice_about_a_lock_names_the_caller_who_can_unlock(user):
    user(NEW)
    user("lock web1")
    assert "novasim unlock web1" in user("stop web1", 4).stderr
    assert "novasim unlock web1" in user("change-password web1 --password x", 4).stderr
    user("unlock web1")
    user("--as admin lock web1")
    output = user("stop web1", 4).stderr
    assert "administrator" in output and "novasim --as admin unlock web1" in output
    user("--as admin unlock web1")
    user("stop web1")


def test_advice_starts_with_unlock_if_the_server_is_locked(user):
    user(NEW)
    user("rescue web1")
    user("lock web1")
    output = user("create-image web1 x", 4).stderr  # not stopped by locks, but unrescue is
    assert "Try: novasim unlock web1 && novasim unrescue web1 --wait" in output


def test_advice_for_a_server_that_never_ran_is_to_see_why(user):
    for number in (1, 2, 3):
        user(f"--as admin service set host{number} --disable")
    user(f"{NEW} -q")
    for verb in ("start web1", "stop web1", "reboot web1 --hard", "rebuild web1"):
        output = user(verb, 4).stderr
        assert "never run" in output and output.endswith("novasim show web1 -c fault\n")
    assert "No valid host" in user("show web1 -c fault").stdout
    assert "Its build found no host" in user("why web1 resize", 4).stdout


def test_a_server_without_a_fault_has_an_empty_one(user):
    user(NEW)
    assert user("show web1 -c fault -f json").stdout == '{\n  "fault": null\n}\n'
    assert user("show web1 -c fault -f csv").stdout == '"Field","Value"\n"fault",""\n'


def test_advice_is_for_the_same_caller(user):
    user(NEW)
    user("pause web1")
    output = user("--as admin stop web1", 4).stderr
    assert "Try: novasim --as admin unpause web1 --wait" in output


def test_advice_is_about_the_same_cloud(user, tmp_path, monkeypatch):
    other = tmp_path / "other cloud.json"
    before = f"--cloud '{other}'"
    user(f"{before} {NEW}")
    user(f"{before} pause web1")
    assert f"Try: novasim {before} unpause web1 --wait" in user(f"{before} stop web1", 4).stderr
    user(f"{before} unpause web1")
    assert f"As administrator: novasim {before} --as admin migrate web1\n" in user(f"{before} migrate web1", 5).stderr
    user(f"{before} plan web1 SHUTOFF --run")
    assert user(f"{before} show web1 -f value -c status").stdout == "SHUTOFF\n"
    user("show web1", 3)


def test_names_that_need_quotes_get_them(user):
    user("create 'my server' --flavor m1.tiny --image cirros")
    user("pause 'my server'")
    output = user("stop 'my server'", 4).stderr
    assert "Try: novasim unpause 'my server' --wait" in output


def test_policy_refusal_names_the_administrator(user):
    user(NEW)
    assert "--as admin" in user("migrate web1", 5).stderr
    assert "quota show" in user("create more --flavor m1.xlarge --image cirros --count 3", 5).stderr


def test_a_reader_is_advised_to_do_what_an_administrator_could(user):
    user(f"{NEW} -q")
    user("volume create data --size 1")
    user("--as admin user create rita --project demo --role reader")
    user("resize web1 --flavor m1.small")
    refused = user("--as rita@demo stop web1", 5).stderr
    assert "--as admin stop" not in refused and "Try: novasim --as admin confirm-resize web1 --wait\n" in refused
    assert "--as admin stop" not in user("--as rita@demo why web1 stop", 5).stdout
    user("confirm-resize web1")
    group = user.json("security-group list")[0]["id"]
    for line, advised in {
        "stop web1": "stop web1",
        "attach-volume web1 data": "attach-volume web1 data",
        "remove-security-group web1 default": f"remove-security-group web1 {group}",
    }.items():
        refused = user(f"--as rita@demo {line}", 5).stderr
        assert refused.endswith(f"\n  As administrator: novasim --as admin {advised}\n")
        user(f"--as admin {advised}")


def test_unknown_name_suggests_similar_names(user):
    error = user("show web1", 3).stderr
    assert "Did you mean" not in error and error.endswith(
        "  You have no servers. To create one, see: novasim help create\n"
    )
    user(NEW)
    assert "Did you mean web1?" in user("show wbe1", 3).stderr
    assert "novasim list" in user("show something", 3).stderr
    assert "cirros" in user("create a --flavor m1.tiny --image ciros", 3).stderr
    assert "m1.tiny" in user("resize web1 --flavor m1.tny", 3).stderr


def test_ambiguous_name_lists_all_servers(user):
    ids = {user.create("web1")["id"] for _ in range(2)}
    output = user("stop web1", 4).stderr
    assert all(f"{id} (web1)" in output for id in ids)
    for id in ids:
        user(f"stop {id}")


def test_unique_id_prefix_is_accepted(user):
    ids = [user.create(f"web{number}")["id"] for number in range(9)]
    user(f"stop {ids[0][:13]}")
    assert "to its first 4 characters or more, not to 3" in user(f"show {ids[0][:3]}", 3).stderr
    assert json.loads(user(f"show {ids[0][:8]} -f json").stdout)["id"] == ids[0]


def test_refusal_names_the_microversion_that_has_the_action(user):
    user(NEW)
    output = user("--api-version 2.16 crash-dump web1", 3).stderr
    assert "2.17" in output and "2.16" in output


def test_json_error_has_no_advice(user):
    user(NEW)
    output = user("stop web1 missing -f json", 3).stderr
    assert json.loads(output) == {"itemNotFound": {"code": 404, "message": "Instance missing could not be found."}}
    body = json.loads(user("pause web1 -f json", 4).stderr)
    assert body["conflictingRequest"]["code"] == 409
