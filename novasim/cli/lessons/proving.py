"""The command `lesson prove`."""

from __future__ import annotations

import os

import click

from novasim import jsonutils
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.errors import NovasimError, UsageError
from novasim.render.output import print_line, print_message
from novasim.teach.lessons.errors import LessonError
from novasim.teach.lessons.lesson import Lesson

NOT_PROVEN = 11  # exit code


@click.command()
@click.argument("files", metavar="FILE|LESSON...", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Prove all lessons that 'novasim lesson list' shows.")
def prove(files: tuple[str, ...], is_all: bool) -> None:
    """
    Prove that lessons work, by running all their commands in memory.

    A lesson is proven if it is unsolved at first, its solution closes all goals, each wrong way leaves open what it
    says, no line of the solution is superfluous, and each goal can be missed. See novasim-lesson(5). The exit code is 6
    if a file does not have the format, 11 if a proof fails.

    Example: novasim lesson prove my-lesson.md
    """
    if bool(files) is is_all:
        raise UsageError("Give files, or --all.")
    lessons, code = _read(files) if files else (open_library().lessons(), 0)
    jsonutils.import_orjson()
    with isolated_process():
        failed = [lesson for lesson in lessons if not prove_and_report(lesson, Runner.of_context())]
    if code or failed:
        click.get_current_context().exit(code or NOT_PROVEN)


def _read(files: tuple[str, ...]) -> tuple[list[Lesson], int]:
    """The lessons in files, or with these names, and the exit code of the first error."""
    library, lessons, code = open_library(), [], 0
    for file in files:
        try:
            is_name = not os.path.exists(file) and file in library.names()
            found = library.find(file) if is_name else library.read(os.path.abspath(file))._replace(path=file)
            lessons.append(found)
        except LessonError as error:
            print_message(f"novasim: {LessonError(file, error.number, error.reason)}")
            code = code or error.exit_code
    return lessons, code


def prove_and_report(lesson: Lesson, runner: Runner) -> bool:
    """Prove a lesson, and print the result. Whether it is proven."""
    from novasim.teach.lessons.prover import prove

    findings = prove(lesson, runner)
    for finding in findings:
        print_message(f"novasim: {NovasimError(f'{lesson.path}:{finding.number}: {finding.reason}').line}")
    if not findings:
        ways = f"{len(lesson.wrong_ways)} wrong way{'s' * (len(lesson.wrong_ways) != 1)}"
        print_line(f"{lesson.path}: proven ({len(lesson.goals)} goals, {ways})")
    return not findings
