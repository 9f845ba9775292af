"""
Proofs that a learner has solved a lesson: the commands with their times, and a digest of the cloud they lead to.

The seed of a lesson's cloud depends on the learner's name, so the same commands of another learner lead to other bytes.
A proof shows that these commands solve the lesson. It cannot show who typed them.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from novasim import jsonutils
from novasim.lifecycle.microversions import NEWEST
from novasim.records import entry as recorded
from novasim.simulation.time.clock import format_time, parse_time
from novasim.store.redaction import MAX_BODY
from novasim.teach.lessons.commands import parse_command
from novasim.teach.lessons.errors import LessonError, NotRepeatable
from novasim.teach.lessons.lesson import Command, Lesson
from novasim.teach.lessons.playground import Execute, Playground, build_world, play_one
from novasim.teach.lessons.request_lines import is_omitted, reads_file, write_caller, write_request

FORMAT = 1
HEADER = "novasim_proof"
MAX_COMMANDS = 5000
MAX_SECONDS = 10 * 365 * 86400.0  # of simulated time
MAX_LINE = 3 * MAX_BODY  # characters
CLIENTS = ("http", "python")  # interfaces of a learner without command lines
DIGITS = 6  # of times, as in the record: a rounded time may be before the end of a task


class TimedCommand(NamedTuple):
    """
    A command line without "novasim", and when it was run, in seconds of simulated time since the start.

    Args:
        omitted: How many requests before it the proof leaves out. The IDs in a cloud depend on the number of requests.
    """

    at: float
    line: str
    omitted: int = 0

    def describe(self) -> dict[str, Any]:
        """The command as its file has it."""
        return {"at": self.at, "line": self.line} | ({"omitted": self.omitted} if self.omitted else {})


class Proof(NamedTuple):
    """A learner's way through a lesson. *digest* is that of the exported cloud."""

    lesson: str
    learner: str
    commands: tuple[TimedCommand, ...]
    digest: str = ""

    def encode(self) -> bytes:
        """The content of its file."""
        commands = [command.describe() for command in self.commands]
        return jsonutils.encode({HEADER: FORMAT, **self._asdict(), "commands": commands}) + b"\n"


def seed_for(learner: str, lesson: str) -> int:
    """The seed of a lesson's cloud, so that no two learners have the same IDs."""
    return int.from_bytes(sha256(f"{learner}\n{lesson}".encode()).digest()[:4], "big")


def read_commands(lines: Iterable[recorded.Entry], known: frozenset[str]) -> tuple[TimedCommand, ...]:
    """
    The commands in a record, without those that were undone.

    A request of another client than novasim, and of a command that proofs do not have or that reads a file, is a
    command `request` with its body.

    Args:
        known: The names of all commands of novasim.

    Raises:
        NotRepeatable: the record has a change that no command repeats.
    """
    lines = list(lines)
    undone = recorded.find_undone(lines)
    start = next((parse_time(line.time) for line in lines if line.time), 0.0)
    steps: dict[str, list[recorded.Entry]] = {}
    for line in lines:
        if line.step and line.step not in undone and line.kind not in ("event", "undo", "redo"):
            steps.setdefault(line.step, []).append(line)
    return tuple(_count_omitted(each for step in steps.values() for each in _repeat_step(step, start, known)))


def _count_omitted(commands: Iterable[TimedCommand]) -> Iterator[TimedCommand]:
    """The commands that have a line, each with the number of those before it that have no line."""
    omitted = 0
    for command in commands:
        omitted += not command.line
        if command.line:
            yield command._replace(omitted=omitted)
            omitted = 0


def _repeat_step(entries: Sequence[recorded.Entry], start: float, known: frozenset[str]) -> Iterator[TimedCommand]:
    """The commands that repeat a step. That of an omitted request has no line."""
    requests = [entry for entry in entries if entry.kind == "request"]
    line, sends_only = entries[0].command, len(requests) == len(entries)
    if line and not (sends_only and (reads_file(line) or not _is_command_of_lessons(line, known))):
        yield TimedCommand(_elapsed(entries[0], start), _line(entries))
        return
    for entry in entries:
        if entry.kind == "request" and is_omitted(entry):
            if not entry.is_refusal:
                yield TimedCommand(0.0, "")
        elif entry.kind == "request":
            yield TimedCommand(_elapsed(entry, start), write_request(entry))
        elif entry.interface in CLIENTS and not entry.action.startswith("clock"):
            raise NotRepeatable(f"No command repeats the change {entry.action!r} of the simulation.")


