"""Tests of mutants, each in its own process."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar

import pytest

TEST_LIMIT = 20  # seconds of processor time for one test; a mutant that takes longer is in an endless loop
# Not everybody has the recordings.
OPTIONS = ["-q", "-k", "not recorded", "-p", "no:cacheprovider"]


class Change(Protocol):
    """Another source for a module."""

    @property
    def module(self) -> str: ...

    def source(self) -> str: ...


C = TypeVar("C", bound=Change)


class Importer(MetaPathFinder, Loader):
    """Imports a module from another source than its file."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, f"<mutant of {self.name}>", "exec"), vars(module))


class Selection:
    """A pytest plugin that runs only some tests, in their order, and ends the process if one runs too long."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._ranks = {test: rank for rank, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._ranks]
        items.sort(key=lambda item: self._ranks[item.nodeid])

    def pytest_runtest_setup(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, TEST_LIMIT)


def is_killed(change: Change, batches: Iterable[Sequence[str]], folder: Path) -> bool:
    """Whether a test fails with a change. Ends the process if a test does not end."""
    sys.meta_path.insert(0, Importer(change.module, change.source()))
    os.environ.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", CI="1")
    options = [*OPTIONS, "-x", f"--basetemp={folder / str(os.getpid())}"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for tests in filter(None, batches):
            files = dict.fromkeys(test.partition("::")[0] for test in tests)
            code = pytest.main([*options, *files], plugins=[Selection(tests)])
            if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                return True
    return False


def run_all(changes: Iterable[tuple[C, list[list[str]]]], folder: Path) -> Iterator[tuple[C, bool]]:
    """
    Test changes in as many processes as there are processors; yield each with whether it was killed.

    Raises:
        RuntimeError: A module was imported before its change.
    """
    running: dict[int, C] = {}
    for change, batches in changes:
        if change.module in sys.modules:
            raise RuntimeError(f"{change.module} has been imported, so that a change has no effect")
        if len(running) == (os.cpu_count() or 1):
            yield _wait(running)
        if (child := os.fork()) == 0:
            killed = True
            try:
                killed = is_killed(change, batches, folder)
            finally:
                os._exit(int(killed))
        running[child] = change
    while running:
        yield _wait(running)


def _wait(running: dict[int, C]) -> tuple[C, bool]:
    child, status = os.wait()
    return running.pop(child), status != 0
