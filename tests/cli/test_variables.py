"""Environment variables that decide instead of a stored setting, or cause a refusal, are named."""

from __future__ import annotations

import os
import subprocess

import pytest

from novasim.cli.environment import ENVIRONMENT
from tests.processes import forked_python

SCENARIO = "seed: 7\nclock: manual\n"
# Variables that have no effect on answers
OF_LESSONS = {"NOVASIM_CLASSROOM", "NOVASIM_LEARNER", "NOVASIM_LESSON", "NOVASIM_LESSONS"}
WITHOUT_EFFECT = {*OF_LESSONS, "NOVASIM_PAGER", "NOVASIM_RECORD", "NOVASIM_TRACEBACK", "COLUMNS", "NO_COLOR"}

REFUSALS = {
    "NOVASIM_AS": [("nobody", "list", 3), ("demo", "migrate web1", 5), ("admin@demo", "list", 5)],
    "NOVASIM_API_VERSION": [("foo", "list", 6), ("2.999", "list", 6), ("2.5", "crash-dump web1", 3)],
    "NOVASIM_CLOCK": [("foo", "list", 2), ("instant", "clock advance 1s", 2)],
    "NOVASIM_SEED": [("foo", "cloud reset --yes", 2)],
}


def test_every_variable_is_tested_here():
    assert {*REFUSALS, *WITHOUT_EFFECT, "NOVASIM_CLOUD"} == {*ENVIRONMENT}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_names_the_variable_that_causes_it(web1, name, monkeypatch):
    for value, line, code in REFUSALS[name]:
        monkeypatch.setenv(name, value)
        assert name in web1(line, code).stderr


def test_the_error_about_a_missing_cloud_names_the_variable(user):
    user.path.unlink()
    assert "NOVASIM_CLOUD names this file; --cloud overrides it." in user("list", 9).stderr
    assert "NOVASIM_CLOUD" not in user("--cloud other.json list", 9).stderr


@pytest.mark.parametrize("option", ["--as demo migrate web1", "--api-version 2.5 crash-dump web1", "--as nobody list"])
def test_options_are_not_called_variables(web1, option, monkeypatch):
    monkeypatch.setenv("NOVASIM_AS", "admin")
    monkeypatch.setenv("NOVASIM_API_VERSION", "2.90")
    said = web1.run(option).stderr
    assert said and f"{'NOVASIM_AS' if '--as' in option else 'NOVASIM_API_VERSION'}=" not in said


def test_variables_that_decide_instead_of_a_scenario_are_named(user, tmp_path, monkeypatch):
    pytest.importorskip("yaml")
    scenario = tmp_path / "lab.yaml"
    scenario.write_text(SCENARIO)
    line = f"cloud init --force --scenario {scenario}"
    said = user(line).stderr
    assert "novasim: NOVASIM_SEED=1 overrides the seed of the scenario, 7." in said
    assert "novasim: NOVASIM_CLOCK=instant overrides the cloud's clock for this command." in said
    assert "NOVASIM_SEED" not in user(f"{line} --seed 8").stderr
    for name in ("NOVASIM_SEED", "NOVASIM_CLOCK"):
        monkeypatch.delenv(name)
    assert "NOVASIM" not in user(line).stderr
    scenario.write_text("hosts: [{name: compute1}]\n")
    monkeypatch.setenv("NOVASIM_SEED", "9")
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    assert "NOVASIM" not in user(line).stderr


@pytest.mark.skipif(not os.path.exists("/dev/stdin"), reason="needs /dev/stdin")
def test_variables_that_decide_instead_of_a_scenario_from_a_pipe_are_named(tmp_path):
    pytest.importorskip("yaml")
    variables = {"NOVASIM_CLOUD": str(tmp_path / "cloud.json"), "NOVASIM_SEED": "1", "NOVASIM_CLOCK": "instant"}
    words = [*forked_python(), "-m", "novasim", "cloud", "init", "--scenario", "/dev/stdin"]
    environment = os.environ | variables
    done = subprocess.run(words, check=True, input=SCENARIO, capture_output=True, text=True, env=environment)
    assert "NOVASIM_SEED=1 overrides the seed of the scenario, 7." in done.stderr
    assert "NOVASIM_CLOCK=instant overrides the cloud's clock for this command." in done.stderr
