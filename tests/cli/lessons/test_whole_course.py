"""A whole course on a pseudo-terminal, in one shell (make lessons)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.lessons.terminal import Terminal
from tests.cli.lessons.test_shells import environment
from tests.teach.lessons.conftest import IS_FULL, LESSONS

__all__ = ["environment"]
pytestmark = pytest.mark.skipif(os.name == "nt" or not IS_FULL, reason="takes minutes, and needs a pseudo-terminal")


def read_files(folder: Path) -> dict[str, bytes]:
    """The content of each file directly in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_course_leaves_the_own_cloud_as_it_was(environment):
    own = Path(environment["XDG_DATA_HOME"], "novasim")
    shell = Terminal(["/bin/bash", "--norc", "-i"], {**environment, "NOVASIM_PAGER": "cat"})
    shell.read_until("own $ ")
    shell.type("novasim create mine --flavor m1.tiny --image cirros --wait", "own $ ")
    before = read_files(own)
    assert "cloud.json" in before
    for number, lesson in enumerate(LESSONS.values(), 1):
        said = shell.type("novasim lesson next", f"({lesson.name} ")
        assert f"Lesson {number} of {len(LESSONS)}, about {lesson.minutes} minutes." in said
        for command in lesson.solution[:-1]:
            shell.type(command.line, f"({lesson.name} ")
        shell.type(lesson.solution[-1].line, f"({lesson.name} {len(lesson.goals)}/{len(lesson.goals)}) $ ")
    assert shell.seen.count("Solved. You needed ") == len(LESSONS)
    shell.type("exit", "own $ ")
    assert read_files(own) == before
    assert "mine" in shell.type("novasim list -f value -c name", "own $ ")
    assert shell.close() == 0
