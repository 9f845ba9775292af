"""Backups at the command line: kept by every command that replaces a state, listed, and restored."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest

from tests.processes import forked_python

REPLACE = ["cloud reset --yes", "cloud init --force", "cloud load one", "cloud import {copy}", "cloud restore"]


@pytest.mark.parametrize("line", REPLACE)
def test_a_command_that_replaces_a_state_keeps_it_and_says_where(web1, tmp_path, line):
    web1("cloud save one")
    web1(f"cloud export {tmp_path}/copy.json")
    web1("stop web1 --wait")
    before = web1.path.read_bytes()
    done = web1(line.format(copy=tmp_path / "copy.json"))
    assert "The replaced state is kept as cloud.json.bak.1." in done.stderr
    assert (tmp_path / "cloud.json.bak.1").read_bytes() == before
    assert web1.path.read_bytes() != before


def test_two_resets_in_a_row_do_not_lose_the_cloud(web1):
    web1("cloud reset --yes")
    web1("cloud reset --yes")
    web1("show web1", 3)
    web1("cloud restore 2")
    assert web1.status() == "ACTIVE"


@pytest.mark.parametrize("line", ["cloud reset --yes", "cloud init --force"])
def test_a_damaged_cloud_is_kept_and_can_be_replaced(web1, line):
    web1.path.write_text("ruined")
    web1(line)
    web1("cloud check")
    assert (web1.path.parent / "cloud.json.bak.1").read_text() == "ruined"


def test_restore_lists_the_backups_and_takes_the_newest_good_one(web1):
    web1("stop web1 --wait")
    backup = web1.path.parent / "cloud.json.bak.1"
    backup.rename(backup.with_name("cloud.json.bak.2"))
    backup.write_text("")
    done = web1("cloud restore")
    title, first, second, _ = done.stderr.splitlines()
    assert title == "Backups before this, the newest first:"
    assert first.split("  ")[1] == "cloud.json.bak.1"
    assert first.endswith(f"Z  Cloud file {backup} is damaged: it is empty.")
    assert second.startswith("  cloud.json.bak.2  20") and second.endswith("Z  restored")
    assert f"Restored from {backup.with_name('cloud.json.bak.2')}, made at 20" in done.stdout
    web1("cloud restore 9", 2)


def test_saves_lists_saved_states_and_backups(web1):
    web1("cloud save one")
    web1("cloud reset --yes")
    listed = web1.json("cloud saves")
    assert {(each["name"], each["kind"], each["problem"]) for each in listed} >= {
        ("one", "saved", ""),
        ("cloud.json.bak.1", "backup", ""),
    }
    times = [each["time"] for each in listed]
    assert times == sorted(times, reverse=True)
    assert web1.json("cloud saves")[0].keys() == {"name", "kind", "time", "problem"}


def test_an_unusable_file_is_itself_blamed(web1, tmp_path):
    (tmp_path / "bad.json").write_text("{")
    said = web1(f"cloud import {tmp_path}/bad.json", 9).stderr
    assert f"Cloud file {tmp_path}/bad.json is damaged: it ends in the middle, in line 1." in said
    assert "This cloud is unchanged." in said
    assert "restore" not in said


UNUSABLE = {
    "empty": b"",
    "text": b"once upon a time\n",
    "binary": bytes(range(256)),
    "foreign": b'{"_default": {"1": {"char": "x"}}}',
    "a folder": None,
    "truncated": lambda good: good[: len(good) // 2],
    "newer": lambda good: re.sub(rb'"format": ?\d+', b'"format":999', good),
    "damaged": lambda good: good.replace(b'"vm_state":"active"', b'"vm_state":"flying"'),
}


@pytest.mark.parametrize("name", UNUSABLE)
@pytest.mark.parametrize("command", ["cloud import {bad}", "cloud load bad", "cloud restore 1"])
def test_an_unusable_file_is_itself_blamed_and_the_cloud_is_not(web1, tmp_path, name, command):
    paths = {"import": tmp_path / "bad.json", "load": tmp_path / "cloud.json.saved-bad"}
    bad = paths.get(command.split()[1], tmp_path / "cloud.json.bak.1")
    content, before = UNUSABLE[name], web1.path.read_bytes()
    bad.unlink(missing_ok=True)
    if content is None:
        bad.mkdir()
    else:
        bad.write_bytes(content(before) if callable(content) else content)
    assert content is None or bad.read_bytes() != before
    done = web1.run(command.format(bad=bad))
    assert done.exit_code in (2, 9), done.stderr
    assert str(bad) in done.stderr
    assert not re.search("restore|--cloud|cloud check", done.stderr)
    assert web1.path.read_bytes() == before
    assert str(bad) in web1.run("cloud saves").stdout or "import" in command


def test_the_remedy_for_a_damaged_cloud_names_this_cloud(web1, tmp_path):
    (tmp_path / "other.json").write_text("{")
    said = web1(f"--cloud {tmp_path}/other.json list", 9).stderr
    assert f"'novasim --cloud {tmp_path}/other.json cloud restore' brings back the last backup." in said


def test_init_names_the_cloud_that_exists(web1):
    said = web1("cloud init", 2).stderr
    assert f"The cloud {web1.path} already exists. --force replaces it and keeps a backup." in said
    assert web1.status() == "ACTIVE"


KILLED = """
import os, signal
from novasim.cli.main import main
replace = os.replace
def deadly(old, new):
    os.kill(os.getpid(), signal.SIGKILL) if new.endswith("/cloud.json") else replace(old, new)
os.replace = deadly
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")
def test_a_killed_reset_leaves_no_folder(web1):
    before = web1.path.read_bytes()
    words = [*forked_python(), "-c", KILLED, "--cloud", str(web1.path), "cloud", "reset", "--yes"]
    done = subprocess.run(words, env=os.environ, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert [entry.name for entry in web1.path.parent.iterdir() if entry.is_dir()] == []
    assert web1.path.read_bytes() == before
    web1("cloud reset --yes")
    left = {entry.name for entry in web1.path.parent.iterdir()}
    assert left <= {"cloud.json", "cloud.json.lock", *(f"cloud.json.bak.{number}" for number in range(1, 6))}
