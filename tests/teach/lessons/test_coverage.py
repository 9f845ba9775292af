"""The lessons together meet every action and every move of the action table, and every kind of refusal."""

from __future__ import annotations

import pytest

from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.cli.main import cli
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import list_failing_checks
from novasim.lifecycle.status import status_of
from novasim.records import Server
from novasim.teach.lessons.playground import Playground, build_world, play_one
from tests.teach.lessons.conftest import LESSONS

NOT_TAUGHT = {
    "swap-volume",  # only the volume service requests it
}
KINDS = ("vm_state", "task_state", "lock", "policy", "quota", "microversion", "never_launched", "no_host", "injected")
MOVES = {
    (action.name, status_of(source, None), status_of(end, None))
    for action in ACTIONS.values()
    for source in action.vm_states or ()
    for end in action.end_states(source)
    if end != source
}


def status_in(playground: Playground, id: str) -> str:
    with playground.cloud.reading() as world:
        server = world.tx.get(Server, id)
        return status_of(server.vm_state, server.task_state) if server else ""


@pytest.fixture(scope="module")
def met():
    """The entries of all solutions, each with the status in which its server ended."""
    found, runner = [], Runner(cli)
    with isolated_process():
        for lesson in LESSONS.values():
            playground = build_world(lesson, runner, lesson.clock if lesson.names_clock else "instant")
            for command in lesson.solution:
                before = len(playground.entries)
                play_one(playground, command, runner)
                found += [(each, status_in(playground, each.server)) for each in playground.entries[before:]]
    return found


def test_there_are_at_least_24_lessons_in_order():
    assert len(LESSONS) >= 24
    assert [lesson.number for lesson in LESSONS.values()] == list(range(1, len(LESSONS) + 1))
    names = list(LESSONS)
    for lesson in LESSONS.values():
        assert all(names.index(name) < names.index(lesson.name) for name in lesson.after)


def test_every_action_is_met(met):
    assert set(ACTIONS) - {entry.action for entry, _ in met} == NOT_TAUGHT


def test_every_move_is_met(met):
    moves = {(entry.action, entry.status, end) for entry, end in met if entry.is_accepted}
    assert sorted(MOVES - moves) == []


def test_every_kind_of_refusal_is_met(met):
    refusals = {(entry.check, entry.code) for entry, _ in met if not entry.is_accepted}
    checks = {check for check, _ in refusals}
    assert set(KINDS) <= checks
    assert {check for action in ACTIONS.values() for check in list_failing_checks(action)} & checks, "a check"
    assert any(code == 410 for _, code in refusals), "gone"
    assert any(code == 404 and check != "microversion" for check, code in refusals), "not found"
    assert {400, 503} <= {code for _, code in refusals}
