"""Every lesson is proven, and a proof notices every sabotage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from novasim.teach.lessons.checks import parse_check
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.prover import prove
from tests import part
from tests.teach.lessons.conftest import IS_FULL, LESSONS, parse

ALWAYS, NOT_POSSIBLE = parse_check("count servers >= 0"), parse_check("count servers > 9999")


@pytest.mark.parametrize("name", part(LESSONS, 3))
def test_lesson_is_proven(name, runner):
    assert prove(LESSONS[name], runner) == []


def sabotage(lesson: Lesson) -> Iterator[tuple[str, Lesson]]:
    """The lesson with one goal that is always or never met, without one wrong way, without one line of the solution."""
    for position, goal in enumerate(lesson.goals):
        for check in (ALWAYS, NOT_POSSIBLE):
            goals = (*lesson.goals[:position], goal._replace(check=check), *lesson.goals[position + 1 :])
            yield f"{goal.source} becomes {check}", lesson._replace(goals=goals)
    for position, way in enumerate(lesson.wrong_ways):
        ways = (*lesson.wrong_ways[:position], *lesson.wrong_ways[position + 1 :])
        yield f"without {way.name}", lesson._replace(wrong_ways=ways)
    for position, command in enumerate(lesson.solution):
        solution = (*lesson.solution[:position], *lesson.solution[position + 1 :])
        yield f"without {command.line}", lesson._replace(solution=solution)


@pytest.mark.parametrize("name", LESSONS if IS_FULL else part(("power", "soft-delete"), 2))
def test_sabotage_is_noticed(name, runner, monkeypatch):
    monkeypatch.setattr("novasim.teach.lessons.prover.find_way", lambda *_: None)  # the hints have tests of their own
    unnoticed = [what for what, lesson in sabotage(LESSONS[name]) if not prove(lesson, runner)]
    assert unnoticed == []


def test_superfluous_line_has_to_be_marked(runner):
    lesson = LESSONS["power"]
    extra = lesson.solution[0]._replace(line="novasim list", words=("list",))
    unmarked = lesson._replace(solution=(*lesson.solution, extra))
    assert [finding.part for finding in prove(unmarked, runner)] == ["e"]
    assert prove(lesson._replace(solution=(*lesson.solution, extra._replace(for_show=True))), runner) == []


def test_missing_wait_is_noticed(runner):
    lesson = LESSONS["power"]
    hasty = [command._replace(words=command.words[:2]) for command in lesson.solution]
    findings = prove(lesson._replace(solution=tuple(hasty[:1] * 2 + hasty[2:])), runner)
    assert "h" in {finding.part for finding in findings}


def test_missing_wait_of_a_pasted_solution_is_noticed(runner):
    """Between two pasted lines, no volume gets attached."""
    lesson = LESSONS["volumes"]
    hasty = [command._replace(words=tuple(x for x in command.words if x != "--wait")) for command in lesson.solution]
    solution = (lesson.solution[0], hasty[1], *lesson.solution[2:])
    assert {finding.part for finding in prove(lesson._replace(solution=solution), runner)} == {"h"}


def test_wrong_usage_in_a_solution_is_reported(runner):
    lesson = LESSONS["power"]
    wrong = lesson.solution[0]._replace(line="novasim stop --soon web1", words=("stop", "--soon", "web1"))
    findings = prove(lesson._replace(solution=(wrong, *lesson.solution)), runner)
    assert any(finding.part == "a" and "--soon" in finding.reason for finding in findings)


def test_lesson_of_the_page_for_teachers_is_proven(runner):
    page = (files("novasim.manual") / "teach.md").read_text("utf-8")
    text = re.search(r"^```markdown\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[1]
    assert prove(parse(text), runner) == []
