"""The words about subjects that are not actions, such as filters and quotas, read from subjects.txt."""

from __future__ import annotations

from functools import cache

from novasim.teach.words.actions import Lesson, read_lesson_file


@cache
def read_subjects() -> dict[str, Lesson]:
    """The words about every subject, by its name."""
    return read_lesson_file("subjects.txt")
