"""Finds lessons: those of novasim, and those in the folders that NOVASIM_LESSONS names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files
from typing import NamedTuple

from novasim.fileutils import read_input
from novasim.suggestions import suggest_names
from novasim.teach.lessons.errors import LessonError, NoSuchLesson
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.parser import FILE_NAME, MAX_BYTES, parse_lesson, read_name

FOLDERS = "NOVASIM_LESSONS"
MAX_DIGITS = 5  # of a lesson's number


class _File(NamedTuple):
    """The file of a lesson: its path, the number in its name (0 without one), and what reads its content."""

    path: str
    number: int
    read: Callable[[], bytes]


class Library:
    """
    All lessons, in the order of a course.

    Args:
        known: The names of all commands of novasim.
    """

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    def read(self, path: str) -> Lesson:
        """
        Read the file of a lesson.

        Raises:
            LessonError: It cannot be read, or does not have the format.
        """
        return self.parse(_read_content(path), path)

    def parse(self, content: bytes, path: str) -> Lesson:
        """Parse the content of a file. Errors as for `parse_lesson`."""
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            number = content.count(b"\n", 0, error.start) + 1
            raise LessonError(path, number, "The file is not text in UTF-8.") from None
        return parse_lesson(text, path, self.known)

    def lessons(self) -> list[Lesson]:
        """All lessons; one of a folder replaces that of the same name before it. Errors as for `read`."""
        return [self.parse(file.read(), file.path) for file in _find_files().values()]

    def names(self) -> list[str]:
        """The names of all lessons, which are those of their files."""
        return list(_find_files())

    def read_source(self, name: str) -> bytes:
        """The content of the file of a lesson, by the lesson's full name. Errors as for `read`."""
        return _find_files()[name].read()

    def find(self, text: str) -> Lesson:
        """
        Find a lesson by its name, its number or a unique beginning of its name. The other lessons are not read.

        Raises:
            NoSuchLesson: No lesson or several lessons match. LessonError: as for `read`.
        """
        known = _find_files()
        wanted = int(text) if text.isdecimal() and len(text) < MAX_DIGITS else 0
        exact = [file for name, file in known.items() if name == text or file.number == wanted > 0]
        matches = exact or [file for name, file in known.items() if text and name.startswith(text)]
        if len(matches) == 1:
            return self.parse(matches[0].read(), matches[0].path)
        near = suggest_names(text, list(known))
        raise NoSuchLesson(f"There is no lesson {text!r}.{near} To see all: novasim lesson list")


def _find_files() -> dict[str, _File]:
    """The file of each lesson, by the lesson's name, in the order of a course."""
    found: dict[str, _File] = {}
    for path, read in _list_contents():
        name, number = read_name(path)
        found[name] = _File(path, number, read)
    return found


def _list_contents() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The path of each file, and what reads its content. Other files in a folder, such as README.md, are left out."""
    entries = {entry.name: entry for entry in files(__package__ or "").iterdir() if entry.name.endswith(".md")}
    for name in sorted(entries):
        yield name, entries[name].read_bytes
    for folder in filter(None, os.environ.get(FOLDERS, "").split(os.pathsep)):
        try:
            names = sorted(filter(FILE_NAME.fullmatch, os.listdir(folder)))
        except OSError as error:
            raise LessonError(folder, 1, f"The folder in {FOLDERS} cannot be read: {error.strerror}.") from None
        for name in names:
            path = os.path.join(folder, name)
            yield path, partial(_read_content, path)


def _read_content(path: str) -> bytes:
    try:
        content = read_input(path, MAX_BYTES + 1)
    except OSError as error:
        raise LessonError(path, 1, f"The file cannot be read: {error.strerror}.") from None
    if len(content) > MAX_BYTES:
        raise LessonError(path, 1, f"The file is larger than {MAX_BYTES // 2**10} KiB.")
    return content
