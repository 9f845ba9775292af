"""The part of the pytest plugin that reports the coverage of the lifecycle by the tests; also with pytest-xdist."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from novasim.errors import NovasimError
from novasim.records.entry import Entry
from novasim.store.files import RECORD
from novasim.store.record_file import read_entries
from novasim.teach.coverage.formats import FORMATS, choose_format
from novasim.teach.coverage.summary import Coverage, find_shortfalls, parse_thresholds
from novasim.teach.coverage.text import headlines

VARIABLE = "NOVASIM_RECORD"
GOAL_NOT_MET = 11  # as the exit code of `novasim coverage report --fail-under`


class CoveragePlugin:
    """
    Records all clouds of a test run, in every process, and reports what they have met.

    Args:
        file: Where to write the report; its end decides the format. "" for no report.
        fail_under: Thresholds such as "moves=80"; "" for none.
    """

    def __init__(self, file: str, fail_under: str) -> None:
        try:
            self._thresholds = parse_thresholds(fail_under) if fail_under else {}
        except NovasimError as error:
            raise pytest.UsageError(f"--novasim-fail-under: {error}") from None
        self._file, self._lines = file, list[str]()
        self._stack = ExitStack()
        self._folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="novasim-"))
        self._earlier = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = self._folder + os.sep  # processes of pytest-xdist inherit it

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the report, and fail if a threshold is not met."""
        coverage = Coverage([_read_whole_entries(file) for file in sorted(Path(self._folder).glob(f"*{RECORD}"))])
        if self._file:
            text = io.StringIO()
            FORMATS[choose_format(self._file)](coverage, text)
            Path(self._file).write_text(text.getvalue(), "utf-8")
        shortfalls = find_shortfalls(coverage, self._thresholds)
        self._lines = [*headlines(coverage), *(f"Too low: {each}." for each in shortfalls)]
        if shortfalls and not session.exitstatus:
            session.exitstatus = GOAL_NOT_MET

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the headlines, and what is too low."""
        terminalreporter.section("novasim coverage")
        for line in self._lines:
            terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        """Stop the record."""
        os.environ.pop(VARIABLE, None)
        if self._earlier is not None:
            os.environ[VARIABLE] = self._earlier
        self._stack.close()


def _read_whole_entries(file: Path) -> list[Entry]:
    """The entries of a record without the last one if the process that wrote it was killed, or is writing it."""
    with suppress(NovasimError):  # it has written nothing
        return read_entries(str(file), report=lambda _: None)
    return []
