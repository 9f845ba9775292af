"""
Reads the file of a lesson: Markdown with fixed headings. novasim-lesson(5) describes the format.

Every error has the number of its line.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from novasim.suggestions import suggest_names
from novasim.teach.lessons.checks import parse_check
from novasim.teach.lessons.commands import parse_command
from novasim.teach.lessons.errors import LessonError
from novasim.teach.lessons.lesson import Command, Goal, Lesson, WrongWay

MAX_BYTES = 256 * 2**10
SECTIONS = ("World", "Task", "Goals", "Hints", "Solution", "Afterwards")
REQUIRED = ("Task", "Goals", "Solution")
WRONG = "Wrong: "
FIELD = re.compile(r"- (\w+): *(.*)")
FIELDS = ("minutes", "after", "clock", "chapter")
CLOCKS = ("real", "manual")
FILE_NAME = re.compile(r"(?:(\d{1,4})-)?([a-z0-9][a-z0-9-]*)\.md")
GOAL = re.compile(r"- (.+)")
CHECK = re.compile(r"`([^`]+)`")
HINT = re.compile(r"\d+\. (.+)")
STILL_OPEN = re.compile(r"Open then: (.*)")
CODE = "    "

Lines = list[tuple[int, str]]  # each with its number


class _Section(NamedTuple):
    """A part of the file below a heading."""

    name: str
    number: int
    lines: Lines


class _Reader:
    """
    Reads one file.

    Args:
        path: The name of the file in errors. known: the names of all commands of novasim.
    """

    def __init__(self, path: str, known: frozenset[str]) -> None:
        self.path, self.known = path, known

    def fail(self, number: int, reason: str) -> LessonError:
        return LessonError(self.path, number, reason)

    def split(self, text: str) -> list[_Section]:
        """The sections of the file; the first one is the head, whose name is the title."""
        lines = list(enumerate(text.splitlines(), 1))
        if not lines or not lines[0][1].startswith("# ") or not lines[0][1][2:].strip():
            raise self.fail(1, "The first line has to be the title: '# Title'.")
        sections = [_Section(lines[0][1][2:].strip(), 1, [])]
        for number, line in lines[1:]:
            if line.startswith("#"):
                sections.append(_Section(self._heading(number, line), number, []))
            else:
                sections[-1].lines.append((number, line.rstrip()))
        return sections

    def _heading(self, number: int, line: str) -> str:
        name = line.removeprefix("## ").strip()
        if not line.startswith("## ") or not (name in SECTIONS or (name.startswith(WRONG) and name != WRONG.strip())):
            near = suggest_names(name, SECTIONS)
            raise self.fail(number, f"{line.strip()!r} is not a heading of a lesson.{near}")
        return name

    def commands(self, section: _Section, may_fail: bool = False) -> tuple[Command, ...]:
        """The commands of a section, which is a block of code."""
        found = []
        for number, line in section.lines:
            if not line.strip():
                continue
            if not line.startswith(CODE):
                raise self.fail(number, f"Below '{section.name}' every line is a command, indented by four spaces.")
            try:
                command = parse_command(line.strip(), number, self.known)
            except ValueError as error:
                raise self.fail(number, str(error)) from None
            if command.must_fail and not may_fail:
                raise self.fail(number, "Only a command of the world may begin with '! '.")
            found.append(command)
        return tuple(found)

    def goals(self, section: _Section) -> tuple[Goal, ...]:
        """The goals: a sentence in a list, and the check in the next line."""
        lines = [(number, line.strip()) for number, line in section.lines if line.strip()]
        goals: list[Goal] = []
        for (number, first), (second_number, second) in zip(
            lines[::2], [*lines[1::2], (section.number, "")], strict=False
        ):
            if not (sentence := GOAL.fullmatch(first)):
                raise self.fail(number, "A goal is a sentence that begins with '- '.")
            if not (check := CHECK.fullmatch(second)):
                raise self.fail(number, "The line below the sentence of a goal has to be its check, between backticks.")
            try:
                goals.append(Goal(sentence[1], parse_check(check[1]), check[1], second_number))
            except ValueError as error:
                raise self.fail(second_number, str(error)) from None
        if not goals:
            raise self.fail(section.number, "There are no goals.")
        return tuple(goals)

    def hints(self, section: _Section) -> tuple[str, ...]:
        """The written hints: a numbered list."""
        hints: list[str] = []
        for number, line in section.lines:
            if match := HINT.fullmatch(line):
                hints.append(match[1])
            elif line.startswith("   ") and hints:
                hints[-1] += f" {line.strip()}"
            elif line:
                raise self.fail(number, "Hints are a numbered list: '1. ...'.")
        return tuple(hints)

    def wrong_way(self, section: _Section, goals: int) -> WrongWay:
        """A wrong way: its commands, and a last line that says which goals stay open."""
        lines = [(number, line) for number, line in section.lines if line]
        last = STILL_OPEN.fullmatch(lines[-1][1]) if lines else None
        if last is None:
            raise self.fail(section.number, "A wrong way ends with 'Open then: ' and the numbers of goals.")
        number = lines[-1][0]
        numbers = [int(each) if each.strip().isdecimal() and len(each) < 5 else 0 for each in last[1].split(",")]
        if not all(1 <= each <= goals for each in numbers):
            raise self.fail(number, f"After 'Open then: ' stand numbers of goals, from 1 to {goals}.")
        commands = self.commands(_Section(section.name, section.number, lines[:-1]))
        return WrongWay(section.name.removeprefix(WRONG), commands, frozenset(numbers), section.number)

    def fields(self, head: _Section) -> tuple[dict[str, tuple[int, str]], str]:
        """The fields below the title, each with the number of its line, and the text after them."""
        fields: dict[str, tuple[int, str]] = {}
        lines = list(head.lines)
        while lines and (not lines[0][1] or FIELD.fullmatch(lines[0][1])):
            number, line = lines.pop(0)
            if match := FIELD.fullmatch(line):
                if match[1] not in FIELDS:
                    raise self.fail(number, f"There is no field {match[1]!r}.{suggest_names(match[1], FIELDS)}")
                fields[match[1]] = number, match[2].strip()
        return fields, _join(lines)


def _join(lines: Lines) -> str:
    return "\n".join(line for _, line in lines).strip()


def parse_lesson(text: str, path: str, known: frozenset[str]) -> Lesson:
    """
    Parse the file of a lesson.

    Args:
        path: Its path, for errors and for the name of the lesson. known: the names of all commands of novasim.

    Raises:
        LessonError: The file does not have the format.
    """
    reader = _Reader(path, known)
    name, number = read_name(path)
    head, *rest = reader.split(text)
    fields, introduction = reader.fields(head)
    sections = _by_name(reader, rest)
    goals = reader.goals(sections["Goals"])
    empty = _Section("", 1, [])
    return Lesson(
        name=name,
        title=head.name,
        path=path,
        number=number,
        minutes=_read_minutes(reader, *fields.get("minutes", (1, "5"))),
        after=tuple(fields.get("after", (0, ""))[1].replace(",", " ").split()),
        clock=_read_clock(reader, *fields.get("clock", (1, CLOCKS[0]))),
        chapter=fields.get("chapter", (0, ""))[1],
        introduction=introduction,
        task=_join(sections["Task"].lines),
        world=reader.commands(sections.get("World", empty), may_fail=True),
        goals=goals,
        hints=reader.hints(sections.get("Hints", empty)),
        solution=reader.commands(sections["Solution"]),
        wrong_ways=tuple(reader.wrong_way(each, len(goals)) for each in rest if each.name.startswith(WRONG)),
        afterwards=_join(sections.get("Afterwards", empty).lines),
    )


def read_name(path: str) -> tuple[str, int]:
    """
    The name of a lesson and the number before it (0 without one), from the path of its file.

    Raises:
        LessonError: The name of the file is not that of a lesson.
    """
    match = FILE_NAME.fullmatch(re.split(r"[/\\]", path)[-1])
    if match is None:
        raise LessonError(path, 1, "A lesson's file is named NUMBER-NAME.md or NAME.md, in lower-case letters.")
    return match[2], int(match[1] or 0)


def _by_name(reader: _Reader, sections: list[_Section]) -> dict[str, _Section]:
    found: dict[str, _Section] = {}
    for section in sections:
        if section.name in found:
            raise reader.fail(section.number, f"There are two sections '{section.name}'.")
        found[section.name] = section
    for name in REQUIRED:
        if name not in found:
            raise reader.fail(1, f"The section '## {name}' is missing.")
    if not _join(found["Task"].lines):
        raise reader.fail(found["Task"].number, "The task is empty.")
    return found


def _read_minutes(reader: _Reader, number: int, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text[:9]) < 1000:
        raise reader.fail(number, "'minutes' is a whole number from 1 to 999.")
    return int(text)


def _read_clock(reader: _Reader, number: int, text: str) -> str:
    if text not in CLOCKS:
        raise reader.fail(number, f"'clock' is {' or '.join(CLOCKS)}, not {text!r}.")
    return text
