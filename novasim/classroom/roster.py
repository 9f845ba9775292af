"""
Rosters: text files with the full name of a student on each line.

Blank lines, and lines that begin with "#", are left out. "FULL NAME = CLOUD" also chooses the name of the cloud.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from novasim.classroom.errors import RosterError
from novasim.classroom.names import derive_name, is_valid, number_name

MAX_STUDENTS = 1000
MAX_LENGTH = 100  # characters of a full name
MAX_PROBLEMS = 10  # in one message


class RosterEntry(NamedTuple):
    """A student: the name of the cloud, and the full name."""

    name: str
    full_name: str


class _Line(NamedTuple):
    number: int
    full_name: str
    chosen: str  # the name of the cloud, or ""


def parse_roster(data: bytes, path: str) -> list[RosterEntry]:
    """
    The students of a roster, each with a name of its own.

    Raises:
        RosterError: the roster has no student, too many, or lines that cannot be used; it names those lines.
    """
    lines, problems = list[_Line](), list[str]()
    for number, content in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        try:
            line = _parse_line(number, content)
        except ValueError as error:
            problems.append(f"line {number}: {error}")
            continue
        lines += [line] if line else []
    problems += _find_repeated(lines)
    if problems:
        more = f"; and {len(problems) - MAX_PROBLEMS} more" if len(problems) > MAX_PROBLEMS else ""
        raise RosterError(f"{path} cannot be used: {'; '.join(problems[:MAX_PROBLEMS])}{more}.")
    if not 0 < len(lines) <= MAX_STUDENTS:
        raise RosterError(f"{path} has {len(lines) or 'no'} students; a classroom has from 1 to {MAX_STUDENTS}.")
    return _assign_names(lines)


def parse_names(texts: Sequence[str], students: Mapping[str, str]) -> list[RosterEntry]:
    """
    Further students, each as on a line of a roster.

    Args:
        students: The full names of the students in the classroom, by the names of their clouds.

    Raises:
        RosterError: a text cannot be used, a student has that name, or there would be too many.
    """
    lines = list[_Line]()
    for number, text in enumerate(texts, 1):
        try:
            line = _parse_line(number, text.encode("utf-8", "replace"))
            if line is None:
                raise ValueError("it is empty, or begins with #")
            _check_new(line, {**students, **{each.chosen: each.full_name for each in lines if each.chosen}})
        except ValueError as error:
            raise RosterError(f"{text!r} cannot be added: {error}.") from None
        lines.append(line)
    if len(lines) + len(students) > MAX_STUDENTS:
        raise RosterError(f"A classroom has at most {MAX_STUDENTS} students.")
    return _assign_names(lines, students)


def _check_new(line: _Line, students: Mapping[str, str]) -> None:
    """Raise ValueError if there is a student with the chosen name, or with the full name and none is chosen."""
    if line.chosen in students:
        raise ValueError(f"{students[line.chosen]} has the cloud {line.chosen}")
    same = [name for name, full_name in students.items() if full_name.casefold() == line.full_name.casefold()]
    if same and not line.chosen:
        another = number_name(derive_name(line.full_name), students)
        raise ValueError(f"there is {line.full_name} ({same[0]}); for another one write '{line.full_name} = {another}'")


def _parse_line(number: int, content: bytes) -> _Line | None:
    """
    A line of a roster; None for one without a student.

    Raises:
        ValueError: it cannot be used; the message says why.
    """
    try:
        text = content.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8") from None
    if not text or text.startswith("#"):
        return None
    full_name, sign, chosen = (part.strip() for part in text.partition("="))
    if not full_name.isprintable():
        raise ValueError("it has control characters")
    if not any(letter.isalnum() for letter in full_name):
        raise ValueError(f"{full_name!r} is not a name")
    if len(full_name) > MAX_LENGTH:
        raise ValueError(f"the name is longer than {MAX_LENGTH} characters")
    if sign and not is_valid(chosen):
        raise ValueError(f"{chosen!r} cannot be the name of a cloud (a-z, 0-9 and hyphens, not the name of a service)")
    return _Line(number, " ".join(full_name.split()), chosen)


def _find_repeated(lines: list[_Line]) -> list[str]:
    """The problems of lines that choose the same name as an earlier line."""
    first, problems = dict[str, int](), list[str]()
    for line in lines:
        if line.chosen and line.chosen in first:
            problems.append(f"line {line.number}: line {first[line.chosen]} has chosen {line.chosen} already")
        first.setdefault(line.chosen, line.number)
    return problems


def _assign_names(lines: list[_Line], others: Iterable[str] = ()) -> list[RosterEntry]:
    """Give each student a name: the chosen one, or one from the full name, numbered if another student has it."""
    taken = {*others, *(line.chosen for line in lines if line.chosen)}
    entries = []
    for line in lines:
        name = line.chosen or number_name(derive_name(line.full_name), taken)
        taken.add(name)
        entries.append(RosterEntry(name, line.full_name))
    return entries
