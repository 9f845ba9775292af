"""The command `quiz`: questions about the lifecycle."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from novasim.errors import UsageError
from novasim.render.output import print_line, print_text, print_wrapped
from novasim.suggestions import suggest_names

if TYPE_CHECKING:
    from novasim.teach.quiz.question import Question

LETTERS = "abcd"
WORDS_TO_STOP = ("q", "quit", "exit")
MISSED = " Those that you missed come back in a later quiz."
MAX_KEPT = 200  # missed questions


@click.command()
@click.option("--count", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many questions.")
@click.option("--seed", type=click.IntRange(0, 2**31), help="The same seed gives the same questions.")
@click.option("--kind", "names", multiple=True, metavar="KIND", help="Only this kind of question (may be repeated).")
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["text", "json", "html", "gift"]),
    default="text",
    show_default=True,
    help="Ask the questions, or print them all; GIFT is a format of Moodle.",
)
def quiz(count: int, seed: int | None, names: tuple[str, ...], fmt: str) -> None:
    """
    Answer questions about the lifecycle.

    Each right answer is found by executing the requests in memory. After your answer you see why, and the command that
    shows it. Questions that you missed come back in a later quiz, unless you name a seed.

    Example: novasim quiz --count 5

    Example: novasim quiz --seed 7 --count 20 -f gift
    """
    from novasim.cli.lessons.runner import isolated_process
    from novasim.simulation.seeded import generate_seed
    from novasim.teach.quiz.quiz import KINDS, ask_questions

    if unknown := [name for name in names if name not in KINDS]:
        raise UsageError(f"There is no kind {unknown[0]!r}.{suggest_names(unknown[0], KINDS)}")
    number = generate_seed() % 10_000 if seed is None else seed
    with isolated_process():
        questions = list(ask_questions(count, number, names))
    if fmt == "text":
        missed = _shuffle_missed(count // 3, number) if seed is None and not names else []
        again = " ".join(["novasim quiz", f"--seed {number} --count {count}", *(f"--kind {name}" for name in names)])
        _ask_all([*missed, *questions][:count], len(missed), again)
    else:
        print_text(_render(questions, number, fmt))


def _render(questions: list[Question], seed: int, fmt: str) -> str:
    from novasim.teach.quiz.formats import render_gift, render_html

    if fmt == "json":
        return json.dumps([question.describe() for question in questions], indent=2) + "\n"
    return render_html(questions, seed) if fmt == "html" else render_gift(questions)


def _ask_all(questions: list[Question], repeated: int, again: str) -> None:
    """
    Ask the questions one after another; q, the end of the input and Ctrl-C end the quiz.

    Args:
        repeated: How many of them, from the first on, were missed in an earlier quiz.
        again: The command that asks the others again.
    """
    right: list[Question] = []
    missed: list[Question] = []
    for number, question in enumerate(questions, 1):
        print_line(f"Question {number} of {len(questions)}{' (missed before)' * (number <= repeated)}")
        answer = _ask(question)
        if answer is None:
            break
        is_right = answer == question.answer
        (right if is_right else missed).append(question)
        _explain(question, is_right)
    print_line(f"{len(right)} of {len(right) + len(missed)} right.{MISSED * bool(missed)}")
    print_line(f"The same questions again: {again}" if not repeated else f"Its new questions again: {again}")
    _keep_missed(right, missed)


def _ask(question: Question) -> int | None:
    """The index of the answer; None if the learner stops."""
    for line in question.text.splitlines():
        print_wrapped(line)
    for letter, option in zip(LETTERS, question.options, strict=False):
        print_wrapped(f"  {letter}) {option}")
    letters = LETTERS[: len(question.options)]
    while True:
        text = _read_answer(f"[{letters[0]}-{letters[-1]}] ")
        if not text or text.strip().lower() in WORDS_TO_STOP:
            print_line("")
            return None
        if len(text.strip()) == 1 and text.strip().lower() in letters:
            return letters.index(text.strip().lower())
        print_line(f"Type a letter from {letters[0]} to {letters[-1]}, and Enter. To stop: q")


def _read_answer(prompt: str) -> str:
    """A line of the input; "" at its end, and after Ctrl-C."""
    try:
        sys.stdout.write(prompt)
        sys.stdout.flush()
        return sys.stdin.readline()
    except KeyboardInterrupt:
        return ""


def _explain(question: Question, is_right: bool) -> None:
    letter, option = LETTERS[question.answer], question.options[question.answer]
    print_wrapped("Right." if is_right else f"No. The answer is {letter}) {option}")
    for line in [*question.explanation, f"To see it: {question.command}"]:
        print_wrapped(f"  {line}")
    print_line("")


def _path() -> str:
    import os

    from novasim.cli.lessons.workplace import home

    return os.path.join(home(), "quiz.json")


def _read_missed() -> list[Question]:
    """The questions that the learner has missed, the oldest first. A damaged file counts as empty."""
    from novasim import jsonutils
    from novasim.teach.quiz.question import Question

    try:
        with open(_path(), "rb") as file:
            return [_question(Question, item) for item in jsonutils.decode(file.read())]
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return []


def _shuffle_missed(count: int, seed: int) -> list[Question]:
    """The oldest missed questions, with their options in another order that the seed decides."""
    from novasim.teach.quiz.question import Chance

    chance = Chance(seed, "missed")
    return [question.shuffle(chance) for question in _read_missed()[:count]]


def _question(kind: type[Question], item: dict[str, Any]) -> Question:
    question = kind(**{**item, "options": tuple(item["options"]), "explanation": tuple(item["explanation"])})
    if question.options[question.answer] and len(question.options) <= len(LETTERS):
        return question
    raise ValueError(item)


def _keep_missed(right: list[Question], missed: list[Question]) -> None:
    """Keep the missed questions, without those that are right now."""
    from novasim import jsonutils
    from novasim.cli.lessons.workplace import lock_home
    from novasim.fileutils import write_file

    if not (right or missed):
        return
    with lock_home():
        before = _read_missed()
        answered = {each.key for each in (*right, *missed)}
        kept = [each for each in before if each.key not in answered] + missed
        if kept != before:
            write_file(_path(), jsonutils.encode([each.describe() for each in kept[-MAX_KEPT:]]), replace=True)
