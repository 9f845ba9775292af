"""The commands `lesson proof` and `lesson verify`."""

from __future__ import annotations

import click

from novasim.classroom.marks import Mark, decode_marks
from novasim.cli.errors.attempts import Attempts
from novasim.cli.files import write_output
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.cli.lessons.workplace import Workplace, find_lesson, learner_name
from novasim.cli.options import pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.fileutils import read_input
from novasim.render.output import print_line
from novasim.store.files import RECORD
from novasim.store.record_file import read_entries
from novasim.teach.lessons.errors import GoalsOpen, LessonError, NotRepeatable
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Playground
from novasim.teach.lessons.proofs import Proof, decode_proof, digest, read_commands, replay

MAX_BYTES = 16 * 2**20


@click.command()
@click.argument("lesson", required=False)
@click.option("-o", "--output", "file", metavar="FILE", default="-", help="Write to a new file instead of stdout.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
def proof(lesson: str | None, file: str, force: bool) -> None:
    """
    Write a proof that you have solved a lesson: your commands with their times.

    'novasim lesson verify' runs them again. A proof holds for one learner only, since the IDs in a lesson's cloud
    depend on the learner's name (NOVASIM_LEARNER, or that of the account). It shows that these commands solve the
    lesson. It cannot show who typed them.

    Example: novasim lesson proof power -o power.proof
    """
    found = find_lesson(lesson)
    place = Workplace(found)
    place.open()
    try:
        commands = read_commands(read_entries(place.path + RECORD), open_library().known)
        written = Proof(found.name, learner_name(), commands)
        playground = _replay(found, written)
    except NotRepeatable as error:
        raise NotRepeatable(f"{error} Solve the lesson without it: novasim lesson reset") from None
    _check_goals(found, playground)
    write_output(file, written._replace(digest=digest(playground)).encode(), force=force)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--learner", help="The learner whose proofs these have to be.")
@pass_session
def verify(session: Session, files: tuple[str, ...], learner: str | None) -> None:
    """
    Verify proofs: run their commands again, and compare the clouds.

    The exit code is 0 if all proofs hold, 6 if a file is not a proof, 11 if a proof does not hold; it is that of the
    first failure.

    Example: novasim lesson verify power.proof --learner ann
    """
    with Attempts(session) as attempts:
        for file in files:
            with attempts.attempt():
                _verify(file, learner)


def _verify(file: str, learner: str | None) -> None:
    """
    Verify a proof, or the marks of a class, and print who has solved which lesson.

    Raises:
        LessonError: It is not a proof. NotRepeatable, GoalsOpen: it does not hold.
    """
    data = _read(file)
    marks = decode_marks(data, file)
    if marks is None:
        _verify_proof(decode_proof(data, file), file, learner)
    for mark in marks or ():
        if learner in (None, mark.student):
            _verify_mark(mark, file)


def _verify_proof(found: Proof, file: str, learner: str | None) -> None:
    if learner is not None and found.learner != learner:
        raise GoalsOpen(f"{file} is a proof of {found.learner}, not of {learner}.")
    lesson = open_library().find(found.lesson)
    _check_goals(lesson, _repeat(lesson, found, file))
    print_line(f"{file}: {found.learner} has solved {lesson.name} with {len(found.commands)} commands")


def _repeat(lesson: Lesson, found: Proof, file: str) -> Playground:
    """
    Run the commands of a proof.

    Raises:
        NotRepeatable: it contains a command that lessons do not have. GoalsOpen: it leads to another cloud.
    """
    try:
        playground = _replay(lesson, found)
    except NotRepeatable as error:
        raise NotRepeatable(f"{file}: {error}") from None
    if digest(playground) != found.digest:
        raise GoalsOpen(f"{file} does not hold: the commands of {found.learner} lead to another cloud.")
    return playground


def _verify_mark(mark: Mark, file: str) -> None:
    """
    Verify the proof of a student in a file of marks.

    Raises:
        LessonError, NotRepeatable, GoalsOpen: it does not hold, is that of another student, or does other goals.
    """
    if mark.proof is None:
        print_line(f"{file}: {mark.student} has no proof. {mark.problem}")
        return
    lesson = open_library().find(mark.proof.lesson)
    done = _repeat(lesson, mark.proof, file).done_goals(lesson)
    if (mark.student, mark.goals) != (mark.proof.learner, done):
        raise GoalsOpen(f"{file} does not hold: the proof of {mark.student} does not fit the mark.")
    print_line(f"{file}: {mark.student} has done {len(done)} of {len(lesson.goals)} goals of {lesson.name}")


def _read(file: str) -> bytes:
    try:
        data = read_input(file, MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    if len(data) > MAX_BYTES:
        raise LessonError(file, 1, "The file is too large for a proof.")
    return data


def _replay(lesson: Lesson, found: Proof) -> Playground:
    with isolated_process():
        return replay(lesson, found, Runner.of_context(), open_library().known)


def _check_goals(lesson: Lesson, playground: Playground) -> None:
    if still_open := playground.open_goals(lesson):
        numbers = ", ".join(map(str, sorted(still_open)))
        raise GoalsOpen(f"The commands do not solve the lesson {lesson.name}. Open goals: {numbers}.")
