"""The error of commands that check something: exit code 11."""

from __future__ import annotations

from novasim.errors import NovasimError


class GoalNotMet(NovasimError):
    """A goal or a threshold that is not met, or a record in which something is missing."""

    exit_code = 11
