"""novasim agrees with what was recorded from Nova."""

from __future__ import annotations

import os
import pickle
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from novasim.devtools.exactness import AREAS
from tests import IS_FULL, extent
from tests.conformance import differences, runner
from tests.conformance.__main__ import main
from tests.conformance.figures import figures_of, read_figures
from tests.conformance.tally import Tally

SAMPLES = Path(__file__).parent / "conformance" / "samples"
OWN = ["walks.json", "whole_walks.json"]

# Steps of each file. Every step agrees or has a listed difference.
RECORDED = {
    "traces_train.json": 3493,
    "matrix_settled.json": 4556,
    "matrix_task.json": 17883,
    "validation_train.json": 515,
    "queries_train.json": 214,
    "views.json": 366,
}

# Files with whole answers: the steps, and how many may differ without being listed. Lower the second number with each
# change that makes more steps agree. It never rises.
WHOLE = {
    "attachments.json": (379, 0),
    "flavors.json": (652, 0),
    "infrastructure.json": (1315, 0),
    "instance_actions.json": (532, 0),
    "interfaces.json": (369, 0),
    "keypairs.json": (483, 0),
    "lists.json": (1154, 0),
    "managers.json": (450, 0),
    "metadata_and_tags.json": (295, 0),
    "methods.json": (265, 0),
    "migrations.json": (601, 0),
    "multi_create.json": (495, 0),
    "resets.json": (1106, 0),
    "server_groups.json": (427, 0),
    "usage_and_quotas.json": (599, 0),
    "volume_backed.json": (603, 0),
    "walks.json": (2880, 0),
}
# `make test` replays every nth walk, cell or task_state of these files, `make fuzz` all.
LONG = {"traces_train.json": 24, "matrix_settled.json": 14, "matrix_task.json": 36, "more/walks.json": 18}
EVERY: dict[str, int] = extent({f"more/{name}": 7 for name in WHOLE} | LONG, {})
OVER_HTTP = ["queries_train.json"]
IN_SQLITE = [name for name in RECORDED if not name.startswith("matrix")] + [f"more/{name}" for name in WHOLE]
MOST_LISTED = 0.02  # of the steps of a file
MOST_BEHIND = 0.0  # of the steps of a file: by how much the page about accuracy may show too few that agree
STALE = "the figures of the page about accuracy are stale: run make figures"


@pytest.fixture(scope="module")
def recorded(shared) -> Callable[[str], Tally]:
    """The result of a recorded file, which is replayed once."""
    return cache(lambda name: runner.replay_file(shared / "nova-facts" / name, every=EVERY.get(name, 1)))


@pytest.fixture(scope="module")
def used_rows(recorded, tmp_path_factory) -> Callable[[str], list[differences.Row]]:
    """The listed differences that a recorded file needs. Workers of pytest-xdist share what they have replayed."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def read_rows(name: str) -> list[differences.Row]:
        path = folder / f"{name}.rows"
        if not path.exists():
            new = path.with_name(f"{name}.{os.getpid()}")
            new.write_bytes(pickle.dumps(list(recorded(name).used)))
            new.replace(path)
        rows: list[differences.Row] = pickle.loads(path.read_bytes())
        return rows

    return read_rows


@pytest.mark.parametrize("name", OWN)
def test_own_walks_agree(capsys, name):
    assert main([str(SAMPLES / name)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "listed differences: 0"
    agree, steps = re.fullmatch(r"agree (\d+) of (\d+) steps", lines[-1]).groups()
    assert agree == steps and int(steps) >= 30


@pytest.mark.parametrize("name", OWN)
def test_own_walks_agree_over_http(capsys, name):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    assert main([str(SAMPLES / name), "--http", "--quiet"]) == 0
    agree, steps = re.search(r"agree (\d+) of (\d+) steps\n$", capsys.readouterr().out).groups()
    assert agree == steps and int(steps) >= 30


@pytest.mark.parametrize("name", extent(OVER_HTTP, [*OVER_HTTP, "validation_train.json", "traces_train.json"]))
def test_recorded_requests_have_the_same_answers_over_http(shared, capsys, name):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    assert main([str(shared / "nova-facts" / name), "--http", "--quiet"]) == 0
    assert f"of {RECORDED[name]} steps" in capsys.readouterr().out


def test_own_walks_agree_in_sqlite(capsys):
    assert main([*(str(SAMPLES / name) for name in OWN), "--sqlite", "--quiet"]) == 0
    assert re.search(r"agree (\d+) of \1 steps\n$", capsys.readouterr().out)


@pytest.mark.skipif(not IS_FULL, reason="make fuzz replays recorded files in SQLite databases")
@pytest.mark.parametrize("name", IN_SQLITE)
def test_recorded_answers_agree_in_sqlite(shared, name):
    """Nothing differs that is not listed."""
    assert main([str(shared / "nova-facts" / name), "--sqlite", "--quiet"]) == 0


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_answers_agree(recorded, used_rows, name):
    """Only listed differences are found, and nothing is left out."""
    tally = recorded(name)
    assert tally.notes == []
    assert tally.disagreements == []
    check_steps(name, tally, RECORDED[name])
    check_figures(name, tally)
    used_rows(name)


@pytest.mark.parametrize("name", WHOLE)
def test_recorded_whole_answers_agree(recorded, name):
    """No more steps differ than before, and few are excused."""
    tally = recorded(f"more/{name}")
    steps, most = WHOLE[name]
    assert tally.notes == []
    check_steps(f"more/{name}", tally, steps)
    assert len(tally.disagreements) <= most, "\n".join(map(str, tally.disagreements[:20]))
    assert tally.listed <= MOST_LISTED * steps
    check_figures(name, tally)


def check_steps(path: str, tally: Tally, steps: int) -> None:
    """Check that no step of a file was left out, or only those of other walks or task_states."""
    every = EVERY.get(path, 1)
    assert tally.steps == steps if every == 1 else tally.steps > steps / every * 0.9


def check_figures(name: str, tally: Tally) -> None:
    """Check the committed figures: they never claim too much, and lag behind by a few steps at most."""
    if {name, f"more/{name}"} & set(EVERY):
        return
    committed, present = read_figures()[name], figures_of(tally)
    assert committed["steps"] == present["steps"], STALE
    behind = present["agree"] - committed["agree"]
    assert 0 <= behind <= MOST_BEHIND * present["steps"], STALE


def test_the_page_about_accuracy_has_every_recorded_file():
    assert set(AREAS) == set(RECORDED) | set(WHOLE) == set(read_figures())


@pytest.mark.skipif(not IS_FULL, reason="make fuzz replays all recorded files")
def test_every_listed_difference_is_needed(used_rows):
    """Rows on walks repeat what the matrix shows, and need no walk of their own."""
    used = {row for name in RECORDED for row in used_rows(name)}
    assert [row for row in differences.read_table() if row not in used and row.file != "walks"] == []
