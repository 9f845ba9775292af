"""Marks: for each student the goals that are done, and a proof that `lesson verify` can repeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from novasim import jsonutils
from novasim.classroom.status import StudentStatus
from novasim.classroom.users import ADMIN, TEACHER
from novasim.errors import NovasimError
from novasim.records import entry as recorded
from novasim.teach.lessons.errors import LessonError
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Execute
from novasim.teach.lessons.proofs import Proof, decode_proof, digest, read_commands, replay
from novasim.teach.lessons.status import DONE

HEADER = "novasim_marks"
FORMAT = 1
SHARED = "In a shared cloud, what requests do depends on those of others, so that a proof cannot repeat them."


class Mark(NamedTuple):
    """
    The mark of a student.

    Args:
        goals: The numbers of the goals that are done. proof: None if the student's requests cannot be repeated.
        problem: Why there is no proof, or which goals are done in the student's cloud and not by the proof; or "".
    """

    student: str
    full_name: str
    goals: tuple[int, ...]
    hints: int
    refusals: int
    proof: Proof | None
    problem: str = ""


def mark_student(
    status: StudentStatus,
    entries: Sequence[recorded.Entry],
    lesson: Lesson,
    execute: Execute,
    known: frozenset[str],
) -> Mark:
    """
    The mark of a student. The commands are run again in a new cloud, for the goals and the digest of the proof.

    Args:
        entries: The record of the student's cloud. known: The names of all commands of novasim.
    """
    seen = done = tuple(each.number for each in status.goals if each.state == DONE)
    student, proof, problem = status.student, None, status.problem
    try:
        if not problem:
            proof, done = _prove(student.name, entries, lesson, execute, known)
            problem = _describe_missing(set(seen) - set(done))
    except NovasimError as error:
        problem = str(error)
    return Mark(student.name, student.full_name, done, status.hints, status.refusals.total(), proof, problem)


def mark_without_proof(status: StudentStatus) -> Mark:
    """The mark of a student in a shared cloud. Its goals are those that are done in the cloud."""
    done = tuple(each.number for each in status.goals if each.state == DONE)
    student, problem = status.student, status.problem or SHARED
    return Mark(student.name, student.full_name, done, status.hints, status.refusals.total(), None, problem)


def _prove(
    student: str, entries: Sequence[recorded.Entry], lesson: Lesson, execute: Execute, known: frozenset[str]
) -> tuple[Proof, tuple[int, ...]]:
    """
    A proof, and the goals that its commands close.

    Raises:
        NotRepeatable: the student has changed the cloud in a way that a proof cannot contain.
    """
    proof = Proof(lesson.name, student, read_commands(map(_replace_teacher, entries), known))
    playground = replay(lesson, proof, execute, known)
    return proof._replace(digest=digest(playground)), playground.done_goals(lesson)


def _describe_missing(goals: set[int]) -> str:
    numbers = ", ".join(map(str, sorted(goals)))
    return f"When the requests are repeated, goals are open that are done in the cloud: {numbers}." if goals else ""


def _replace_teacher(entry: recorded.Entry) -> recorded.Entry:
    """An entry of the teacher as one of the administrator: the cloud in which a proof is verified has no teacher."""
    user = entry.user or {}
    return entry._replace(user=user | {"user": ADMIN}) if user.get("user") == TEACHER else entry


def encode_marks(lesson: Lesson, marks: Sequence[Mark]) -> bytes:
    """The content of a file of marks, with a student a line."""
    goals = [goal.text for goal in lesson.goals]
    head = jsonutils.encode({HEADER: FORMAT, "lesson": lesson.name, "goals": goals})
    lines = ",\n".join(jsonutils.encode(_describe(mark)).decode() for mark in marks)
    return head[:-1] + f',"students":[\n{lines}\n]}}\n'.encode()


def _describe(mark: Mark) -> dict[str, Any]:
    proof = jsonutils.decode(mark.proof.encode()) if mark.proof else None
    return {**mark._asdict(), "proof": proof, "problem": mark.problem or None}


def decode_marks(data: bytes, path: str) -> list[Mark] | None:
    """
    The marks in a file; None for a file that contains something else.

    Raises:
        LessonError: they were changed, or written by a later novasim.
    """
    try:
        found = jsonutils.decode(data)
        if not isinstance(found, dict) or HEADER not in found:
            return None
    except (ValueError, RecursionError):
        return None
    try:
        if found[HEADER] != FORMAT:
            raise ValueError(found[HEADER])
        return [_read_mark(fields, path) for fields in found["students"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise LessonError(path, 1, "These are not marks that this novasim has written.") from None


def _read_mark(fields: dict[str, Any], path: str) -> Mark:
    proof = decode_proof(jsonutils.encode(fields["proof"]), path) if fields["proof"] else None
    goals = tuple(int(number) for number in fields["goals"])
    return Mark(
        str(fields["student"]),
        str(fields["full_name"]),
        goals,
        int(fields["hints"]),
        int(fields["refusals"]),
        proof,
        str(fields["problem"] or ""),
    )
