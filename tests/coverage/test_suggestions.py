"""What `coverage suggest` writes runs, and meets what was missing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from novasim.store.record_file import read_entries
from novasim.teach.coverage.items import CHECK, FAILURE, LOCK, MICROVERSION, ROLE, TASK, Item, all_items
from novasim.teach.coverage.pytest_module import write_tests
from novasim.teach.coverage.shell import write_commands
from novasim.teach.coverage.suggest import find_script, list_scripts, list_unknown
from novasim.teach.coverage.summary import MET, Coverage
from tests import IS_FULL
from tests.coverage.test_commands import ann, user  # noqa: F401
from tests.processes import forked_python, write_command


def run(line: list[str], tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, and record it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NOVASIM_")}
    write_command(tmp_path / "novasim")
    environment["PATH"] = f"{tmp_path}{os.pathsep}{environment['PATH']}"
    environment |= {"NOVASIM_RECORD": f"{tmp_path}/runs/", "TMPDIR": str(tmp_path), **variables}
    return subprocess.run(line, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=250)


def run_pytest(module: str, tmp_path: Path, *options: str) -> tuple[str, Coverage]:
    """Run a module with the plugin; what it prints, and what it has met."""
    (tmp_path / "test_missing.py").write_text(module)
    line = [*forked_python(), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "novasim.testing.plugin"]
    done = run([*line, "test_missing.py", *options], tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout, Coverage([read_entries(str(each)) for each in (tmp_path / "runs").iterdir()])


def test_suggested_tests_pass_and_reach_every_action_and_every_move(ann, tmp_path):  # noqa: F811
    (tmp_path / "empty.record").write_text('{"novasim_record":1,"first":1}\n')
    module = ann(f"coverage suggest --pytest {tmp_path / 'empty.record'}").stdout
    _, coverage = run_pytest(module, tmp_path)
    assert str(coverage.share("actions")) == "60 of 60"
    assert str(coverage.share("moves")) == "45 of 45"


def test_only_what_is_missing_is_suggested(ann):  # noqa: F811
    text = ann("coverage suggest --pytest").stdout
    assert "def test_moves_pause_from_active_to_paused(" in text
    assert "stop_from_active_to_shutoff" not in text
    assert "Did you mean failures?" in ann("coverage suggest --figures failure", code=2).stderr


def test_refusals_by_state(ann, tmp_path):  # noqa: F811
    module = ann("coverage suggest --pytest --figures refusals.state").stdout
    wanted = "tag_delete_in_shelved or evacuate_in_suspended or start_in_verify_resize"
    _, coverage = run_pytest(module, tmp_path, "-k", wanted)
    assert {str(each.item) for each in coverage.select("refusals.state", MET)} == {
        "tag-delete in SHELVED",
        "tag-delete in SHELVED_OFFLOADED",
        "evacuate in SUSPENDED",
        "start in VERIFY_RESIZE",
    }


def test_which_items_have_no_suggestion():
    without = list_unknown(item for item in all_items() if item.dimension != CHECK)
    assert {str(item) for item in without if item.source != "BUILD"} == {
        "evacuate in ACTIVE",  # only before microversion 2.95
        "evacuate in SHELVED_OFFLOADED",
        "shelve-offload of a locked server",  # only administrators may request these, and no lock stops them
        "swap-volume of a locked server",
    }
    checks = [item for item in all_items() if item.dimension == CHECK]
    assert (len(list_unknown(checks)), len(checks)) == (41, 169)


def test_suggested_tests_of_other_figures(tmp_path):
    """They pass and meet every item; by default a sample of them."""
    wanted = [item for item in all_items() if item.dimension in (FAILURE, TASK, LOCK, ROLE, MICROVERSION, CHECK)]
    wanted = [item for item in wanted if find_script(item)][:: 1 if IS_FULL else 14]
    _, coverage = run_pytest("\n".join(write_tests(list_scripts(wanted))), tmp_path)
    met = {each.item for each in coverage.results if each.state == MET}
    assert [str(item) for item in wanted if item not in met] == []


ITEMS = [
    Item("moves", "confirm-resize", "VERIFY_RESIZE", "SHUTOFF"),
    Item("moves", "evacuate", "ERROR", "ACTIVE"),
    Item("stays", "tag-replace", "PAUSED", "PAUSED"),
    Item("stays", "detach-port", "SHUTOFF", "SHUTOFF"),
    Item("stays", "remove-fixed-ip", "any status", "any status"),
    Item(FAILURE, "resize", "SHUTOFF"),
    Item(LOCK, "migrate"),
    Item(TASK, "unrescue"),
    Item(MICROVERSION, "tag-add", detail="before 2.26"),
    Item(CHECK, "swap-volume", detail="new_volume_is_large_enough"),
]


@pytest.mark.parametrize("item", ITEMS[:: 1 if IS_FULL else 3], ids=str)
def test_suggested_commands_meet_an_item(item, tmp_path):
    (tmp_path / "missing.sh").write_text("\n".join(write_commands(list_scripts([item]))))
    done = run(["sh", "-e", "missing.sh"], tmp_path)
    assert done.returncode == 0, done.stderr
    coverage = Coverage([read_entries(str(each)) for each in (tmp_path / "runs").iterdir()])
    assert item in {each.item for each in coverage.select(item.dimension, MET)}
