"""What students, the board and other commands of the teacher do while clouds are replaced."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from novasim.classroom.building import build_clouds, rebuild_projects
from novasim.classroom.errors import RoomError
from novasim.classroom.room import Room, Student
from novasim.cli.lessons.workplace import home
from novasim.control.clock import describe_clock
from novasim.control.worlds import open_cloud
from novasim.store.record_file import read_entries
from tests.cli.classroom.conftest import Teacher
from tests.cli.conftest import User


def fail_after(monkeypatch: pytest.MonkeyPatch, check: Callable[[], object]) -> list[str]:
    """Check after each change of names; returns the names of the calls."""
    calls = list[str]()

    def checked(name: str) -> None:
        call = getattr(os, name)

        def call_and_check(*arguments: Any, **options: Any) -> Any:
            result = call(*arguments, **options)
            calls.append(name)
            check()
            return result

        monkeypatch.setattr(os, name, call_and_check)

    for name in ("replace", "unlink", "link", "rename"):
        checked(name)
    return calls


def change(room: Path, **fields: Any) -> None:
    other = Room(str(room))
    with other.changing():
        other.content = other.content._replace(**fields)


def build(room: Path, meanwhile: Callable[[], object]) -> None:
    """Build Bob's cloud again. Something else happens before it is put in its place."""
    own = Room(str(room))

    def list_students() -> Iterator[Student]:
        yield own.find_student("bob")
        meanwhile()

    build_clouds(own, list_students(), None, lambda *_: 0)


def test_readers_find_cloud_and_record_at_any_moment(teacher: Teacher, monkeypatch):
    path = str(teacher.room / "clouds" / "bob.json")
    teacher.play("bob", "stop web1")
    with monkeypatch.context() as patch:
        calls = fail_after(patch, lambda: (os.stat(path), read_entries(f"{path}.record")))
        teacher("classroom reset bob")
        assert len(calls) > 5
    assert (teacher.room / "old" / "bob.1.json.record").exists()


def test_readers_find_the_record_of_a_lesson_at_any_moment(teacher: Teacher, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    teacher("lesson start power")
    path = os.path.join(home(), "power", "cloud.json")
    with monkeypatch.context() as patch:
        calls = fail_after(patch, lambda: (os.stat(path), read_entries(f"{path}.record")))
        teacher("lesson reset power")
        assert len(calls) > 3


def test_what_a_killed_reset_left_is_removed(teacher: Teacher):
    (teacher.room / "clouds" / ".new-bob.json").mkdir()
    (teacher.room / "clouds" / ".new-bob.json" / "bob.json.record").write_text("half")
    teacher("classroom reset bob")
    assert not list((teacher.room / "clouds").glob(".new-*"))


def test_a_cloud_that_was_built_before_the_class_was_frozen_stands_still(teacher: Teacher):
    path = teacher.room / "clouds" / "bob.json"
    build(teacher.room, lambda: None)
    assert describe_clock(open_cloud(path))["mode"] == "real"
    build(teacher.room, lambda: change(teacher.room, is_frozen=True))
    assert describe_clock(open_cloud(path))["mode"] == "manual"


def test_a_cloud_of_an_earlier_lesson_does_not_replace_that_of_the_next(teacher: Teacher):
    before = teacher.files("bob")
    with pytest.raises(RoomError, match="The lesson of the classroom has changed meanwhile"):
        build(teacher.room, lambda: change(teacher.room, lesson="busy.md"))
    assert teacher.files("bob").keys() - before.keys() <= {"bob.json.lock"}
    assert {name: teacher.files("bob")[name] for name in before} == before


def test_two_copies_of_a_shared_cloud_have_names_of_their_own(tmp_path, monkeypatch):
    (tmp_path / "roster.txt").write_text("Ann\n")
    User(tmp_path / "own.json")(f"classroom init {tmp_path}/room --students {tmp_path}/roster.txt --shared")
    room = Room(str(tmp_path / "room"))
    other = tmp_path / "room" / "old" / "class.1.json"
    link = os.link

    def create_meanwhile(source: str, target: str) -> None:
        other.write_text("{}")
        link(source, target)

    monkeypatch.setattr(os, "link", create_meanwhile)
    assert rebuild_projects(room, room.students, None, lambda *_: 0) == str(other.with_name("class.2.json"))
    assert other.read_text() == "{}"
