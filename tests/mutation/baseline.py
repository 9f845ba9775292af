"""The tests of a package without a mutant."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import coverage

from tests.mutation.processes import OPTIONS

PLUGINS = ["xdist", "pytest_cov", "tests.mutation.timing"]


class Baseline:
    """
    Which lines of a package each test runs, and how much processor time it takes.

    Args:
        source: The folder of the package.
        tests: Files and folders of tests, the package's own first.
        folder: For temporary files.

    Raises:
        SystemExit: The tests fail.
    """

    def __init__(self, source: Path, tests: Sequence[str], folder: Path) -> None:
        times, data = folder / f"times.{source.name}", folder / f"coverage.{source.name}"
        command = [sys.executable, "-m", "pytest", *OPTIONS, "-n", str(os.cpu_count()), "--times", str(times)]
        command += [f"--cov={source}", "--cov-context=test", "--cov-report=", *tests]
        for plugin in PLUGINS:
            command += ["-p", plugin]
        settings = {**os.environ, "CI": "1", "COVERAGE_FILE": str(data), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"The tests of {source} must pass before anything is broken:\n{done.stdout[-2000:]}")
        self.seconds: dict[str, float] = json.loads(times.read_text("utf-8"))
        self._own = tests[0]
        self._data = coverage.CoverageData(str(data))
        self._data.read()

    def select_tests(self, path: Path, line: int, budget: float) -> list[list[str]]:
        """
        The tests for a changed line: those of the package itself, then the others, each the fastest first.

        They are the tests that run the statement of the line. Any test can depend on a statement outside of functions,
        which runs at import: then the tests that run the line later (a lambda), those of the package, and those that
        run the module have precedence.

        Args:
            budget: How many seconds of processor time they may take in total.
        """
        users = {number: set(map(_test_of, names)) for number, names in self._lines(path).items()}
        statement = find_statement(path.read_text("utf-8"), line)
        if statement:
            near = set().union(*(users.get(number, ()) for number in statement))
            tests = near & self.seconds.keys()
        else:
            near, tests = users.get(line, set()), set(self.seconds)
        module = set().union(*users.values())
        ranked = sorted(
            tests, key=lambda test: (test not in near, self._is_foreign(test), test not in module, self.seconds[test])
        )
        chosen = self._take(ranked, budget)
        return [[test for test in chosen if self._is_foreign(test) == foreign] for foreign in (False, True)]

    def _lines(self, path: Path) -> dict[int, list[str]]:
        return self._data.contexts_by_lineno(str(path.resolve()))

    def _is_foreign(self, test: str) -> bool:
        return not test.startswith(self._own)

    def _take(self, tests: Sequence[str], budget: float) -> list[str]:
        taken: list[str] = []
        for test in tests:
            budget -= self.seconds[test]
            if budget < 0:
                break
            taken.append(test)
        return sorted(taken, key=lambda test: self.seconds[test])


def _test_of(context: str) -> str:
    return context.rpartition("|")[0]


def find_statement(source: str, line: int) -> range | None:
    """The lines of the innermost statement around a line, without its block; None outside of functions."""
    found = None
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in (node for statement in function.body for node in ast.walk(statement)):
            if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
                block = getattr(node, "body", None)
                end = block[0].lineno - 1 if block else node.end_lineno or node.lineno
                lines = range(node.lineno, max(end, node.lineno) + 1)
                if line in lines and (found is None or len(lines) <= len(found)):
                    found = lines
    return found
