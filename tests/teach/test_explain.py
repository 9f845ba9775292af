"""Every name can be explained, and explanations agree with the rules."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from novasim.cli.main import cli
from novasim.lifecycle.actions import ACTIONS, BY_API
from novasim.lifecycle.states import TASK_STATES, VM_STATES
from novasim.lifecycle.status import STATUSES
from novasim.teach import action_pages, state_pages, text
from novasim.teach.commands import COMMANDS
from novasim.teach.topics import find_topic
from novasim.teach.words import codes, statuses, task_states
from novasim.teach.words.actions import read_lessons
from tests import each_case
from tests.processes import forked_python


def test_everything_has_words():
    assert set(read_lessons()) == set(ACTIONS)
    assert set(statuses.MEANINGS) == set(STATUSES)
    assert set(task_states.MEANINGS) == set(TASK_STATES)


@each_case("name", sorted(ACTIONS))
def test_the_page_of_an_action_has_all_parts(name):
    page = action_pages.describe_action(name)
    json.dumps(page)
    told = "\n".join(line.text for line in text.page_lines(page))
    assert page["does"] in told and page["policy"] in told and str(page["code"]) in told
    assert all(phase["task_state"] is None or phase["task_state"] in told for phase in page["phases"])
    assert all(len(line.text) <= 110 for line in text.page_lines(page) if line.fixed)


@each_case("name", sorted({*ACTIONS} - {name for name, words in COMMANDS.items() if not words}))
def test_the_command_of_an_action_exists(name):
    words = action_pages.describe_command(ACTIONS[name]).split()[1:]
    words = words[2:] if words[0] == "--api-version" else words
    command = cli.get_command(None, words[0])
    options = {opt for param in command.params for opt in param.opts}
    assert {word for word in words[1:] if word.startswith("--")} <= options


@each_case(
    ("word", "kind", "name"),
    [
        ("resize", "action", "resize"),
        ("RESIZE", "status", "RESIZE"),
        ("RESCUE", "status", "RESCUE"),
        ("rescue", "action", "rescue"),
        ("stopped", "status", "SHUTOFF"),
        ("shutoff", "status", "SHUTOFF"),
        ("confirmResize", "action", "confirm-resize"),
        ("os-migrateLive", "action", "live-migrate"),
        ("getVNCConsole", "action", "console-url-vnc"),
        ("spawning", "task_state", "spawning"),
        ("409", "code", "409"),
    ],
)
def test_what_a_word_names(word, kind, name):
    assert find_topic(word) == (kind, name)


@each_case("word", sorted({*STATUSES, *TASK_STATES, *VM_STATES, *BY_API, *map(str, codes.CODES)}))
def test_every_name_can_be_explained(user, word):
    told = user(f"explain {word}").stdout
    assert len(told.splitlines()) > 2
    json.loads(user(f"explain {word} -f json").stdout)


@pytest.mark.parametrize(
    ("status", "accepted", "not_accepted", "out"),
    [
        ("SHUTOFF", {"start", "resize", "rebuild"}, {"stop", "pause", "reboot"}, {"start": ["ACTIVE"]}),
        ("PAUSED", {"unpause", "live-migrate"}, {"stop", "pause", "resize"}, {"unpause": ["ACTIVE"]}),
        ("ERROR", {"stop", "hard-reboot", "rebuild"}, {"start", "pause"}, {"stop": ["SHUTOFF"]}),
        (
            "VERIFY_RESIZE",
            {"confirm-resize", "revert-resize"},
            {"stop", "resize"},
            {"confirm-resize": ["ACTIVE", "SHUTOFF"]},
        ),
        ("SOFT_DELETED", {"restore", "force-delete"}, {"start", "rebuild"}, {"restore": ["ACTIVE"]}),
    ],
)
def test_the_page_of_a_status_lists_what_is_accepted(status, accepted, not_accepted, out):
    page = state_pages.describe_status(status)
    assert accepted <= set(page["possible"]) and not not_accepted & set(page["possible"])
    ways = {way["action"]: way["to"] for way in page["out"]}
    assert out.items() <= ways.items()


def test_the_page_of_a_transitional_status_lists_its_actions():
    page = state_pages.describe_status("RESIZE")
    assert page["in"] == ["resize", "migrate"] and not page["lasts"] and page["out"] == []
    assert "create" in state_pages.describe_status("BUILD")["in"]
    assert "create" in state_pages.describe_status("ERROR")["failing"]


CONDITIONS = [
    ("attach-volume", "Before microversion 2.20, the server is not shelved."),
    ("detach-volume", "The volume is attached to the server."),
    ("unshelve", "A caller who names a host satisfies the policy rule os_compute_api:os-shelve:unshelve_to_host."),
    ("evacuate", "The compute service of the server's host is down."),
]


@pytest.mark.parametrize(("action", "words"), CONDITIONS)
def test_conditions_are_those_of_the_checks(action, words):
    conditions = action_pages.describe_action(action)["conditions"]
    assert words in conditions
    assert "The caller may name a host." not in conditions


def test_conditions_survive_without_docstrings(tmp_path):
    told = subprocess.run(
        [sys.executable, "-OO", "-m", "novasim", "explain", "attach-volume"],
        env=os.environ | {"NOVASIM_CLOUD": str(tmp_path / "cloud.json")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert CONDITIONS[0][1] in told.stdout


def test_the_codes_of_refusals_are_those_of_the_rules():
    def refusals(name: str) -> list[int]:
        return action_pages.describe_action(name)["refusals"]

    assert refusals("diagnostics") == [403, 404, 409, 501]
    assert refusals("attach-volume") == refusals("detach-volume") == [400, 403, 404, 409]
    assert refusals("resize") == refusals("unshelve") == [400, 403, 404, 409]
    assert refusals("lock") == [400, 403, 404]


def test_the_lowest_role_follows_the_policy():
    rows = {row["action"]: row["who"] for row in action_pages.list_actions()}
    assert (rows["stop"], rows["migrate"], rows["evacuate"]) == ("member", "manager", "admin")
    assert rows["console-log"] == "member"


def test_the_page_of_a_code_has_its_exit_code():
    assert (state_pages.describe_code(409)["exit_code"], state_pages.describe_code(202)["exit_code"]) == (4, 0)
    assert "migrate" not in state_pages.describe_code(200)["actions"]


def test_explain_without_a_word_lists_all_actions(user):
    listed = json.loads(user("explain -f json").stdout)
    assert {row["action"] for row in listed} == set(ACTIONS)


@pytest.mark.parametrize(
    ("word", "near"),
    [("resiz", "resize"), ("SHUTOF", "SHUTOFF"), ("spawnin", "spawning"), ("verify_resiz", "VERIFY_RESIZE")],
)
def test_a_mistyped_word_gets_a_suggestion(user, word, near):
    told = user(f"explain {word}", 2).stderr
    assert len(told.splitlines()) == 1 and near in told


def test_an_unknown_word_gets_a_pointer_to_the_list(user):
    assert "novasim explain" in user("explain xyzzy", 2).stderr


def test_bars_suit_the_encoding_of_the_output(tmp_path):
    for encoding, letter in (("ascii", "#"), ("utf-8", "█")):
        settings = os.environ | {"PYTHONIOENCODING": encoding, "NOVASIM_CLOUD": str(tmp_path / "cloud.json")}
        told = subprocess.run(
            [*forked_python(), "-m", "novasim", "explain", "stop"], env=settings, check=True, capture_output=True
        )
        assert letter * 30 in told.stdout.decode(encoding)


def test_nothing_is_wider_than_the_terminal(user, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    for word in ("ERROR", "SHELVED", "403"):
        assert max(map(len, user(f"explain {word}").stdout.splitlines())) <= 60
    assert not re.search("\x1b", user("explain ERROR").stdout)
