"""
A pytest plugin that writes how much processor time each test takes: --times FILE.

pytest's own list leaves out fast tests, and its times depend on what else the machine does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

NAME = "processor time"


class Clock:
    """Adds the processor time of a test, of its fixtures and of its child processes to its last report."""

    def __init__(self) -> None:
        self._start = 0.0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._start = sum(os.times()[:4])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when == "teardown":
            report.user_properties.append((NAME, sum(os.times()[:4]) - self._start))
        return report


class Times:
    """Writes the seconds of each test into a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seconds: dict[str, object] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == NAME:
                self._seconds[report.nodeid] = value

    def pytest_sessionfinish(self) -> None:
        self._path.write_text(json.dumps(self._seconds), "utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--times", type=Path, help="the file to write")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Clock())
    if config.option.times and not hasattr(config, "workerinput"):  # the workers of xdist report to their controller
        config.pluginmanager.register(Times(config.option.times))
