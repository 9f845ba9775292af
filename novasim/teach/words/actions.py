"""The words about each action, read from actions.txt, and the format of such files."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

MARKS = "-*>"  # of what can go wrong, of what else to know, and of differences

# Actions that undo something, and what a server lacks in all other states.
NOTHING_TO_UNDO = {
    "restore": "{server} is not deleted; there is nothing to restore.",
    "confirm-resize": "{server} has no resize or migration to confirm; nothing to do.",
    "revert-resize": "{server} has no resize or migration to revert; nothing to do.",
}


class Lesson(NamedTuple):
    """
    Words about an action or a subject.

    Args:
        does: What happens, for readers who are new to it.
        wrong: What can go wrong, each with its remedy. notes: What else to know.
        differs: Where Nova does not do what its documents say.
    """

    does: str
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@cache
def read_lessons() -> dict[str, Lesson]:
    """The words about every action, by its name."""
    return read_lesson_file("actions.txt")


def read_lesson_file(file: str) -> dict[str, Lesson]:
    """The lessons of a file of this package, by their names."""
    text = files(__package__).joinpath(file).read_text("utf-8")
    lessons = {}
    for part in text.split("\n[")[1:]:
        name, _, body = part.partition("]\n")
        lessons[name] = _parse_lesson(body)
    return lessons


def _parse_lesson(body: str) -> Lesson:
    """Parse a paragraph and then lines that begin with one of MARKS; indented lines continue the one before."""
    does, *rest = re.sub(rf"\n(?=[{MARKS}] )", "\n\n", body).split("\n\n")
    marked = [" ".join(line.split()) for line in rest]
    return Lesson(" ".join(does.split()), *(tuple(line[2:] for line in marked if line[:1] == mark) for mark in MARKS))
