"""A quiz: questions of all kinds in turn, from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle

from novasim.teach.quiz import kinds, roles, sequences
from novasim.teach.quiz.laboratory import Laboratory
from novasim.teach.quiz.question import Chance, Question

KINDS: dict[str, Callable[[Laboratory, Chance], Question | None]] = {
    "accepted": kinds.ask_accepted,
    "code": kinds.ask_code,
    "end": kinds.ask_end,
    "path": sequences.ask_path,
    "possible": kinds.ask_possible,
    "role": roles.ask_role,
    "lock": kinds.ask_lock,
    "list": sequences.ask_list,
    "refused": sequences.ask_refused,
    "first": sequences.ask_first,
    "reference": kinds.ask_reference,
    "picture": sequences.ask_picture,
    "busy": sequences.ask_busy,
}
ATTEMPTS = 1000  # at one question


def ask_questions(
    count: int, seed: int, names: Sequence[str] = (), lab: Laboratory | None = None
) -> Iterator[Question]:
    """
    Yield *count* questions. The same seed gives the same questions.

    Args:
        names: The kinds to choose from; all of them by default. They take turns, in an order that the seed decides.
    """
    lab = lab or Laboratory()
    asked: set[tuple[str, frozenset[str]]] = set()
    order = Chance(seed, "order").shuffle(list(names or KINDS))
    for number, name in zip(range(count), cycle(order), strict=False):
        chance = Chance(seed, f"{number}")
        questions = filter(None, (KINDS[name](lab, chance) for _ in range(ATTEMPTS)))
        question = next((each for each in questions if each.key not in asked), None)
        if question:
            asked.add(question.key)
            yield question
