"""The entries that a proof notes are those of the real record."""

from __future__ import annotations

import shlex

import pytest

from novasim.cli.lessons.workplace import Workplace
from novasim.control.clock import set_clock
from novasim.records.entry import Entry
from novasim.store.record_file import read_entries
from novasim.teach.coverage.counter import count_entries
from novasim.teach.coverage.items import MOVE
from novasim.teach.lessons.entries import read_record
from novasim.teach.lessons.playground import build_world, play
from novasim.teach.lessons.proofs import seed_for
from tests.cli.conftest import User
from tests.cli.lessons.conftest import learner
from tests.teach.lessons.conftest import IS_FULL, LESSONS

__all__ = ["learner"]
SAMPLE = LESSONS if IS_FULL else ("first-server", "busy", "error", "quota", "guest", "microversions", "script")


@pytest.mark.parametrize("name", SAMPLE)
def test_proofs_note_what_the_record_has(name, learner, runner, monkeypatch):
    lesson = LESSONS[name]
    place = Workplace(lesson)
    place.build(runner)
    mode = lesson.clock if lesson.names_clock else "instant"
    set_clock(place.open(), mode)
    user = User(place.path)
    noted = build_world(lesson, runner, mode, seed_for("ann", name))
    for command in lesson.solution:
        if "$(" in command.line:
            pytest.skip("needs a shell")
        user.run(shlex.join(command.words))
    play(noted, lesson.solution, runner)
    recorded = place.entries()
    fields = ("action", "server", "status", "task", "code", "check")
    assert [[getattr(each, field) for field in fields] for each in recorded] == [
        [getattr(each, field) for field in fields] for each in noted.entries
    ]
    with noted.view() as view:
        assert view.moves() == find_moves(f"{place.path}.record")
    assert noted.open_goals(lesson) == frozenset()
    assert place.playground(lets_time_pass=False).open_goals(lesson) == frozenset()


def find_moves(record: str) -> set[tuple[str, str]]:
    """The moves in a record as coverage counts them, each an action and the status before it."""
    counted = count_entries([read_entries(record)]).counts
    return {(item.action, item.source) for item in counted if item.dimension == MOVE}


def test_failure_of_an_undone_request_is_not_that_of_an_earlier_one():
    first, second = (Entry(step=step, action="hard-reboot", server="id", code=202) for step in ("1", "2"))
    failure = Entry(kind="event", event="failure", action="hard-reboot", server="id")
    record = [first, second, failure]
    assert [each.has_failed for each in read_record(record)] == [False, True]
    undo, redo = Entry(kind="undo", undone=["2"]), Entry(kind="redo", undone=["2"])
    assert [each.has_failed for each in read_record([*record, undo])] == [False]
    assert [each.has_failed for each in read_record([*record, undo, redo])] == [False, True]
