"""Finds lessons: those of novasim, and those in the folders that NOVASIM_LESSONS names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files

from novasim.fileutils import read_input
from novasim.suggestions import suggest_names
from novasim.teach.lessons.errors import LessonError, NoSuchLesson
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.parser import MAX_BYTES, parse_lesson

FOLDERS = "NOVASIM_LESSONS"
MAX_DIGITS = 5  # of a lesson's number


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
        try:
            content = read_input(path, MAX_BYTES + 1)
        except OSError as error:
            raise LessonError(path, 1, f"The file cannot be read: {error.strerror}.") from None
        if len(content) > MAX_BYTES:
            raise LessonError(path, 1, f"The file is larger than {MAX_BYTES // 2**10} KiB.")
        return self.parse(content, path)

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
        found: dict[str, Lesson] = {}
        for lesson in self._all():
            found[lesson.name] = lesson
        return list(found.values())

    def _all(self) -> Iterator[Lesson]:
        entries = {entry.name: entry for entry in files(__package__ or "").iterdir() if entry.name.endswith(".md")}
        for name in sorted(entries):
            yield self.parse(entries[name].read_bytes(), name)
        for folder in filter(None, os.environ.get(FOLDERS, "").split(os.pathsep)):
            try:
                names = sorted(name for name in os.listdir(folder) if name.endswith(".md"))
            except OSError as error:
                raise LessonError(folder, 1, f"The folder in {FOLDERS} cannot be read: {error.strerror}.") from None
            for name in names:
                yield self.read(os.path.join(folder, name))

    def find(self, text: str) -> Lesson:
        """
        Find a lesson by its name, its number or a unique beginning of its name.

        Raises:
            NoSuchLesson: No lesson or several lessons match. LessonError: as for `read`.
        """
        lessons = self.lessons()
        number = int(text) if text.isdecimal() and len(text) < MAX_DIGITS else 0
        exact = [lesson for lesson in lessons if lesson.name == text or lesson.number == number > 0]
        matches = exact or [lesson for lesson in lessons if text and lesson.name.startswith(text)]
        if len(matches) == 1:
            return matches[0]
        names = [lesson.name for lesson in lessons]
        raise NoSuchLesson(f"There is no lesson {text!r}.{suggest_names(text, names)} To see all: novasim lesson list")
