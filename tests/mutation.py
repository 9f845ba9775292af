"""
Mutation testing: the rules are broken one at a time, and the tests must notice.

python -m tests.mutation [--sample N] [--seed N] [NAME ...]

NAME is a package or a module, such as lifecycle or simulation/quotas.py; without names, all packages are tested. mutmut
makes the mutants. First, all tests of a package run under coverage. Then each mutant is tested in its own process with
the tests that run its statement, the fastest first and up to BUDGET seconds of them. No file is changed. The exit code
is 1 if too few mutants of a package are killed. Needs a system with fork.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import difflib
import importlib.util
import io
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from itertools import groupby, pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import coverage
import hypothesis  # noqa: F401  (imported once, not in each process)
import mutmut
import pytest

import novasim.errors
import novasim.records  # noqa: F401

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "novasim"
BUDGET = 60  # seconds of tests, as measured without mutants
TEST_LIMIT = 20  # seconds of processor time for one test; a mutant that takes longer is in an endless loop
# Not everybody has the recordings.
OPTIONS = ["-q", "-k", "not recorded", "-p", "no:cacheprovider"]


class Package(NamedTuple):
    """
    A package of rules.

    Args:
        tests: The tests that must notice its mutants, its own ones first.
        minimum: Percent of the mutants that must be killed.
        sample: How many mutants to test by default; None for all.
    """

    tests: tuple[str, ...]
    minimum: int
    sample: int | None


PACKAGES = {
    "lifecycle": Package(("tests/spec", "tests/cases"), 90, None),
    "simulation": Package(
        ("tests/simulation", "tests/cases", "tests/api/compute", "tests/api/network", "tests/api/volume"), 65, 100
    ),
}


class Mutant(NamedTuple):
    """One change to one module."""

    path: Path
    id: mutmut.RelativeMutationID

    @property
    def line(self) -> int:
        """The number of the changed line."""
        return int(self.id.line_number) + 1

    def source(self) -> str:
        """The module with the change."""
        return str(mutmut.mutate(mutmut.Context(self.path.read_text("utf-8"), self.id, filename=str(self.path)))[0])

    def diff(self) -> str:
        """The changed lines before and after."""
        before, after = self.path.read_text("utf-8").splitlines(), self.source().splitlines()
        changes = list(difflib.unified_diff(before, after, lineterm="", n=0))[3:]
        return "\n".join([f"{self.path.relative_to(ROOT)}:{self.line}", *changes])


class Importer(MetaPathFinder, Loader):
    """Imports a module from another source than its file."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, f"<mutant of {self.name}>", "exec"), vars(module))


