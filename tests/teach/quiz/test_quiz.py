"""Questions: exactly one right answer, confirmed by execution and by the table; the same seed gives the same bytes."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.status import stable_state_of
from novasim.teach.quiz.formats import render_gift, render_html
from novasim.teach.quiz.kinds import ACCEPTED, REASONS
from novasim.teach.quiz.laboratory import ASKED, OWNER, WAYS, Laboratory, Outcome
from novasim.teach.quiz.question import Chance, Question
from novasim.teach.quiz.quiz import KINDS, ask_questions
from novasim.teach.quiz.sequences import shortest_ways
from novasim.teach.rights import ROLES
from tests.teach.lessons.conftest import IS_FULL

COUNT = 200 if IS_FULL else 65
QUIZZES = [range(first, first + 10) for first in range(0, 100, 10)] if IS_FULL else [range(2)]  # seeds


@pytest.fixture(autouse=True)
def own_clock(monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK", raising=False)


@pytest.fixture(scope="module")
def lab():
    return Laboratory()


@pytest.mark.parametrize("seeds", QUIZZES, ids=str)
def test_questions(seeds, lab):
    """Each has one right answer, confirmed by execution, and each kind is at least one in twenty."""
    questions = [question for seed in seeds for question in ask_questions(COUNT, seed, lab=lab)]
    assert len(questions) == len(seeds) * COUNT
    fresh = Laboratory()
    for question in questions:
        check_form(question)
        check_answer(question, fresh)
    counts = Counter(question.kind for question in questions)
    assert len(KINDS) >= 11
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= len(questions) / 20


def check_form(question: Question) -> None:
    assert 2 <= len(question.options) <= 4
    assert len(set(question.options)) == len(question.options)
    assert 0 <= question.answer < len(question.options)
    assert 1 <= len(question.explanation) <= 3
    assert question.command.startswith("novasim ")


@pytest.mark.parametrize("kind", ["accepted", "busy", "reference"])
def test_no_answer_can_be_guessed_from_its_frequency(lab, kind):
    answers = Counter(question.answer for question in ask_questions(40, 1, [kind], lab))
    assert min(answers[0], answers[1]) >= 12


def test_no_role_is_the_answer_to_most_questions(lab):
    asked = [question for seed in range(3) for question in ask_questions(15, seed, ["role"], lab)]
    answers = Counter(question.options[question.answer] for question in asked if "lowest role" in question.text)
    assert {*answers} == {"member", "manager", "admin"}
    assert max(answers.values()) <= answers.total() / 2


def test_the_options_of_a_question_can_be_shuffled(lab):
    (question,) = ask_questions(1, 1, ["possible"], lab)
    others = [question.shuffle(Chance(seed, "test")) for seed in range(10)]
    assert len({each.answer for each in others}) > 1
    assert {each.key for each in others} == {question.key}
    assert {each.options[each.answer] for each in others} == {question.options[question.answer]}


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


def check_answer(question: Question, fresh: Laboratory) -> None:
    """Only the right option has the property asked for."""
    status = re.search(r"(?:is|was|names?) ([A-Z_]+)\b|$", question.text)[1] or ""
    assert CONFIRM[question.kind](question, status, fresh) == [question.options[question.answer]], question


def confirm_possible(question: Question, status: str, fresh: Laboratory) -> list[str]:
    return [each for each in question.options if fresh.outcome(status, each).is_accepted]


def confirm_lock(question: Question, status: str, fresh: Laboratory) -> list[str]:
    return [each for each in question.options if not fresh.outcome(status, each, OWNER, True).is_accepted]


def confirm_picture(question: Question, status: str, fresh: Laboratory) -> list[str]:
    source, end = re.findall(r"\[(\w+)\]", question.text)
    return [each for each in question.options if fresh.edges.get((source, each)) == end]


def confirm_path(question: Question, status: str, fresh: Laboratory) -> list[str]:
    goal = re.search(r"is to be (\w+)", question.text)[1]
    runs = {each: fresh.run(status, each.split(", ")) for each in question.options}
    found = [each for each, outcomes in runs.items() if leads_to(goal, outcomes)]
    assert [", ".join(way) for way in shortest_ways(fresh, status, goal)] == found
    return found


def leads_to(goal: str, outcomes: list[Outcome]) -> bool:
    return all(outcome.is_accepted for outcome in outcomes) and outcomes[-1].status == goal


def confirm_list(question: Question, status: str, fresh: Laboratory) -> list[str]:
    return [fresh.run(status, actions_in(question.text))[-1].status]


def confirm_refused(question: Question, status: str, fresh: Laboratory) -> list[str]:
    actions = actions_in(question.text)
    outcomes = zip(actions, fresh.run(status, actions), strict=True)
    return [name for name, outcome in outcomes if not outcome.is_accepted]


def confirm_accepted(question: Question, status: str, fresh: Laboratory) -> list[str]:
    who = "admin" if "administrator" in question.text else OWNER
    outcome = fresh.outcome(status, re.search(r"Is (\S+) accepted", question.text)[1], who)
    return [ACCEPTED if outcome.is_accepted else "refused"]


def confirm_code(question: Question, status: str, fresh: Laboratory) -> list[str]:
    action = re.search(r"requests (\S+)\. What", question.text)[1]
    check = fresh.outcome(status, action, OWNER, "has locked it" in question.text).check
    return [REASONS.get(check, ACCEPTED)]


def confirm_role(question: Question, status: str, fresh: Laboratory) -> list[str]:
    def may(action: str, role: str) -> bool:
        return fresh.outcome(status, action, f"role:{role}").is_accepted

    if action := re.search(r"that may request (\S+)\?", question.text):
        return [role for role in ROLES if may(action[1], role)][:1]
    if "not a member" in question.text:
        return [each for each in question.options if may(each, "manager") and not may(each, "member")]
    if "only an administrator" in question.text:
        return [each for each in question.options if may(each, "admin") and not may(each, "manager")]
    return [each for each in question.options if may(each, "member")]


def confirm_end(question: Question, status: str, fresh: Laboratory) -> list[str]:
    return [fresh.edges[status, re.search(r"and (\S+) is accepted", question.text)[1]]]


def confirm_first(question: Question, status: str, fresh: Laboratory) -> list[str]:
    firsts = {way[0] for way in shortest_ways(fresh, status, re.search(r"needs it (\w+)", question.text)[1])}
    return [each for each in question.options if each in firsts]


def confirm_reference(question: Question, status: str, fresh: Laboratory) -> list[str]:
    is_named = "does not name" not in question.text
    action = re.search(r"which (\S+) is accepted", question.text)[1]
    return ["Yes." if is_named is fresh.outcome(status, action).is_accepted else "No."]


def confirm_busy(question: Question, status: str, fresh: Laboratory) -> list[str]:
    first, second = re.search(r"ACTIVE\. (\S+) has .* Is (\S+) accepted", question.text).groups()
    return [ACCEPTED if fresh.during("ACTIVE", first, second)[1].is_accepted else "refused"]


CONFIRM = {
    "end": confirm_end,
    "first": confirm_first,
    "reference": confirm_reference,
    "busy": confirm_busy,
    "possible": confirm_possible,
    "lock": confirm_lock,
    "picture": confirm_picture,
    "path": confirm_path,
    "list": confirm_list,
    "refused": confirm_refused,
    "accepted": confirm_accepted,
    "code": confirm_code,
    "role": confirm_role,
}


def actions_in(text: str) -> list[str]:
    """The actions of the commands in a question."""
    lines = [line.split()[1:] for line in text.splitlines() if line.startswith("    ")]
    return ["hard-reboot" if "--hard" in words else words[0] for words in lines]


def test_same_seed_gives_the_same_bytes(lab):
    first, second = (render_gift(list(ask_questions(13, 5))) for _ in range(2))
    assert first == second != render_gift(list(ask_questions(13, 6, lab=lab)))


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
    again = user("quiz --count 6", input="").stdout
    assert f"Question 1 of 6 (missed before)\n{asked[0]['text']}" in again
    first = again.partition("\n[a-")[0]
    assert sorted(line[5:] for line in first.splitlines()[-len(asked[0]["options"]) :]) == sorted(asked[0]["options"])


def test_other_input_is_answered_with_what_can_be_typed(user):
    assert "Type a letter from a to " in user("quiz --seed 1", input="nonsense\n").stdout


def test_the_end_of_the_input_ends_the_quiz(user):
    for text in ("", "q\n", "Quit\n"):
        assert "0 of 0 right" in user("quiz --seed 1", input=text).stdout
