"""Errors in lessons."""

from __future__ import annotations

from novasim.errors import NovasimError


class LessonError(NovasimError):
    """A mistake in the file of a lesson. The text begins with the file and the number of the line."""

    exit_code = 6

    def __init__(self, path: str, number: int, reason: str) -> None:
        super().__init__(f"{path}:{number}: {reason}")
        self.path, self.number, self.reason = path, number, reason


class NoSuchLesson(NovasimError):
    """A name that no lesson has, or that several lessons have."""

    exit_code = 3


class NotRepeatable(NovasimError):
    """A command of a learner that a proof cannot run again, such as one that sets the clock."""

    exit_code = 6


class GoalsOpen(NovasimError):
    """A lesson that is not done, or that does not pass its proof."""

    exit_code = 11