class Selection:
    """A pytest plugin that runs only some tests, the fastest first, and ends the process if one runs too long."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._ranks = {test: rank for rank, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._ranks]
        items.sort(key=lambda item: self._ranks[item.nodeid])

    def pytest_runtest_setup(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, TEST_LIMIT)


def list_mutants(path: Path) -> list[Mutant]:
    """All changes to a module that could break a rule."""
    ignored = set()

    def note(context: mutmut.Context) -> None:
        if is_without_meaning(context.stack):
            ignored.add(context.mutation_id_of_current_index)

    mutmut.mutmut_config = SimpleNamespace(pre_mutation_ast=note)
    ids = mutmut.list_mutations(mutmut.Context(path.read_text("utf-8"), filename=str(path)))
    mutmut.mutmut_config = None
    return [Mutant(path, id) for id in ids if id not in ignored]


def is_without_meaning(nodes: Sequence[Any]) -> bool:
    """Whether no rule depends on a node: annotations, and texts for readers of rows and checks."""
    node, inside = nodes[-1], nodes[-2]
    if any(outer.type == "annassign" and inner is outer.children[1] for outer, inner in pairwise(nodes)):
        return True
    if node.type not in ("string", "fstring"):
        return False
    if inside.type == "strings":
        inside = nodes[-3]
    if inside.type == "argument":
        return getattr(inside.children[0], "value", "") in ("source", "requires", "remedy")
    return inside.type == "arglist" and inside.children[2] is node and _is_row(nodes[-3])


def _is_row(call: Any) -> bool:
    return bool(call.type == "trailer" and getattr(call.parent.children[0], "value", "") == "Action")


class Baseline:
    """
    The tests of a package without a mutant: which lines each test runs, and how long it takes.

    Raises:
        SystemExit: The tests fail.
    """

    def __init__(self, name: str, tests: Sequence[str], folder: Path) -> None:
        file = folder / f"coverage.{name}"
        command = [sys.executable, "-m", "pytest", *OPTIONS, "-n", str(os.cpu_count()), "--durations=0", "-vv"]
        command += [f"--cov=novasim/{name}", "--cov-context=test", "--cov-report=", *tests]
        settings = {**os.environ, "CI": "1", "COVERAGE_FILE": str(file)}
        done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"The tests of {name} must pass before anything is broken:\n{done.stdout[-2000:]}")
        self._seconds: dict[str, float] = {}
        for seconds, test in re.findall(r"^(\d+\.\d+)s \w+ +(tests/.+)$", done.stdout, re.MULTILINE):
            self._seconds[test] = self._seconds.get(test, 0.0) + float(seconds)
        self._own = tests[0]
        self._data = coverage.CoverageData(str(file))
        self._data.read()

    def select_tests(self, mutant: Mutant) -> list[str]:
        """The fastest tests that run the statement of a mutant, or of all tests if that statement runs at import."""
        tests_by_line = self._data.contexts_by_lineno(str(mutant.path))
        statement = find_statement(mutant.path.read_text("utf-8"), mutant.line)
        contexts = (context for line in statement or () for context in tests_by_line.get(line, ()))
        tests = {context.rpartition("|")[0] for context in contexts} - {""} if statement else set(self._seconds)
        selected, total = [], 0.0
        for test in sorted(
            tests, key=lambda test: (not test.startswith(self._own), self._seconds.get(test, 0.0), test)
        ):
            total += self._seconds.get(test, 0.0)
            if total > BUDGET:
                break
            selected.append(test)
        return selected


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


def is_killed(mutant: Mutant, tests: Sequence[str], folder: Path) -> bool:
    """Whether a test fails with a mutant. Ends the process if a test does not end."""
    name = ".".join(mutant.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    sys.meta_path.insert(0, Importer(name, mutant.source()))
    os.environ.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", CI="1")
    options = [*OPTIONS, "-x", f"--basetemp={folder / str(os.getpid())}"]
    ranked = sorted(enumerate(tests), key=lambda pair: (pair[1].partition("::")[0], pair[0]))
    files = [[test for _, test in group] for _, group in groupby(ranked, key=lambda pair: pair[1].partition("::")[0])]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for selected in sorted(files, key=lambda selected: (selected[0].startswith("tests/api"), len(selected))):
            path = selected[0].partition("::")[0]
            if pytest.main([*options, str(ROOT / path)], plugins=[Selection(selected)]) != pytest.ExitCode.OK:
                return True
    return False


def run_all(mutants: Sequence[tuple[Mutant, list[str]]], folder: Path) -> Iterator[tuple[Mutant, bool]]:
    """Test mutants in as many processes as there are processors; yield each with whether it was killed."""
    running: dict[int, Mutant] = {}
    for mutant, tests in mutants:
        if len(running) == (os.cpu_count() or 1):
            yield _wait(running)
        if (child := os.fork()) == 0:
            killed = True
            try:
                killed = is_killed(mutant, tests, folder)
            finally:
                os._exit(int(killed))
        running[child] = mutant
    while running:
        yield _wait(running)


def _wait(running: dict[int, Mutant]) -> tuple[Mutant, bool]:
    child, status = os.wait()
    return running.pop(child), status != 0


def check_package(name: str, mutants: list[Mutant], folder: Path) -> bool:
    """Test mutants of a package, print the survivors and the share of those killed. Returns whether it is enough."""
    package = PACKAGES[name]
    baseline = Baseline(name, package.tests, folder)
    killed = 0
    for mutant, is_dead in run_all([(mutant, baseline.select_tests(mutant)) for mutant in mutants], folder):
        killed += is_dead
        if not is_dead:
            print(mutant.diff(), flush=True)
    share = 100 * killed / max(len(mutants), 1)
    print(f"{name}: {killed} of {len(mutants)} mutants killed, {share:.1f} % (minimum: {package.minimum} %)")
    return share >= package.minimum


def choose_mutants(name: str, names: Sequence[str], sample: int | None, seed: int) -> list[Mutant]:
    """The mutants of the named modules of a package; of many, a random sample that depends only on the seed."""
    paths = [path for each in names if each.split("/")[0] == name for path in _list_modules(SOURCES / each)]
    mutants = [mutant for path in paths for mutant in list_mutants(path)]
    size = PACKAGES[name].sample if sample is None else sample
    return random.Random(f"{seed} {name}").sample(mutants, size) if size and size < len(mutants) else mutants


def _list_modules(path: Path) -> list[Path]:
    return [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


def main() -> int:
    """Parse the arguments, test the mutants, and return the exit code."""
    parser = argparse.ArgumentParser(description="Break the rules one at a time. Do the tests notice?")
    parser.add_argument("names", nargs="*", default=list(PACKAGES), metavar="NAME", help="such as simulation/quotas.py")
    parser.add_argument("--sample", type=int, help="how many mutants of each package to test, 0 for all")
    parser.add_argument("--seed", type=int, default=0, help="selects the sample")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="novasim-mutation-"))
    try:
        chosen = {name: choose_mutants(name, arguments.names, arguments.sample, arguments.seed) for name in PACKAGES}
        results = [check_package(name, mutants, folder) for name, mutants in chosen.items() if mutants]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
