"""The mechanism of `make mutate`, on a package of a few lines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import IS_FULL

ROOT = Path(__file__).parent.parent

FILES = {
    "rules/__init__.py": "",
    "rules/table.py": """\
LIMITS = {"a b": 1, "[c]": 2}


def limit(name):
    return LIMITS[name]


def unlimited():
    return None
""",
    "own/test_own.py": """\
import pytest

from rules.table import limit


@pytest.mark.parametrize("name", ["a b", "[c]"])
def test_limit(name):
    assert limit(name) in (1, 2)
""",
    "others/test_others.py": """\
from time import process_time

from rules.table import LIMITS, unlimited


def test_slow():
    start = process_time()
    while process_time() < start + 0.5:
        pass
    assert LIMITS["[c]"] == 2


def test_unlimited():
    assert unlimited() is None
""",
    "run.py": """\
from pathlib import Path
from typing import NamedTuple

from tests.mutation.baseline import Baseline
from tests.mutation.processes import run_all

PATH = Path("rules/table.py")


class Change(NamedTuple):
    before: str
    after: str
    module = "rules.table"

    @property
    def line(self):
        text = PATH.read_text()
        return text[: text.index(self.before)].count(chr(10)) + 1

    def source(self):
        return PATH.read_text().replace(self.before, self.after)


if __name__ == "__main__":
    baseline = Baseline(Path("rules"), ["own", "others"], Path())
    for budget in (60, 0.4):
        for change in (
            Change('"[c]": 2', '"[c]": 1'),
            Change("LIMITS[name]", "None"),
            Change("return None", "return 0"),
            Change("{", "dict() or {"),
        ):
            tests = baseline.select_tests(PATH, change.line, budget)
            killed = [is_dead for _, is_dead in run_all([(change, tests)], Path())]
            print(change.after, [len(batch) for batch in tests], *killed, sep="; ")
""",
}


@pytest.mark.skipif(not IS_FULL, reason="make fuzz waits for the slow tests of the example")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_each_mutant_meets_the_tests_that_may_notice_it(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        '"[c]": 1; [2, 2]; True',
        "None; [2, 0]; True",
        "return 0; [0, 1]; True",
        "dict() or {; [2, 2]; False",
        '"[c]": 1; [2, 1]; False',  # the slow test is beyond the budget
        "None; [2, 0]; True",
        "return 0; [0, 1]; True",
        "dict() or {; [2, 1]; False",
    ]
