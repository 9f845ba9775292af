"""The words about subjects that are not actions, such as filters and quotas, and the terms of the glossary."""

from __future__ import annotations

from functools import cache

from novasim.teach.words.actions import Lesson, read_lesson_file

GLOSSARY = "glossary"


@cache
def read_subjects() -> dict[str, Lesson]:
    """The words about every subject, by its name."""
    return read_lesson_file("subjects.txt")


@cache
def read_terms() -> dict[str, str]:
    """The meaning of every term, by its name such as "floating IP"."""
    return {name: lesson.does for name, lesson in read_lesson_file("glossary.txt").items()}


def find_name(text: str) -> str:
    """The subject or term that a text names, in the singular or plural, with spaces or hyphens; "" for other texts."""
    names = {_normalize(name): name for name in (*read_terms(), *read_subjects(), GLOSSARY)}
    return names.get(_normalize(text), "")


def _normalize(text: str) -> str:
    """The text in lower case, with hyphens, and in the singular as far as that matters for these words."""
    word = text.lower().replace("_", "-").replace(" ", "-")
    if word.endswith("ies"):
        return word.removesuffix("ies") + "y"
    return word if word.endswith(("ss", "us")) else word.removesuffix("s")
