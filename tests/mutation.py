"""
Mutation testing of the lifecycle: every rule is broken once, and the specification tests must notice.

python -m tests.mutation [FILE ...]; without names, all files of novasim/lifecycle. The mutants are made by mutmut. Each
is tried in a process of its own, forked from one that has loaded everything else; no file is touched. Ends with 1 if
fewer than LEAST percent are killed. Needs a system with fork.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib.util
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import mutmut
import pytest

import novasim.errors
import novasim.records  # noqa: F401  (loaded once for all)

ROOT = Path(__file__).parent.parent
ROOM = ROOT / "novasim" / "lifecycle"
LEAST = 90  # percent
PATIENCE = 120  # seconds; a run takes half a second
# The recordings are not everybody's; neither the settings of the other tests nor any plugins are needed.
RUN = ["-q", "-x", "--noconftest", "-p", "no:cacheprovider", "-k", "not recorded"]
LONG = ("test_checks", "test_actions")  # come last: most mutants do not live to see them


class Mutant(NamedTuple):
    """One change to one file."""

    path: Path
    id: mutmut.RelativeMutationID

    def source(self) -> str:
        """The file with the change."""
        return str(mutmut.mutate(mutmut.Context(self.path.read_text("utf-8"), self.id, filename=str(self.path)))[0])

    def shown(self) -> str:
        """The lines without the change, and with it."""
        before, after = self.path.read_text("utf-8").splitlines(), self.source().splitlines()
        changes = list(difflib.unified_diff(before, after, lineterm="", n=0))[3:]
        return "\n".join([f"{self.path.name}:{self.id.line_number + 1}", *changes])


class Importer(MetaPathFinder, Loader):
    """Gives a module another source than the one in its file."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, f"<mutant of {self.name}>", "exec"), vars(module))


def mutants(path: Path) -> list[Mutant]:
    """All that can be changed in a file, but for what says nothing."""
    silent = set()

    def look(context: mutmut.Context) -> None:
        if says_nothing(context.stack):
            silent.add(context.mutation_id_of_current_index)

    mutmut.mutmut_config = SimpleNamespace(pre_mutation_ast=look)
    found = mutmut.list_mutations(mutmut.Context(path.read_text("utf-8"), filename=str(path)))
    mutmut.mutmut_config = None
    return [Mutant(path, id) for id in found if id not in silent]


def says_nothing(nodes: Sequence[Any]) -> bool:
    """Whether no rule depends on it: annotations, and words for readers of rows and checks."""
    node, inside = nodes[-1], nodes[-2]
    if any(outer.type == "annassign" and inner is outer.children[1] for outer, inner in pairwise(nodes)):
        return True
    if node.type not in ("string", "fstring"):
        return False
    if inside.type == "strings":
        inside = nodes[-3]
    if inside.type == "argument":
        return inside.children[0].value in ("source", "requires", "remedy")
    return inside.type == "arglist" and inside.children[2] is node and _is_row(nodes[-3])


def _is_row(call: Any) -> bool:
    return bool(call.type == "trailer" and getattr(call.parent.children[0], "value", "") == "Action")


def passes(mutant: Mutant | None) -> bool:
    """Whether the tests pass in spite of a change; what cannot even be imported does not pass them."""
    files = sorted((ROOT / "tests" / "spec").glob("test_*.py"), key=lambda path: _turn(path.stem, mutant))
    if mutant:
        sys.meta_path.insert(0, Importer(f"novasim.lifecycle.{mutant.path.stem}", mutant.source()))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    signal.alarm(PATIENCE)  # ends the process: an endless loop is noticed by everybody
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return all(pytest.main([*RUN, str(path)]) == pytest.ExitCode.OK for path in files)


def _turn(name: str, mutant: Mutant | None) -> tuple[int, bool, str]:
    own = mutant is not None and name == f"test_{mutant.path.stem}" and name != LONG[-1]
    return (LONG.index(name) + 1 if name in LONG and not own else 0, not own, name)


def tried(wanted: Sequence[Mutant | None], at_once: int) -> Iterator[tuple[Mutant | None, bool]]:
    """Each with whether the tests pass, in the order in which that is found out."""
    running: dict[int, Mutant | None] = {}
    for mutant in wanted:
        if len(running) == at_once:
            yield _ended(running)
        if (child := os.fork()) == 0:
            os._exit(0 if passes(mutant) else 1)
        running[child] = mutant
    while running:
        yield _ended(running)


def _ended(running: dict[int, Mutant | None]) -> tuple[Mutant | None, bool]:
    child, status = os.wait()
    return running.pop(child), status == 0


def main(names: list[str]) -> int:
    """Try all mutants of some files or of all, print the survivors and the figures, and give the exit code."""
    if not all(passed for _, passed in tried([None], 1)):
        print("The tests must pass before anything is broken.", file=sys.stderr)
        return 2
    files = [ROOM / name for name in names] or sorted(ROOM.glob("*.py"))
    wanted = [mutant for path in files for mutant in mutants(path)]
    survivors = [mutant for mutant, passed in tried(wanted, os.cpu_count() or 1) if passed and mutant]
    for mutant in sorted(survivors, key=lambda mutant: (mutant.path, mutant.id.line_number)):
        print(mutant.shown())
    share = 100 * (len(wanted) - len(survivors)) / max(len(wanted), 1)
    print(f"{len(wanted) - len(survivors)} of {len(wanted)} mutants killed: {share:.1f} % (wanted: {LEAST} %)")
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
