"""Damaged lesson files: an error with a line number, or a proof; never an exception, never another process."""

from __future__ import annotations

import random
import subprocess
from importlib.resources import files

import pytest

from novasim.devtools.lesson_page import EXAMPLE
from novasim.teach.lessons.errors import LessonError
from novasim.teach.lessons.prover import prove
from tests.teach.lessons.conftest import IS_FULL, LESSONS, parse

ROUNDS = 100 if IS_FULL else 15
TEXTS = (
    [EXAMPLE]
    if not IS_FULL
    else [EXAMPLE, *((files("novasim.teach.lessons") / x.path).read_text("utf-8") for x in LESSONS.values())]
)
PIECES = (
    *(
        "# ",
        "## World",
        "## Wrong: x",
        "- ",
        "`",
        "``",
        "Open then: 1, 99",
        "    ",
        "! ",
        "\t",
        "\0",
        "\u2028",
        "\ufeff",
    ),
    *(
        "novasim ",
        "$(novasim list)",
        "$(",
        "'",
        '"',
        "\\",
        "; rm -rf x",
        "| sh",
        "../../etc/passwd",
        "web1",
        "=",
        "!=",
        "|",
    ),
    *(
        "999999999999999999999999",
        "-1",
        "\u0663",
        "status=ACTIVE",
        "count servers >= 1",
        "refused web1 stop 409",
        "é",
        "🦊",
    ),
)


def damage(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(text) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:place] + chance.choice(PIECES) + text[place:]
        elif kind == 1:
            text = text[:place] + text[place + chance.randint(1, 40) :]
        elif kind == 2:
            lines = text.split("\n")
            chance.shuffle(lines) if chance.random() < 0.1 else lines.insert(0, lines.pop(chance.randrange(len(lines))))
            text = "\n".join(lines)
        else:
            text = text[:place] + text[max(0, place - 60) :]
    return text


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_damaged_file_is_proven_or_refused_with_a_line(number, runner, monkeypatch):
    def no_process(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", no_process)
    monkeypatch.setattr("os.system", no_process)
    for seed in range(ROUNDS):
        text = damage(TEXTS[number], random.Random(f"{number} {seed}"))
        try:
            findings = prove(parse(text), runner)
        except LessonError as error:
            assert 1 <= error.number <= len(text.splitlines()) + 1, (seed, error)
            continue
        assert all(finding.number >= 1 for finding in findings), seed
        assert "Traceback" not in runner.errors and "internal error" not in runner.errors, (seed, runner.errors)
