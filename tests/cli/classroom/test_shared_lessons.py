"""Lessons in the projects of a shared cloud."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from novasim import manual
from novasim.classroom.projects import find_ownership
from novasim.cli.lessons.known import open_library
from novasim.control.worlds import open_cloud
from novasim.records import Host, Port
from novasim.store.documents import Tables
from tests import each_case
from tests.cli.classroom.conftest import Teacher

SHAREABLE = (
    *("first-server", "power", "reboot", "pause-suspend", "resize", "rescue", "copies", "shelve", "volumes"),
    *("microversions", "labels", "boot-from-volume"),
)


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Teacher:
    """A teacher with a shared cloud for Ann and Bob, with the lesson "power"."""
    (tmp_path / "roster.txt").write_text("Ann\nBob\n", "utf-8")
    monkeypatch.setenv("NOVASIM_CLASSROOM", str(tmp_path / "room"))
    teacher = Teacher(tmp_path / "own.json")
    teacher(f"classroom init {tmp_path}/room --students {tmp_path}/roster.txt --shared --lesson power")
    return teacher


def solve(teacher: Teacher, lesson: str, name: str) -> None:
    def run(match: re.Match[str]) -> str:
        return teacher(f"--cloud {teacher.room}/clouds/class.json --as {name} {match[1]}").stdout.strip()

    for command in open_library().find(lesson).solution:
        line = re.sub(r"\$\(novasim ([^)]*)\)", run, command.line.removeprefix("novasim "))
        teacher.play("class", f"--as {name} {line}")


def read_owned(teacher: Teacher, name: str) -> dict[str, Any]:
    """The documents of a student's project, by table and number."""
    cloud = open_cloud(f"{teacher.room}/clouds/class.json")
    with cloud.store.read() as tx:
        ownership = find_ownership(tx, name)
    tables: Tables = cloud.store.tables()
    owned = {table: {n: row for n, row in rows.items() if ownership.has(table, row)} for table, rows in tables.items()}
    owned = {table: rows for table, rows in owned.items() if rows}
    assert owned["servers"] and owned["security_groups"]
    return owned


def count_vcpus(teacher: Teacher) -> int:
    """The vCPUs that servers use on all hosts."""
    with open_cloud(f"{teacher.room}/clouds/class.json").store.read() as tx:
        return sum(host.used_vcpus for host in tx.query(Host))


def test_lessons_that_need_a_cloud_are_refused(shared: Teacher):
    refused = {}
    for lesson in open_library().lessons():
        if lesson.name not in SHAREABLE:
            refused[lesson.name] = shared(f"classroom start {lesson.name}", 2).stderr.replace("\n    ", " ")
    assert len(refused) == len(open_library().lessons()) - len(SHAREABLE)
    for name, reason in {
        "busy": "its clock is manual",
        "locks": "its solution needs an administrator (novasim --as admin stop web1 --wait)",
        "soft-delete": "its world changes the whole cloud (novasim config set reclaim_instance_interval 3600)",
    }.items():
        assert f"The lesson {name} needs a cloud for each student: {reason}." in refused[name]
    page = " ".join(Path(manual.__path__[0], "classroom.md").read_text("utf-8").split())
    assert f"{', '.join(SHAREABLE[:-1])} and {SHAREABLE[-1]}" in page
    assert shared.json("classroom status")[0]["done"] == 1  # it is still the lesson "power"


@each_case("lesson", SHAREABLE)
def test_each_student_solves_a_lesson_in_the_own_project(shared: Teacher, lesson: str):
    shared(f"classroom start {lesson}")
    at_start = shared.states()
    assert at_start["ann"] == at_start["bob"] and "open" in at_start["ann"]
    solve(shared, lesson, "ann")
    assert set(shared.states()["ann"]) == {"done"} and shared.states()["bob"] == at_start["bob"]
    solve(shared, lesson, "bob")
    assert set(shared.states()["bob"]) == {"done"}


def test_reset_of_one_student_changes_nothing_of_others(shared: Teacher):
    shared("classroom start volumes")
    begin = shared.states()["ann"]
    shared.play("class", "--as ann volume create more --size 1", "--as ann keypair create key1")
    shared.play("class", "--as ann delete web1 --wait", "--as bob suspend web1 --wait")
    others = read_owned(shared, "bob")
    used = count_vcpus(shared)
    said = shared("classroom reset ann").stdout
    assert "ann: new project; the cloud as it was is kept as" in said
    assert read_owned(shared, "bob") == others
    assert shared.states()["ann"] == begin and shared.json("classroom status")[0]["requests"] == 0
    ann = f"--cloud {shared.room}/clouds/class.json --as ann"
    assert set(shared(f"{ann} volume list -f value -c Name").stdout.split()) == {"data", "logs"}
    assert not shared(f"{ann} keypair list -f value").stdout
    assert (used, count_vcpus(shared)) == (1, 2)
    solve(shared, "volumes", "ann")
    assert set(shared.states()["ann"]) == {"done"}
    assert shared(f"--cloud {shared.room}/clouds/class.json record check").stdout.endswith("complete.\n")


def test_addresses_after_a_reset_are_of_one_server_each(shared: Teacher):
    shared("classroom reset ann")
    shared.play("class", "--as bob create web2 --flavor m1.tiny --image cirros --wait")
    with open_cloud(f"{shared.room}/clouds/class.json").store.read() as tx:
        found = [fixed["ip_address"] for port in tx.query(Port) for fixed in port.fixed_ips]
    assert len(found) == len(set(found)) == 6


def test_reset_leaves_running_tasks_of_others_alone(shared: Teacher):
    shared.play("class", "--as bob stop web1", clock="")
    shared("classroom reset ann")
    shown = shared.json(f"--cloud {shared.room}/clouds/class.json --as bob show web1")
    assert shown["OS-EXT-STS:task_state"] == "powering-off"


def test_marks_of_a_shared_cloud_have_no_proof(shared: Teacher, tmp_path: Path):
    solve(shared, "power", "ann")
    said = shared(f"classroom proof -o {tmp_path}/marks").stderr
    assert said.startswith("The marks have no proofs. In a shared cloud")
    marks = json.loads((tmp_path / "marks").read_text())["students"]
    assert [(each["goals"], each["proof"]) for each in marks] == [([1, 2, 3], None), ([1], None)]
    assert "ann has no proof. In a shared cloud" in shared(f"lesson verify {tmp_path}/marks").stdout
