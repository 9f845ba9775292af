"""The commands of a teacher, on the folder of a classroom."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli
from tests.cli.classroom.conftest import Teacher
from tests.cli.conftest import User

SOLUTION = ("stop web1 --wait", "stop web1", "start web1 --wait")


def test_room_is_private_and_has_a_cloud_for_each_student(teacher: Teacher):
    assert stat.S_IMODE(teacher.room.stat().st_mode) == 0o700
    assert sorted(path.name for path in (teacher.room / "clouds").glob("*.json")) == [
        "ann.json",
        "asa-oberg.json",
        "bob.json",
    ]
    ids = {name: teacher(f"--cloud {teacher.room}/clouds/{name}.json list -q").stdout for name in ("ann", "bob")}
    assert ids["ann"] != ids["bob"]


def test_join_words_are_printed_once_and_not_stored(tmp_path):
    (tmp_path / "roster.txt").write_text("Ann\n", "utf-8")
    user = User(tmp_path / "own.json")
    (student,) = user.json(f"classroom init {tmp_path}/room --students {tmp_path}/roster.txt")
    new = user.json(f"classroom words ann --room {tmp_path}/room")[0]["word"]
    assert student["word"] != new
    for path in (tmp_path / "room").rglob("*.*"):
        assert student["word"] not in path.read_text("utf-8") and new not in path.read_text("utf-8")
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
    assert not user.path.exists()


@pytest.mark.parametrize("exists", [False, True])
def test_a_classroom_that_cannot_be_created_leaves_nothing(tmp_path, monkeypatch, exists):
    (tmp_path / "roster.txt").write_text("Ann\n", "utf-8")
    room, fsync = tmp_path / "room", os.fsync
    if exists:
        room.mkdir()

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    user, line = User(tmp_path / "own.json"), f"classroom init {room} --students {tmp_path}/roster.txt"
    monkeypatch.setattr(os, "fsync", fail)
    assert "cannot be created: No space left on device." in user(line, 2).stderr
    assert room.exists() is exists
    monkeypatch.setattr(os, "fsync", fsync)
    user(line)


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        ("classroom init {room} --students roster.txt", 2, "is a classroom already"),
        ("classroom init {room}/old --students roster.txt --lesson nix", 3, "There is no lesson 'nix'"),
        ("classroom init {room}/clouds --students roster.txt", 2, "is in the classroom"),
        ("classroom init {room}/a/b --students roster.txt", 2, "is in the classroom"),
        ("classroom init . --students roster.txt", 2, "is not empty"),
        ("classroom init new --students bad.txt", 6, "line 2: '--' is not a name"),
        ("classroom init new --students nowhere.txt", 2, "cannot be read"),
        ("classroom init new --students roster.txt --shared --lesson locks", 2, "needs a cloud"),
        ("classroom init http://192.0.2.7:8774 --students roster.txt", 2, "A classroom is a folder"),
        ("classroom init sqlite:lab.db --students roster.txt", 2, "A classroom is a folder"),
        ("classroom status --room new", 9, "is not a classroom"),
        ("classroom status --room http://192.0.2.7:8774", 2, "A classroom is a folder"),
        ("classroom reset nix", 3, "There is no student 'nix'"),
        ("classroom reset", 2, "either the names of students or --all"),
        ("classroom start nix", 3, "There is no lesson 'nix'"),
        ("classroom speed 0", 2, "must be above 0"),
        ("classroom run -- lesson list", 2, "is not a command that runs in every cloud"),
        ("classroom run -- cloud init --force", 2, "classroom reset --all"),
        ("classroom run -- --cloud x list", 2, "leave --cloud out"),
        ("classroom run -- nix", 2, "is not a command"),
    ],
)
def test_bad_input_changes_nothing(teacher: Teacher, monkeypatch, line, code, text):
    monkeypatch.chdir(teacher.path.parent)
    Path("roster.txt").write_text("Ann\n", "utf-8")
    Path("bad.txt").write_text("Ann\n--\n", "utf-8")
    before = {path: path.read_bytes() for path in teacher.room.rglob("*") if path.is_file() and path.suffix != ".lock"}
    assert text in teacher(line.format(room=teacher.room), code).stderr
    assert {path: path.read_bytes() for path in before} == before
    assert not Path("new").exists()


def test_only_classroom_of_the_folder_is_named(teacher: Teacher, monkeypatch):
    monkeypatch.delenv("NOVASIM_CLASSROOM", raising=False)
    monkeypatch.chdir(teacher.room.parent)
    done = CliRunner().invoke(cli, ["classroom", "status"])
    assert f"Name one with --room {teacher.room.name} or NOVASIM_CLASSROOM." in done.stderr
    monkeypatch.chdir(teacher.room / "clouds")
    assert "--room ROOM" in CliRunner().invoke(cli, ["classroom", "status"]).stderr


def test_status_shows_goals_refusals_and_when_a_student_is_stuck(teacher: Teacher):
    teacher.play("ann", *SOLUTION)
    teacher.play("bob", "start web1", "start web1")
    assert teacher.states() == {
        "ann": ["done", "done", "done"],
        "bob": ["done", "open", "open"],
        "asa-oberg": ["done", "open", "open"],
    }
    ann, bob, asa = teacher.json("classroom status")
    assert (ann["refusals"], bob["refusals"], asa["refusals"]) == (1, 2, 0)
    assert bob["most_frequent_refusal"] == "409 start in ACTIVE"
    assert bob["stuck_for"] is not None and ann["stuck_for"] is None and asa["stuck_for"] is None
    table = teacher("classroom status").stdout
    assert "| ann       | x | x | x | 3 " in table
    assert teacher("classroom status -f csv").stdout.startswith('"Student","Name","Goal 1","Goal 2","Goal 3","Done"')


def test_running_task_closes_a_goal_later(teacher: Teacher):
    teacher.play("ann", "stop web1 --wait", clock="instant")
    teacher.play("ann", "start web1", clock="")
    assert teacher.states()["ann"][0] == "not yet"


def test_unusable_cloud_is_a_problem_of_one_student(teacher: Teacher):
    (teacher.room / "clouds/bob.json").write_text("nonsense")
    found = {each["student"]: each["problem"] for each in teacher.json("classroom status")}
    assert "is damaged" in found["bob"] and found["ann"] is None


def test_missing_cloud_is_built_again_by_reset_only(teacher: Teacher):
    (cloud := teacher.room / "clouds/bob.json").unlink()
    for line in ("classroom freeze", "classroom run -- create web9 --flavor m1.tiny --image cirros"):
        assert "Build it again: novasim classroom reset bob" in teacher(line, 9).stderr
        assert not cloud.exists()
    assert "classroom reset bob" in teacher.json("classroom status")[1]["problem"]
    assert teacher("classroom reset bob").stdout.splitlines()[0] == "bob: new cloud"
    assert teacher.states()["bob"] == ["done", "open", "open"]


def test_reset_keeps_the_old_cloud_and_changes_no_other(teacher: Teacher):
    teacher.play("ann", *SOLUTION)
    others, old = {name: teacher.files(name) for name in ("bob", "asa-oberg")}, teacher.files("ann")
    done = teacher("classroom reset ann").stdout
    kept = teacher.room / "old/ann.1.json"
    assert f"kept as {kept}" in done
    assert kept.read_bytes() == old["ann.json"]
    assert Path(f"{kept}.record").read_bytes() == old["ann.json.record"]
    assert {name: teacher.files(name) for name in others} == others
    assert teacher.states()["ann"] == ["done", "open", "open"]
    assert teacher.json("classroom status")[0]["requests"] == 0
    teacher.play("ann", *SOLUTION)
    assert teacher.states()["ann"] == ["done", "done", "done"]


def test_start_gives_all_students_another_lesson(teacher: Teacher):
    teacher("classroom start first-server")
    assert teacher.states() == {name: ["open", "open"] for name in ("ann", "bob", "asa-oberg")}
    assert len(list((teacher.room / "old").glob("*.json"))) == 3


def test_run_continues_after_a_failure(teacher: Teacher):
    teacher.play("bob", "stop web1 --wait")
    done = teacher("classroom run -- stop web1", 4)
    assert [line for line in done.stdout.splitlines() if line.startswith("---")] == [
        "--- ann",
        "--- bob",
        "--- asa-oberg",
    ]
    assert "2 of 3 clouds: done. Failed: bob (exit code 4)." in done.stderr


def test_clocks_of_all_clouds(teacher: Teacher):
    assert len(teacher("classroom speed 0", 2).stderr.splitlines()) == 1
    teacher("classroom speed 10")
    teacher("classroom freeze")
    clock = teacher.json(f"--cloud {teacher.room}/clouds/ann.json clock show")
    assert (clock["mode"], clock["speed"]) == ("manual", 10)
    teacher(f"--cloud {teacher.room}/clouds/bob.json clock speed 1")
    assert teacher("classroom thaw").stdout.splitlines() == [
        "3 of 3 clouds: the clock is real.",
        "ann, asa-oberg: the time runs 10 times as fast, as it was set before.",
    ]


def test_clouds_that_are_built_while_the_class_is_frozen_stand_still(teacher: Teacher):
    teacher("classroom freeze")
    assert "stands still. It runs again after: novasim classroom thaw" in teacher("classroom reset bob").stdout
    assert "5 times as fast after 'classroom thaw'." in teacher("classroom speed 5").stdout
    assert (
        "the teacher has stopped the time"
        in teacher(f"--cloud {teacher.room}/clouds/bob.json stop web1 --wait", 7).stderr
    )
    teacher("classroom thaw")
    assert teacher.json(f"--cloud {teacher.room}/clouds/bob.json clock show")["mode"] == "real"
    assert "stands still" not in teacher("classroom start busy").stdout


def test_marks_are_verified(teacher: Teacher, tmp_path):
    teacher.play("ann", *SOLUTION)
    teacher.play("bob", "stop web1 --wait", "start web1 --wait")
    teacher("classroom freeze")
    teacher("classroom thaw")
    marks = tmp_path / "marks.json"
    teacher(f"classroom proof -o {marks}")
    assert teacher(f"lesson verify {marks}").stdout.splitlines() == [
        f"{marks}: ann has done 3 of 3 goals of power",
        f"{marks}: bob has done 2 of 3 goals of power",
        f"{marks}: asa-oberg has done 1 of 3 goals of power",
    ]
    found = json.loads(marks.read_text())
    found["students"][1]["goals"] = [1, 2, 3]
    marks.write_text(json.dumps(found))
    assert "does not fit the mark" in teacher(f"lesson verify {marks}", 11).stderr
    found["students"][1]["proof"] = found["students"][0]["proof"]
    marks.write_text(json.dumps(found))
    assert "does not fit the mark" in teacher(f"lesson verify {marks}", 11).stderr


def test_shared_cloud_has_a_project_for_each_student(tmp_path):
    (tmp_path / "roster.txt").write_text("Ann\nBob\n", "utf-8")
    user = User(tmp_path / "own.json")
    user(f"classroom init {tmp_path}/room --students {tmp_path}/roster.txt --shared")
    shared = f"--cloud {tmp_path}/room/clouds/class.json"
    user(f"{shared} --as ann create web1 --flavor m1.tiny --image cirros")
    user(f"{shared} --as bob show web1", 3)
    found = user.json(f"classroom status --room {tmp_path}/room")
    assert [each["requests"] for each in found] == [1, 0]
