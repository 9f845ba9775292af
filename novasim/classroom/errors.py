"""Errors of classrooms."""

from __future__ import annotations

from novasim.errors import NovasimError


class RosterError(NovasimError):
    """A roster that cannot be used. The text names the lines."""

    exit_code = 6


class RoomError(NovasimError):
    """A folder that is not a classroom, or that cannot be read or written."""

    exit_code = 9


class NoSuchStudent(NovasimError):
    """A name that no student of the classroom has."""

    exit_code = 3
