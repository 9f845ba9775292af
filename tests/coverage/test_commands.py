"""The commands `coverage`."""

from __future__ import annotations

import json

import pytest

from tests.record.conftest import Recorded, user  # noqa: F401


@pytest.fixture
def ann(user: Recorded) -> Recorded:  # noqa: F811
    """A user whose record has a stop, and a refused pause."""
    user("stop web1")
    user("clock advance 30")
    user("pause web1", code=4)
    return user


def test_report(ann):
    text = ann("coverage report").stdout
    assert text.startswith("Of the lifecycle:   1 of 45 moves, 1 of 60 actions, 1 of 618 refusals\n")
    assert "Of what you use:    1 of 2 moves, 1 of 2 actions, 1 of " in text
    assert "stop in SHUTOFF" in text
    assert "no caller with the role admin" in text


def test_report_as_json(ann):
    report = json.loads(ann("coverage report -f json").stdout)
    assert report["dimensions"]["moves"] == {
        "met": 1,
        "total": 45,
        "percent": 2,
        "used": {"met": 1, "total": 2, "percent": 50},
        "out_of_reach": 14,
    }
    met = [item for item in report["items"] if item["state"] == "met"]
    assert {(item["dimension"], item["action"]) for item in met} == {
        ("actions", "stop"),
        ("moves", "stop"),
        ("refusals.state", "pause"),
    }


def test_fail_under(ann):
    assert ann("coverage report --fail-under moves=2").stderr == ""
    done = ann("coverage report --fail-under moves=3,actions.used=50", code=11)
    assert done.stderr == "novasim: Coverage is too low: moves: 1 of 45 (2 %), and 3 % are required.\n"
    assert "Did you mean moves?" in ann("coverage report --fail-under movs=3", code=2).stderr


def test_report_in_a_file(ann, tmp_path):
    file = tmp_path / "coverage.txt"
    assert ann(f"coverage report -o {file}").stdout == ""
    assert file.read_text() == ann("coverage report").stdout
    assert "exists" in ann(f"coverage report -o {file}", code=2).stderr


def test_records_of_several_processes(ann, tmp_path, monkeypatch):
    folder = tmp_path / "runs"
    monkeypatch.setenv("NOVASIM_RECORD", f"{folder}/")
    ann("record stop")
    ann("start web1")
    ann("clock advance 30")
    monkeypatch.delenv("NOVASIM_RECORD")
    assert "1 of 45 moves, 1 of 60 actions" in ann(f"coverage report {folder}").stdout
    assert "2 of 45 moves, 2 of 60 actions" in ann(f"coverage report {folder} {ann.record}").stdout


def test_no_record(ann, tmp_path):
    ann.record.unlink()
    assert "novasim record start" in ann("coverage report", code=9).stderr
    assert f"NOVASIM_RECORD={tmp_path} COMMAND" in ann(f"coverage report {tmp_path}", code=2).stderr


@pytest.fixture
def other(ann, tmp_path, monkeypatch):
    """Another record: the server is started."""
    path = tmp_path / "other.record"
    monkeypatch.setenv("NOVASIM_RECORD", str(path))
    ann("record stop")
    ann("start web1")
    ann("clock advance 30")
    monkeypatch.delenv("NOVASIM_RECORD")
    return path


def test_combined_records_have_met_what_each_of_them_has_met(ann, other, tmp_path):
    file = tmp_path / "all.record"
    ann(f"coverage combine {ann.record} {other} -o {file}")
    assert ann(f"coverage report {file}").stdout == ann(f"coverage report {ann.record} {other}").stdout
    assert "2 of 45 moves" in ann(f"coverage report {file}").stdout
    assert "exists" in ann(f"coverage combine {other} -o {file}", code=2).stderr


def test_differences(ann, other):
    found = json.loads(ann(f"coverage diff {ann.record} {other} -f json").stdout)
    assert {(each["change"], each["dimension"], each["action"]) for each in found} == {
        ("lost", "actions", "stop"),
        ("lost", "moves", "stop"),
        ("lost", "refusals.state", "pause"),
        ("gained", "actions", "start"),
        ("gained", "moves", "start"),
    }
    assert json.loads(ann(f"coverage diff {other} {other} -f json").stdout) == []
