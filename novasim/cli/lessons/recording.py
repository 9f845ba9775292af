"""The command `lesson record`."""

from __future__ import annotations

import os
import sys

import click

from novasim.cli.files import write_output
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.proving import NOT_PROVEN, prove_and_report
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.errors import UsageError
from novasim.render.output import print_message, print_wrapped
from novasim.teach.lessons.commands import parse_command
from novasim.teach.lessons.parser import read_name
from novasim.teach.lessons.recording import SOLUTION, WORLD, WRONG, Recording

HELP = {
    WORLD: """\
First build the world of the lesson: type commands, and check the result.
Tasks end at once. Commands that only read are not recorded.
  undo          take back the last command
  mark start    the world is complete""",
    SOLUTION: """\
Now play the solution. What Nova refuses becomes a goal, too.
  mark solution    the solution is complete""",
    WRONG: """\
Now play what a learner may do wrong. The cloud is as at the start again.
  mark wrong NAME    this wrong way is complete; the next one begins
  end                write the file""",
}


@click.command()
@click.argument("file")
@click.option("--force", is_flag=True, help="Replace an existing file.")
def record(file: str, force: bool) -> None:
    """
    Record a lesson: run its commands, and write its file.

    Commands are read from standard input and run in a cloud in memory. "mark start" ends the world, "mark solution" the
    solution, and "mark wrong NAME" a wrong way, after which the cloud is as at the start again; "undo" takes back the
    last command. At the end, every refusal and every change of a server is a goal. The file is proven at once; what is
    left to write are the texts.

    Example: novasim lesson record 40-mine.md
    """
    read_name(file)
    if not force and os.path.lexists(file):
        raise UsageError(f"{file} exists. Name another file, or replace it with --force.")
    if not os.path.isdir(folder := os.path.dirname(os.path.abspath(file))):
        raise UsageError(f"There is no folder {folder}.")
    runner, known = Runner.of_context(), open_library().known
    with isolated_process(keeps_input=True):
        recording = Recording(runner, known)
        _read_commands(recording, runner, known)
        try:
            text = recording.write(file)
        except ValueError as error:
            raise UsageError(str(error)) from None
    write_output(file, text.encode(), force=force)
    print_wrapped(f"{file} was written. Replace each TODO, and the sentences of the goals, with your own words.")
    lesson = open_library().read(os.path.abspath(file))._replace(path=file)
    with isolated_process():
        is_proven = prove_and_report(lesson, runner)
    if not is_proven:
        click.get_current_context().exit(NOT_PROVEN)


def _read_commands(recording: Recording, runner: Runner, known: frozenset[str]) -> None:
    """Read and run commands until "end" or the end of the input."""
    phase = ""
    while True:
        if recording.phase != phase:
            phase = recording.phase
            for part in HELP[phase].splitlines():
                print_message(part)
        if sys.stdin.isatty():
            sys.stderr.write(f"({phase}) $ ")
            sys.stderr.flush()
        line = sys.stdin.readline()
        if not line or line.strip() in ("end", "exit"):
            return
        try:
            _take_line(recording, runner, known, line.strip())
        except ValueError as error:
            print_message(f"novasim: {error}")


def _take_line(recording: Recording, runner: Runner, known: frozenset[str], line: str) -> None:
    """Run a line, or carry out a mark. ValueError: it is neither."""
    if not line or line.startswith("#"):
        return
    if line == "undo":
        print_message(f"Taken back: {recording.undo().line}")
        return
    if line.startswith("mark "):
        _mark(recording, line.removeprefix("mark ").strip())
        return
    command = parse_command(line if line.startswith("novasim ") else f"novasim {line}", 0, known)
    before = recording.playground.copy()
    code = runner.show(recording.playground, command)
    recording.add(command, code, before)


def _mark(recording: Recording, what: str) -> None:
    kind, _, name = what.partition(" ")
    name = name.strip().strip("\"'")
    if kind == "start":
        recording.mark_start()
    elif kind == SOLUTION:
        recording.mark_solution()
    elif kind == WRONG and name:
        recording.mark_wrong(name)
    else:
        raise ValueError("There are these marks: mark start, mark solution, mark wrong NAME.")
