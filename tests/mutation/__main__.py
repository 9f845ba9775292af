"""The command: parse the arguments, test the mutants, list the survivors."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import hypothesis  # noqa: F401  (imported once, not in each process)

import novasim.errors
import novasim.records  # noqa: F401
from tests.mutation.baseline import Baseline
from tests.mutation.mutants import Mutant, list_mutants
from tests.mutation.processes import run_all

ROOT = Path(__file__).parent.parent.parent
SOURCES = Path("novasim")
BUDGET = 30  # seconds of processor time for the tests of one mutant, as measured without mutants


class Package(NamedTuple):
    """
    A package of rules.

    Args:
        tests: The tests that must notice its mutants, its own ones first.
        minimum: Percent of the mutants that must be killed.
        sample: How many mutants to test by default.
    """

    tests: tuple[str, ...]
    minimum: int
    sample: int


PACKAGES = {
    "lifecycle": Package(("tests/spec", "tests/cases"), 90, 120),
    "simulation": Package(
        ("tests/simulation", "tests/cases", "tests/api/compute", "tests/api/network", "tests/api/volume"), 75, 100
    ),
}


class Unchanged(NamedTuple):
    """A change that no test may notice."""

    path: Path

    @property
    def module(self) -> str:
        return Mutant(self.path, None).module

    def source(self) -> str:
        return self.path.read_text("utf-8")


def check_package(name: str, mutants: list[Mutant], folder: Path) -> bool:
    """
    Test mutants of a package, print the survivors and the share of those killed. Returns whether it is enough.

    Raises:
        SystemExit: The tests fail without a mutant.
    """
    package = PACKAGES[name]
    baseline = Baseline(SOURCES / name, package.tests, folder)
    plan = [(each, baseline.select_tests(each.path, each.line, BUDGET)) for each in mutants]
    _, most_tests = max(plan, key=lambda pair: sum(map(len, pair[1])))
    if any(is_dead for _, is_dead in run_all([(Unchanged(mutants[0].path), most_tests)], folder)):
        raise SystemExit(f"The tests of {name} must pass without a change in the process of a mutant, too.")
    killed = 0
    for mutant, is_dead in run_all(plan, folder):
        killed += is_dead
        if not is_dead:
            print(mutant.diff(), flush=True)
    share = 100 * killed / len(mutants)
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
    os.chdir(ROOT)
    folder = Path(tempfile.mkdtemp(prefix="novasim-mutation-"))
    try:
        chosen = {name: choose_mutants(name, arguments.names, arguments.sample, arguments.seed) for name in PACKAGES}
        results = [check_package(name, mutants, folder) for name, mutants in chosen.items() if mutants]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
