"""The cloud file: saved, loaded, exported, restored, and written by two commands at once."""

from __future__ import annotations

import os
import subprocess
import sys


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
    run = [sys.executable, "-m", "novasim", "--cloud", path, "create", "--flavor", "m1.tiny", "--image", "cirros"]
    writers = [
        subprocess.Popen([*run, f"{who}1", f"{who}2"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for who in "ab"
    ]
    for writer in writers:
        _, err = writer.communicate(timeout=60)
        assert writer.returncode == 0, err
    names = subprocess.run(
        [sys.executable, "-m", "novasim", "--cloud", path, "list", "-f", "value", "-c", "Name"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert sorted(names.split()) == ["a1", "a2", "b1", "b2"]


def test_the_demo_runs(user):
    output = user("demo").stdout
    assert "VERIFY_RESIZE" in output and "SHELVED_OFFLOADED" in output and "exit code 4" in output
    assert not os.path.exists(user.path)
