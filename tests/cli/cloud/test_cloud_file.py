"""The cloud file and other files that commands write: saved, loaded, exported, restored, written by two at once."""

from __future__ import annotations

import json
import os
import stat
import subprocess

import pytest

from tests.processes import novasim_command
from tests.serve.server_process import TIMEOUT


def test_cloud_is_saved_loaded_exported_and_restored(web1, tmp_path):
    web1("cloud check")
    web1("cloud save one")
    web1("delete web1 --wait")
    web1("show web1", 3)
    web1("cloud load one")
    assert web1.status() == "ACTIVE"
    web1("cloud load missing", 2)
    web1(f"cloud export {tmp_path}/copy.json")
    web1("delete web1")
    web1(f"cloud import {tmp_path}/copy.json")
    assert web1.status() == "ACTIVE"
    (tmp_path / "bad.json").write_text("{", "ascii")
    web1(f"cloud import {tmp_path}/bad.json", 9)
    assert web1.status() == "ACTIVE"
    web1("cloud restore")
    web1("cloud path")


def test_concurrent_commands_lose_no_server(tmp_path):
    path = str(tmp_path / "cloud.json")
    environment = {**os.environ, "NOVASIM_CLOCK": "instant"}
    run = [*novasim_command(), "--cloud", path, "create", "--flavor", "m1.tiny", "--image", "cirros"]
    writers = [
        subprocess.Popen([*run, f"{who}1", f"{who}2"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for who in "ab"
    ]
    for writer in writers:
        _, err = writer.communicate(timeout=TIMEOUT)
        assert writer.returncode == 0, err
    names = subprocess.run(
        [*novasim_command(), "--cloud", path, "list", "-f", "value", "-c", "Name"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert sorted(names.split()) == ["a1", "a2", "b1", "b2"]


def test_the_demo_runs(new_user):
    output = new_user("demo").stdout
    assert "VERIFY_RESIZE" in output and "SHELVED_OFFLOADED" in output and "exit code 4" in output
    assert not os.path.exists(new_user.path)


COMMANDS = ["cloud export {}", "keypair create k --private-key {}"]


@pytest.mark.parametrize("line", COMMANDS)
def test_new_file_is_private(web1, tmp_path, line):
    path = tmp_path / "new"
    web1(line.format(path))
    assert path.stat().st_size > 100
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("line", COMMANDS)
def test_existing_file_is_replaced_only_by_force(web1, tmp_path, line):
    path = tmp_path / "mine"
    path.write_text("mine")
    refused = web1(line.format(path), 2)
    assert f"{path} exists. Name another file, or replace it with --force." in refused.stderr
    assert path.read_text() == "mine"
    path.chmod(0o644)
    web1(line.format(path) + " --force")
    assert path.stat().st_size > 100
    assert "keypair" not in line or stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize("force", ["", " --force"])
def test_a_pipe_is_not_replaced(web1, tmp_path, line, force):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    web1(line.format(path) + force, 2)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_refused_private_key_leaves_no_key_pair(web1, tmp_path):
    (tmp_path / "mine").write_text("mine")
    web1(f"keypair create k --private-key {tmp_path}/mine", 2)
    assert web1.ids("keypair list") == []


def test_force_follows_no_link(web1, tmp_path):
    (tmp_path / "copy.json").write_text("mine")
    for name, line in (
        ("link", f"cloud export {tmp_path}/link --force"),
        ("cloud.json.saved-q", "cloud save q --force"),
    ):
        (tmp_path / name).symlink_to(tmp_path / "copy.json")
        assert "It is not a regular file" in web1(line, 2).stderr
        assert (tmp_path / name).is_symlink() and (tmp_path / "copy.json").read_text() == "mine"


@pytest.mark.parametrize("name", ["cloud.json", "link", "cloud.json.lock", "cloud.json.bak.1", "cloud.json.saved-a"])
@pytest.mark.parametrize("line", [*COMMANDS, "graph -f dot -o {}"])
def test_the_cloud_itself_is_never_replaced(web1, tmp_path, name, line):
    web1("cloud save a")
    (tmp_path / "link").symlink_to(tmp_path / "cloud.json")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert "belongs to this cloud" in web1(f"{line.format(tmp_path / name)} --force", 2).stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_export_to_standard_output(web1):
    assert json.loads(web1("cloud export -").stdout)["servers"]


def test_saved_state_is_replaced_only_by_force(web1):
    web1("cloud save one")
    refused = web1("cloud save one", 2)
    assert "The saved state 'one' exists. Choose another name, or replace it with --force." in refused.stderr
    web1("cloud save one --force")


def test_an_idle_cloud_is_valid(user, monkeypatch):
    """The time at which nothing is due is the largest number in a cloud."""
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("create web1 --flavor m1.tiny --image cirros -q")
    user("clock advance 10s")
    assert "damaged" not in user("cloud check").stdout
    user("cloud save idle")
