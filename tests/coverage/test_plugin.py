"""The options of the pytest plugin, with and without pytest-xdist."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.coverage.test_suggestions import run
from tests.processes import forked_python

MODULE = """
import pytest

@pytest.mark.parametrize("action", ["stop", "pause", "suspend"])
def test_action(novasim_cloud, action):
    getattr(novasim_cloud.servers.create("web1", "m1.tiny", "cirros"), action)()
"""
KILLED = """

def test_process_that_is_killed():
    folder = pathlib.Path(os.environ["NOVASIM_RECORD"])
    (folder / "0.record").write_text("")
    (folder / "1.record").write_text('{"novasim_record":1}' + chr(10) + '{"kind":"req')
"""


PLUGINS = ("-p", "novasim.testing.plugin", "-p", "xdist.plugin")  # all others take 0.4 s to import


def run_plugin(
    tmp_path: Path, *options: str, plugins: tuple[str, ...] = PLUGINS, autoload: str = "1"
) -> tuple[int, str]:
    """Run three tests with these options; the exit code and the output."""
    (tmp_path / "test_it.py").write_text(MODULE)
    python = (sys.executable,) if autoload == "" else forked_python()
    line = [*python, "-m", "pytest", "-p", "no:cacheprovider", *plugins, "test_it.py", *options]
    done = run(line, tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD=autoload)
    return done.returncode, done.stdout + done.stderr


def test_records_of_killed_processes_are_read_as_far_as_they_are_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.coverage.test_plugin.MODULE", "import os, pathlib\n" + MODULE + KILLED)
    code, text = run_plugin(tmp_path, "-n", "0", "--novasim-fail-under=moves=11")
    assert code == 0, text


@pytest.mark.parametrize("processes", ["0", "2"])
def test_all_processes_are_in_the_report(tmp_path, processes):
    code, text = run_plugin(tmp_path, "-n", processes, "--novasim-coverage=out.json", "--novasim-fail-under=moves=11")
    assert code == 0, text
    assert "Of the lifecycle:   5 of 45 moves, 4 of 60 actions" in text
    report = json.loads((tmp_path / "out.json").read_text())
    assert {item["action"] for item in report["items"] if item["state"] == "met"} == {
        "create",
        "stop",
        "pause",
        "suspend",
    }


def test_a_threshold_that_is_not_met_fails_the_run(tmp_path):
    code, text = run_plugin(tmp_path, "--novasim-fail-under=moves=12")
    assert (code, "Too low: moves: 5 of 45 (11 %), and 12 % are required." in text) == (11, True)


def test_an_invalid_threshold_is_wrong_usage(tmp_path):
    code, text = run_plugin(tmp_path, "--novasim-fail-under=turns=12")
    assert (code, "There is no figure 'turns'" in text) == (4, True)


def test_without_options_nothing_is_recorded(tmp_path):
    code, text = run_plugin(tmp_path, "-k", "stop", plugins=(), autoload="")  # as it is installed
    assert (code, "novasim coverage" in text) == (0, False)