def _is_command_of_lessons(line: str, known: frozenset[str]) -> bool:
    try:
        parse_command(f"novasim {line}", 1, known)
    except ValueError:
        return False
    return True


def _elapsed(line: recorded.Entry, start: float) -> float:
    return max(0.0, round(parse_time(line.time) - start, DIGITS)) if line.time else 0.0


def _line(entries: Sequence[recorded.Entry]) -> str:
    """The command line of a step, with the caller and a pinned microversion as global options."""
    minors = {entry.microversion for entry in entries if entry.service == "compute"}
    parts = write_caller(next((entry for entry in entries if entry.user), entries[0]))
    if len(minors) == 1 and f"2.{NEWEST}" not in minors:
        parts += ["--api-version", minors.pop()]
    return " ".join([shlex.join(parts)] * bool(parts) + [entries[0].command])


def decode_proof(data: bytes, path: str) -> Proof:
    """
    Read the file of a proof.

    Raises:
        LessonError: It is not a proof.
    """
    try:
        found = jsonutils.decode(data)
        if found[HEADER] != FORMAT or len(found["commands"]) > MAX_COMMANDS:
            raise ValueError
        commands = tuple(_timed(each) for each in found["commands"])
        return Proof(_text(found["lesson"]), _text(found["learner"]), commands, _text(found["digest"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise LessonError(path, 1, "This is not a proof that novasim has written.") from None


def _text(value: Any, longest: int = 10_000) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError(value)
    return value


def _timed(fields: Any) -> TimedCommand:
    at = float(fields["at"])
    if not math.isfinite(at) or not 0 <= at <= MAX_SECONDS:
        raise ValueError(at)
    omitted = int(fields.get("omitted", 0))
    if not 0 <= omitted <= MAX_COMMANDS:
        raise ValueError(omitted)
    return TimedCommand(at, _text(fields["line"], MAX_LINE), omitted)


def replay(lesson: Lesson, proof: Proof, execute: Execute, known: frozenset[str]) -> Playground:
    """
    Run the commands of a proof at their times, in a new cloud of the learner.

    Raises:
        NotRepeatable: A command is not one that lessons may have.
    """
    playground = build_world(lesson, execute, "manual", seed_for(proof.learner, proof.lesson))
    start = playground.now()
    for number, command in enumerate(proof.commands, 1):
        try:
            parsed = parse_command(f"novasim {command.line}", number, known)
        except ValueError as error:
            raise NotRepeatable(f"A proof cannot contain the command {command.line!r}. {error}") from None
        _move_to(playground, start + command.at)
        _count_requests(playground, command.omitted)
        _run(playground, parsed, execute, lesson.names_clock)
    if not lesson.names_clock:
        playground.pass_time()
    return playground


def _move_to(playground: Playground, moment: float) -> None:
    """Advance the clock to a time, unless it is later already."""
    seconds = parse_time(format_time(moment)) - playground.now()
    if seconds > 0:
        playground.advance(seconds)


def _count_requests(playground: Playground, number: int) -> None:
    """Count requests that a proof leaves out."""
    if number:
        with playground.cloud.writing(is_request=False) as world:
            world.settings.requests += number
            world.tx.put(world.settings)


def _run(playground: Playground, command: Command, execute: Execute, is_manual: bool) -> None:
    """Run a command; a wait is over when the next command is due."""
    if is_manual:
        play_one(playground, command, execute)
    else:
        execute(playground, command)


def digest(playground: Playground) -> str:
    """The SHA-256 of the exported cloud, in hexadecimal."""
    return sha256(playground.export()).hexdigest()
