"""Students who come later: `classroom add`."""

from __future__ import annotations

import pytest

from novasim.classroom import adding
from novasim.classroom.joining import join
from novasim.classroom.limiter import Limiter
from novasim.classroom.room import Room
from novasim.control.worlds import open_cloud
from novasim.records import Host, Project
from novasim.teach.lessons.errors import LessonError
from tests import each_case
from tests.cli.classroom.conftest import Teacher
from tests.cli.classroom.test_shared_lessons import read_owned, shared, solve

__all__ = ["shared"]


def redeem(teacher: Teacher, name: str, word: str) -> str:
    """The cloud of a student who joins with a word."""
    return join(Room(str(teacher.room)), Limiter(), name, word, "192.0.2.1", 0.0).cloud


def test_student_gets_a_cloud_and_a_word_and_others_stay_as_they_are(teacher: Teacher):
    teacher.play("ann", "stop web1 --wait")
    before = {name: teacher.files(name) for name in ("ann", "bob")}
    new = teacher.json("classroom add 'Dora Diaz' 'Ann Lee = lee'")
    assert [(each["full_name"], each["name"]) for each in new] == [("Dora Diaz", "dora-diaz"), ("Ann Lee", "lee")]
    assert {name: teacher.files(name) for name in before} == before
    assert redeem(teacher, "Dora Diaz", new[0]["word"]) == "dora-diaz"
    teacher.play("dora-diaz", "stop web1 --wait", "stop web1", "start web1 --wait")
    assert [set(states) for states in teacher.states().values()][3] == {"done"}
    assert [each["name"] for each in teacher.json("classroom students")] == [
        "ann",
        "bob",
        "asa-oberg",
        "dora-diaz",
        "lee",
    ]
    for path in teacher.room.rglob("*.json"):
        assert new[1]["word"] not in path.read_text("utf-8")


def test_student_who_comes_while_the_time_stands_still(teacher: Teacher):
    teacher("classroom freeze")
    teacher("classroom add Dora")
    clock = teacher.json(f"--cloud {teacher.room}/clouds/dora.json clock show")
    assert clock["mode"] == "manual", clock
    teacher("classroom thaw")
    assert teacher.json(f"--cloud {teacher.room}/clouds/dora.json clock show")["mode"] == "real"


@each_case(
    ("line", "code", "text"),
    [
        ("classroom add", 2, "Missing argument"),
        ("classroom add Ann", 6, "there is Ann (ann); for another one write 'Ann = ann-2'"),
        ("classroom add 'Eva = bob'", 6, "Bob has the cloud bob"),
        ("classroom add 'Eva = admin'", 6, "cannot be the name of a cloud"),
        ("classroom add 'Eva = ../x'", 6, "cannot be the name of a cloud"),
        ("classroom add ''", 6, "it is empty"),
        ("classroom add '#x'", 6, "begins with #"),
        ("classroom add -- --", 6, "is not a name"),
        (f"classroom add {'x' * 101}", 6, "longer than 100 characters"),
        ("classroom add Eva --room nowhere", 9, "is not a classroom"),
    ],
)
def test_bad_names_change_nothing(teacher: Teacher, line, code, text):
    before = (teacher.room / "classroom.json").read_bytes()
    assert text in " ".join(teacher(line, code).stderr.split()), line
    assert (teacher.room / "classroom.json").read_bytes() == before
    assert len(list((teacher.room / "clouds").glob("*.json"))) == 3


def test_cloud_that_cannot_be_built_adds_no_student(teacher: Teacher, monkeypatch):
    def fail(*_: object) -> None:
        raise LessonError("power.md", 1, "broken")

    monkeypatch.setattr(adding, "build_clouds", fail)
    before = (teacher.room / "classroom.json").read_bytes()
    teacher("classroom add Eva", 6)
    assert (teacher.room / "classroom.json").read_bytes() == before


def test_student_gets_a_project_with_the_lesson_in_a_shared_cloud(shared: Teacher):
    solve(shared, "power", "ann")
    before = {name: read_owned(shared, name) for name in ("ann", "bob")}
    new = shared.json("classroom add Dora Eva Flo 'Gus = g' Hal Ivo Jan Kim Lea Mia Noa")
    assert {name: read_owned(shared, name) for name in before} == before
    assert redeem(shared, "dora", new[0]["word"]) == "class"
    with open_cloud(f"{shared.room}/clouds/class.json").store.read() as tx:
        assert {project.name for project in tx.query(Project)} >= {"ann", "dora", "g", "noa"}
        assert tx.count(Host) == 4
    solve(shared, "power", "g")
    states = shared.states()
    assert set(states["g"]) == set(states["ann"]) == {"done"} != set(states["dora"])
    shared(f"--cloud {shared.room}/clouds/class.json cloud check")


@pytest.mark.parametrize("lesson", [True, False])
def test_add_again_after_a_crash_in_a_shared_cloud(shared: Teacher, monkeypatch, lesson):
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(adding, "rebuild_project" if lesson else "_enter", crash)
    shared("classroom add Dora", 130)
    assert len(shared.json("classroom status")) == 2
    monkeypatch.undo()
    monkeypatch.setenv("NOVASIM_CLASSROOM", str(shared.room))
    shared("classroom add Dora")
    solve(shared, "power", "dora")
    assert set(shared.states()["dora"]) == {"done"}
