"""
Proofs that a learner has solved a lesson: the commands with their times, and a digest of the cloud they lead to.

The seed of a lesson's cloud depends on the learner's name, so the same commands of another learner lead to other bytes.
A proof shows that these commands solve the lesson. It cannot show who typed them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from novasim import jsonutils
from novasim.lifecycle.microversions import NEWEST
from novasim.records import entry as recorded
from novasim.simulation.time.clock import format_time, parse_time
from novasim.teach.lessons.commands import parse_command
from novasim.teach.lessons.errors import LessonError, NotRepeatable
from novasim.teach.lessons.lesson import Command, Lesson
from novasim.teach.lessons.playground import Execute, Playground, build_world, play_one

FORMAT = 1
HEADER = "novasim_proof"
MAX_COMMANDS = 5000
MAX_SECONDS = 10 * 365 * 86400.0  # of simulated time
STEP = 0.001  # seconds, to which times are rounded


class TimedCommand(NamedTuple):
    """A command line without "novasim", and when it was run, in seconds of simulated time since the start."""

    at: float
    line: str


class Proof(NamedTuple):
    """A learner's way through a lesson. *digest* is that of the exported cloud."""

    lesson: str
    learner: str
    commands: tuple[TimedCommand, ...]
    digest: str = ""

    def encode(self) -> bytes:
        """The content of its file."""
        commands = [command._asdict() for command in self.commands]
        return jsonutils.encode({HEADER: FORMAT, **self._asdict(), "commands": commands}) + b"\n"


def seed_for(learner: str, lesson: str) -> int:
    """The seed of a lesson's cloud, so that no two learners have the same IDs."""
    return int.from_bytes(sha256(f"{learner}\n{lesson}".encode()).digest()[:4], "big")


def read_commands(lines: Iterable[recorded.Entry]) -> tuple[TimedCommand, ...]:
    """The commands in a record, without those that were undone."""
    lines = list(lines)
    undone = recorded.find_undone(lines)
    start = next((parse_time(line.time) for line in lines if line.time), 0.0)
    steps: dict[str, list[recorded.Entry]] = {}
    for line in lines:
        if line.step and line.step not in undone and line.command and line.kind not in ("event", "undo", "redo"):
            steps.setdefault(line.step, []).append(line)
    return tuple(TimedCommand(_elapsed(entries[0], start), _line(entries)) for entries in steps.values())


def _elapsed(line: recorded.Entry, start: float) -> float:
    return max(0.0, round((parse_time(line.time) - start) / STEP) * STEP) if line.time else 0.0


def _line(entries: Sequence[recorded.Entry]) -> str:
    """The command line of a step, with the caller and a pinned microversion as global options."""
    user = next((entry.user for entry in entries if entry.user), None)
    minors = {entry.microversion for entry in entries if entry.service == "compute"}
    parts = []
    if user and user.get("user") not in (None, "demo"):
        parts.append(f"--as {user['user']}")
    if len(minors) == 1 and f"2.{NEWEST}" not in minors:
        parts.append(f"--api-version {minors.pop()}")
    return " ".join([*parts, entries[0].command])


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


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 10_000:
        raise ValueError(value)
    return value


def _timed(fields: Any) -> TimedCommand:
    at = float(fields["at"])
    if not math.isfinite(at) or not 0 <= at <= MAX_SECONDS:
        raise ValueError(at)
    return TimedCommand(at, _text(fields["line"]))


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
        _run(playground, parsed, execute, lesson.names_clock)
    if not lesson.names_clock:
        playground.pass_time()
    return playground


def _move_to(playground: Playground, moment: float) -> None:
    """Advance the clock to a time, unless it is later already."""
    seconds = parse_time(format_time(moment)) - playground.now()
    if seconds > 0:
        playground.advance(seconds)


def _run(playground: Playground, command: Command, execute: Execute, is_manual: bool) -> None:
    """Run a command; a wait is over when the next command is due."""
    if is_manual:
        play_one(playground, command, execute)
    else:
        execute(playground, command)


def digest(playground: Playground) -> str:
    """The SHA-256 of the exported cloud, in hexadecimal."""
    return sha256(playground.export()).hexdigest()
