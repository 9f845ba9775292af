"""Questions: exactly one right answer, confirmed by execution and by the table; the same seed gives the same bytes."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.status import stable_state_of
from novasim.teach.quiz.formats import render_gift, render_html
from novasim.teach.quiz.kinds import ACCEPTED
from novasim.teach.quiz.laboratory import ASKED, OWNER, WAYS, Laboratory
from novasim.teach.quiz.quiz import KINDS, ask_questions
from novasim.teach.quiz.sequences import shortest_ways
from tests.teach.lessons.conftest import IS_FULL

SEEDS, COUNT = (100, 200) if IS_FULL else (2, 65)


@pytest.fixture(autouse=True)
def own_clock(monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK", raising=False)


@pytest.fixture(scope="module")
def lab():
    return Laboratory()


@pytest.fixture(scope="module")
def questions(lab):
    return [question for seed in range(SEEDS) for question in ask_questions(COUNT, seed, lab=lab)]


def test_each_question_has_one_right_answer(questions):
    assert len(questions) == SEEDS * COUNT
    for question in questions:
        assert 2 <= len(question.options) <= 4
        assert len(set(question.options)) == len(question.options)
        assert 0 <= question.answer < len(question.options)
        assert 1 <= len(question.explanation) <= 3
        assert question.command.startswith("novasim ")


def test_every_kind_is_at_least_one_in_twenty(questions):
    counts = Counter(question.kind for question in questions)
    assert len(KINDS) >= 11
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= len(questions) / 20


@pytest.mark.parametrize("kind", ["accepted", "busy", "reference"])
def test_no_answer_can_be_guessed_from_its_frequency(lab, kind):
    answers = Counter(question.answer for question in ask_questions(40, 1, [kind], lab))
    assert min(answers[0], answers[1]) >= 12


def test_roles_other_than_member_are_asked_for(lab):
    answers = Counter(question.options[question.answer] for question in ask_questions(12, 1, ["role"], lab))
    assert {*answers} == {"member", "manager", "admin"}


def is_accepted_by_table(action: str, status: str) -> bool:
    """What the action table says about an action in a status."""
    vm_state = stable_state_of(status)
    return vm_state is not None and ACTIONS[action].accepts("vm_state", vm_state)


def test_execution_and_table_agree(lab):
    for status in WAYS:
        for action in ASKED:
            outcome = lab.outcome(status, action, "admin")
            if outcome.check in ("", "vm_state"):
                assert outcome.is_accepted == is_accepted_by_table(action, status), (status, action, outcome)
            if outcome.is_accepted and outcome.status in WAYS:
                ends = ACTIONS[action].end_states(stable_state_of(status))
                assert stable_state_of(outcome.status) in (*ends, "error"), (status, action, outcome)


def test_answers_are_confirmed_by_execution(lab, questions):
    """Each kind whose options are actions or sequences: only the right option has the property that was asked for."""
    fresh = Laboratory()
    for question in questions if IS_FULL else questions[::2]:
        right = question.options[question.answer]
        status = re.search(r"web1 is ([A-Z_]+)", question.text)
        if question.kind == "possible":
            accepted = [each for each in question.options if fresh.outcome(status[1], each).is_accepted]
        elif question.kind == "lock":
            accepted = [
                each for each in question.options if not fresh.outcome(status[1], each, OWNER, True).is_accepted
            ]
        elif question.kind == "picture":
            source, end = re.findall(r"\[(\w+)\]", question.text)
            accepted = [each for each in question.options if fresh.edges.get((source, each)) == end]
        elif question.kind == "path":
            goal = re.search(r"is to be (\w+)", question.text)[1]
            runs = {each: fresh.run(status[1], each.split(", ")) for each in question.options}
            accepted = [
                each
                for each, outcomes in runs.items()
                if all(outcome.is_accepted for outcome in outcomes) and outcomes[-1].status == goal
            ]
            assert shortest_ways(lab, status[1], goal) == [tuple(right.split(", "))]
        elif question.kind == "list":
            accepted = [fresh.run(status[1], actions_in(question.text))[-1].status]
        elif question.kind == "refused":
            actions = actions_in(question.text)
            outcomes = fresh.run(status[1], actions)
            accepted = [name for name, outcome in zip(actions, outcomes, strict=True) if not outcome.is_accepted]
        elif question.kind == "accepted":
            who = "admin" if "administrator" in question.text else OWNER
            outcome = fresh.outcome(status[1], re.search(r"Is (\S+) accepted", question.text)[1], who)
            accepted = [ACCEPTED if outcome.is_accepted else "refused"]
        else:
            continue
        assert accepted == [right], question


def actions_in(text: str) -> list[str]:
    """The actions of the commands in a question."""
    lines = [line.split()[1:] for line in text.splitlines() if line.startswith("    ")]
    return ["hard-reboot" if "--hard" in words else words[0] for words in lines]


def test_same_seed_gives_the_same_bytes(lab):
    first, second = (render_gift(list(ask_questions(26, 5))) for _ in range(2))
    assert first == second != render_gift(list(ask_questions(26, 6, lab=lab)))


def test_gift_escapes_and_marks_one_right_answer(lab):
    questions = list(ask_questions(26, 3, lab=lab))
    text = render_gift(questions)
    parts = text.split("\n\n")
    assert len(parts) == len(questions)
    for part, question in zip(parts, questions, strict=True):
        lines = part.strip().splitlines()
        assert lines[0].endswith("{") and lines[-1] == "}"
        assert [line[0] for line in lines[1:-2]].count("=") == 1
        assert len(lines) == len(question.options) + 3
    assert not re.search(r"(?<!\\)[{}]", re.sub(r" \{$|^\}$", "", text, flags=re.MULTILINE))


def test_page_is_complete_in_itself(lab):
    page = render_html(list(ask_questions(13, 1, lab=lab)), 1)
    assert page.count("<details>") == 13
    assert "http" not in page.replace("http://127", "")


def test_a_kind_can_be_chosen(user):
    questions = json.loads(user("quiz --seed 1 --count 3 --kind end -f json").stdout)
    assert [question["kind"] for question in questions] == ["end"] * 3
    assert "Did you mean end?" in user("quiz --kind ends", 2).stderr
    assert "Choose from: accepted, code" in user("quiz --kind xyz", 2).stderr


def test_missed_questions_come_back(user, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    asked = json.loads(user("quiz --seed 4 --count 3 --kind end -f json").stdout)
    wrong = "".join(f"{'abcd'[(question['answer'] + 1) % len(question['options'])]}\n" for question in asked)
    done = user("quiz --seed 4 --count 3 --kind end", input=wrong)
    assert "0 of 3 right" in done.stdout
    assert "To see it: novasim explain" in done.stdout
    assert "Those that you missed come back" in done.stdout
    assert "The same questions again: novasim quiz --seed 4 --count 3 --kind end" in done.stdout
    again = user("quiz --count 6", input="")
    assert f"Question 1 of 6 (missed before)\n{asked[0]['text']}" in again.stdout


def test_other_input_is_answered_with_what_can_be_typed(user):
    assert "Type a letter from a to " in user("quiz --seed 1", input="nonsense\n").stdout


def test_the_end_of_the_input_ends_the_quiz(user):
    assert "0 of 0 right" in user("quiz --seed 1", input="").stdout
