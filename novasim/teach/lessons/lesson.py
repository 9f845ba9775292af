"""What a lesson contains, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from novasim.teach.lessons.checks import Check


class Command(NamedTuple):
    """
    A command line of a lesson.

    Args:
        line: As the author wrote it, without "! " and remarks.
        words: The words after "novasim". A word may contain `Substitution` marks, see `commands`.
        number: The number of its line in the file.
        must_fail: Whether it is expected to fail.
        for_show: Whether no goal needs it.
    """

    line: str
    words: tuple[str, ...]
    number: int
    must_fail: bool = False
    for_show: bool = False


class Goal(NamedTuple):
    """A goal: its sentence, its check, the check as written, and the number of the line of the check."""

    text: str
    check: Check
    source: str
    number: int


class WrongWay(NamedTuple):
    """A way that does not solve a lesson: its name, its commands, and the numbers of the goals that it leaves open."""

    name: str
    commands: tuple[Command, ...]
    still_open: frozenset[int]
    number: int


class Lesson(NamedTuple):
    """
    A lesson.

    Args:
        name: The name of its file without number and ending, such as "resize".
        title: Its title. path: its file. number: the number before its name; 0 without one.
        minutes: How long a learner needs.
        after: Names of lessons to take before it.
        clock: The mode of its clock: "real" or "manual".
        chapter: The part of the course it belongs to.
        introduction, task, afterwards: Texts in Markdown.
        world: Commands that build the world of the lesson.
        hints: Written hints, in order.
    """

    name: str
    title: str
    path: str
    number: int
    minutes: int
    after: tuple[str, ...]
    clock: str
    chapter: str
    introduction: str
    task: str
    world: tuple[Command, ...]
    goals: tuple[Goal, ...]
    hints: tuple[str, ...]
    solution: tuple[Command, ...]
    wrong_ways: tuple[WrongWay, ...]
    afterwards: str

    @property
    def names_clock(self) -> bool:
        """Whether the lesson needs a certain clock."""
        return self.clock != "real"
