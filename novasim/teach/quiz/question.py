"""A question with several answers, exactly one of which is right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from novasim.simulation.seeded import Generator

T = TypeVar("T")
MAX_OPTIONS = 4
TRIES = 200  # at a case with the wanted answer


class Question(NamedTuple):
    """
    A question.

    Args:
        kind: The name of its kind. text: in plain text; lines that begin with four blanks are commands or a picture.
        options: The answers. answer: the index of the right one.
        explanation: At most three lines.
        command: The command that shows it.
    """

    kind: str
    text: str
    options: tuple[str, ...]
    answer: int
    explanation: tuple[str, ...]
    command: str

    def describe(self) -> dict[str, Any]:
        """The question as plain values."""
        return {**self._asdict(), "options": list(self.options), "explanation": list(self.explanation)}

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """What it has in common with the same question whose options are in another order."""
        return self.text, frozenset(self.options)

    def shuffle(self, chance: Chance) -> Question:
        """The question with its options in another order."""
        options = chance.shuffle(self.options)
        return self._replace(options=tuple(options), answer=options.index(self.options[self.answer]))


class Chance:
    """Random choices. The same seed and purpose give the same ones."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._generator = Generator(seed, f"quiz/{purpose}")

    def choose(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int.from_bytes(self._generator.octets(4), "big") % len(items)]

    def shuffle(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        rest, found = list(items), []
        while rest:
            found.append(rest.pop(int.from_bytes(self._generator.octets(4), "big") % len(rest)))
        return found


def find_case(cases: Iterable[T], is_wanted: Callable[[T], bool]) -> T | None:
    """The first of some random cases that is wanted, so that no answer is more frequent than another."""
    return next(filter(is_wanted, islice(cases, TRIES)), None)


def build_question(
    chance: Chance,
    kind: str,
    text: str,
    right: str,
    wrong: Sequence[str],
    explanation: Sequence[str],
    command: str,
    order: Sequence[str] = (),
) -> Question | None:
    """
    A question with the right answer and at most three wrong ones; None without any wrong one.

    Args:
        order: The order of the answers; by default it is random.
    """
    others = [each for each in dict.fromkeys(wrong) if each != right]
    chosen = chance.shuffle(others)[: MAX_OPTIONS - 1]
    if not chosen:
        return None
    options = sorted([right, *chosen], key=order.index) if order else chance.shuffle([right, *chosen])
    return Question(kind, text, tuple(options), options.index(right), tuple(explanation[:3]), command)
