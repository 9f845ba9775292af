"""How far each student is: goals, hints and refusals."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from novasim.classroom.names import SHARED_CLOUD
from novasim.classroom.projects import open_project
from novasim.classroom.room import Progress, Room, Student
from novasim.cloud import Cloud
from novasim.control.worlds import open_cloud
from novasim.errors import CloudFileError
from novasim.records import entry as recorded
from novasim.records.entry import drop_earlier_clouds
from novasim.store.files import RECORD, version_of
from novasim.store.record_file import read_entries
from novasim.teach.lessons.copies import evaluate_goals
from novasim.teach.lessons.entries import read_record
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.status import DONE, GoalStatus

RESET = "classroom reset"  # with the name of a student, in the record: the project of the student begins again


class StudentStatus(NamedTuple):
    """
    How far a student is.

    Args:
        goals: The status of each goal; empty without a lesson, and if the cloud cannot be used.
        stuck_since: When a goal was last done, or the first request was sent, in seconds since the epoch (real time);
            None if all goals are done, or there was no request.
        refusals: The refused requests, as (action, code, status or task before it), and how often.
        problem: Why the cloud cannot be used, or "".
    """

    student: Student
    goals: Sequence[GoalStatus] = ()
    hints: int = 0
    stuck_since: float | None = None
    requests: int = 0
    refusals: Counter[tuple[str, int, str]] = Counter()
    problem: str = ""

    @property
    def done(self) -> int:
        """How many goals are done."""
        return sum(each.state == DONE for each in self.goals)


def find_class_status(room: Room, lesson: Lesson | None) -> list[StudentStatus]:
    """The status of all students. What is newly done is kept in the classroom."""
    return [find_student_status(room, student, lesson) for student in room.students]


def find_student_status(room: Room, student: Student, lesson: Lesson | None) -> StudentStatus:
    """The status of a student. A cloud that cannot be used is a status, too."""
    try:
        return _look(room, student, lesson)
    except CloudFileError as error:
        return StudentStatus(student, problem=str(error))


def _look(room: Room, student: Student, lesson: Lesson | None) -> StudentStatus:
    entries = read_own_entries(room, student)
    requests = [each for each in entries if each.kind == "request"]
    progress = room.get_progress(student.name)
    cloud = open_student_cloud(room, student)
    goals = evaluate_goals(cloud, lesson, read_record(entries))[0] if lesson else []
    if lesson:
        progress = _keep_progress(room, student, goals, requests)
    is_done = bool(goals) and all(each.state == DONE for each in goals)
    began = requests[0].wall if requests else None
    return StudentStatus(
        student,
        goals,
        progress.hints,
        None if is_done or not (lesson and requests) else progress.changed or began,
        len(requests),
        Counter(_describe_refusal(each) for each in requests if each.is_refusal),
    )


def read_own_entries(room: Room, student: Student) -> list[recorded.Entry]:
    """The entries of a student since the cloud, or the project in a shared cloud, was built."""
    path = room.cloud_path(student.name) + RECORD
    if not room.content.is_shared:
        return _read_entries(path)
    return _select_entries(_read_shared_entries(path, version_of(path)), student.name)


def _read_entries(path: str) -> list[recorded.Entry]:
    return drop_earlier_clouds(read_entries(path, report=lambda _: None))


@lru_cache(maxsize=1)
def _read_shared_entries(path: str, version: object) -> list[recorded.Entry]:
    """The entries of the class, which are read once for all students while the file has not changed."""
    return _read_entries(path)


def _select_entries(entries: Sequence[recorded.Entry], name: str) -> list[recorded.Entry]:
    """The requests from the project of a student since its last new beginning, and what happened to its servers."""
    begin = f"{RESET} {name}"
    start = max((place for place, each in enumerate(entries, 1) if each.action == begin), default=0)
    own = [each for each in entries[start:] if each.user and each.user.get("project") == name]
    servers = {each.server for each in own if each.server}
    return [
        each
        for each in entries[start:]
        if (each.user and each.user.get("project") == name) or (each.kind == "event" and each.server in servers)
    ]


def open_student_cloud(room: Room, student: Student) -> Cloud:
    """
    The cloud of a student; in a shared cloud, a copy of what the student's project sees.

    Raises:
        CloudFileError: it cannot be used.
    """
    path = room.cloud_path(student.name)
    if not room.content.is_shared:
        return open_existing(path)
    require_cloud(path)
    return open_project(_open_shared(path, version_of(path)), student.name)


@lru_cache(maxsize=1)
def _open_shared(path: str, version: object) -> Cloud:
    """The shared cloud, which is read once for all students while the file has not changed."""
    cloud = open_existing(path)
    cloud.store.tables()
    return cloud


def open_existing(path: str) -> Cloud:
    """Open the cloud of a student that exists; otherwise raise CloudFileError, and create nothing."""
    require_cloud(path)
    return open_cloud(path)


def require_cloud(path: str) -> None:
    """Raise CloudFileError if there is no cloud: a new one would not have the passwords of the classroom."""
    if version_of(path) is None:
        name = os.path.basename(path).removesuffix(".json")
        target = "--all" if name == SHARED_CLOUD else name
        raise CloudFileError(f"Cloud file {path} does not exist.", f"Build it again: novasim classroom reset {target}")


def _keep_progress(
    room: Room, student: Student, goals: Sequence[GoalStatus], requests: Sequence[recorded.Entry]
) -> Progress:
    """Keep when goals were done: at the time of the last request, since they were open before."""
    progress = room.get_progress(student.name)
    done = {str(each.number) for each in goals if each.state == DONE}
    if done == set(progress.done):
        return progress
    moment = requests[-1].wall if requests else progress.started
    with room.changing():
        progress = room.get_progress(student.name)
        times = {number: progress.done.get(number, moment) for number in sorted(done, key=int)}
        progress = progress._replace(done=times, changed=moment if requests else None)
        room.replace_progress(student.name, progress)
    return progress


def _describe_refusal(entry: recorded.Entry) -> tuple[str, int, str]:
    before = entry.before or {}
    return (
        entry.action or f"{entry.method} {entry.service}",
        entry.code,
        before.get("task_state") or before.get("status", ""),
    )


def count_refusals(statuses: Sequence[StudentStatus]) -> Counter[tuple[str, int, str]]:
    """How often requests were refused in all clouds."""
    return sum((each.refusals for each in statuses), Counter())


def describe_refusal(refusal: tuple[str, int, str]) -> str:
    """A refusal in words, such as "409 stop in VERIFY_RESIZE"."""
    action, code, state = refusal
    return f"{code} {action}{f' in {state}' if state else ''}"


def count_done(statuses: Sequence[StudentStatus], lesson: Lesson) -> list[int]:
    """How many students have done each goal."""
    done = Counter(goal.number for each in statuses for goal in each.goals if goal.state == DONE)
    return [done[number] for number in range(1, len(lesson.goals) + 1)]
