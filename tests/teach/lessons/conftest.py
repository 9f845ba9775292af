from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.cli.main import cli
from novasim.teach.lessons.lesson import Lesson

IS_FULL = os.environ.get("NOVASIM_LESSONS_TESTS") == "full"  # make lessons
LESSONS = {lesson.name: lesson for lesson in open_library().lessons()}


@pytest.fixture
def runner() -> Iterator[Runner]:
    with isolated_process():
        yield Runner(cli)


def parse(text: str, path: str = "test.md") -> Lesson:
    return open_library().parse(text.encode(), path)
