"""Where a learner's lessons are: a folder with the cloud of each lesson and the progress."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from novasim import jsonutils
from novasim.cli.default_cloud import default_path
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.cloud import Cloud
from novasim.control.clock import set_clock
from novasim.control.record import put_cloud
from novasim.control.worlds import open_cloud
from novasim.errors import UsageError
from novasim.filelock import LockTimeout, lock_file
from novasim.fileutils import write_file
from novasim.records import entry as recorded
from novasim.simulation.time.clock import sleep, wall
from novasim.store.backup import create_backup
from novasim.store.files import RECORD, writer_lock
from novasim.store.memory import MemoryStore
from novasim.store.record_file import read_entries
from novasim.teach.lessons.copies import copy_cloud, evaluate_goals
from novasim.teach.lessons.entries import Entry, count_steps, read_record
from novasim.teach.lessons.errors import NoSuchLesson
from novasim.teach.lessons.evaluation import View
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Playground, build_world
from novasim.teach.lessons.proofs import seed_for
from novasim.teach.lessons.status import DONE, NOT_YET, BusyServer, GoalStatus, is_solved

LESSON = "NOVASIM_LESSON"  # the name of the open lesson
LEARNER = "NOVASIM_LEARNER"  # the name of the learner, if several share an account
DEFAULT_LEARNER = "learner"
MAX_NAME = 100  # characters of a folder's name
LOCK_TIMEOUT = 10.0  # seconds
SHELL = "_NOVASIM_LESSON_SHELL"  # for novasim itself: a folder with the files of the lesson's shell
PROMPT = "prompt"  # the file with the prompt of the lesson's shell
EMPTY: dict[str, Any] = {"hints": 0, "done": [], "waiting": [], "ended": False, "solved": False}


def learner_name() -> str:
    """The name of the learner: NOVASIM_LEARNER, or that of the account."""
    return os.environ.get(LEARNER) or os.environ.get("USER") or os.environ.get("USERNAME") or DEFAULT_LEARNER


def home() -> str:
    """The folder of the learner's lessons, in the user's data directory."""
    learner = learner_name()
    name = re.sub(r"[^\w.-]", "_", learner).lstrip(".")[:MAX_NAME] or DEFAULT_LEARNER
    if name != learner:  # other learners' names may become the same
        name += f"-{sha256(learner.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
    return os.path.join(os.path.dirname(default_path()), "lessons", name)


@contextmanager
def lock_home() -> Iterator[None]:
    """Exclude other commands that change what is kept of the learner. Raises UsageError if that takes too long."""
    path = os.path.join(home(), "lock")
    try:
        with lock_file(path, LOCK_TIMEOUT, sleep):
            yield
    except LockTimeout as error:
        raise UsageError(f"{path} is locked by process {error.holder}. Try again when that has finished.") from None


class Progress:
    """
    What is kept of a learner's lessons.

    Of each: the number of hints, the goals that are "done" and those "waiting" for a task, whether this attempt has
    "ended" with all goals done, and whether the lesson was ever "solved".
    """

    def __init__(self) -> None:
        self.path = os.path.join(home(), "progress.json")
        self.lessons: dict[str, dict[str, Any]] = {}
        self.current = ""
        self._read()

    def _read(self) -> None:
        """Read the file. One that is damaged counts as empty: it contains nothing that cannot be done again."""
        try:
            with open(self.path, "rb") as file:
                found = jsonutils.decode(file.read())
            self.current = str(found.get("current", ""))
            lessons = found.get("lessons", {})
            self.lessons = {str(name): {**EMPTY, **values} for name, values in lessons.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self.lessons, self.current = {}, ""

    def of(self, lesson: str) -> dict[str, Any]:
        """What is kept of a lesson."""
        return self.lessons.setdefault(lesson, {**EMPTY, "done": [], "waiting": []})

    @classmethod
    @contextmanager
    def changing(cls) -> Iterator[Progress]:
        """Exclude other commands, read the file, and write it on a clean exit if the progress has changed."""
        with lock_home():
            progress = cls()
            before = progress._encode()
            yield progress
            if progress._encode() != before:
                write_file(progress.path, progress._encode(), replace=True)

    def _encode(self) -> bytes:
        return jsonutils.encode({"current": self.current, "lessons": self.lessons})


class Workplace:
    """
    The cloud of a lesson, and its record.

    Attributes:
        ending: What follows the lesson. can_undo: Whether the learner can take back steps.
    """

    can_undo = True
    ending = "Continue with: novasim lesson next"

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.folder = os.path.join(home(), lesson.name)
        self.path = os.path.join(self.folder, "cloud.json")

    @property
    def exists(self) -> bool:
        """Whether the lesson has been started."""
        return os.path.exists(self.path)

    def build(self, runner: Runner) -> None:
        """Build the world of the lesson, in place of an earlier one, and begin its record."""
        with isolated_process():
            world = build_world(self.lesson, runner, "instant", seed_for(learner_name(), self.lesson.name))
        cloud = Cloud(MemoryStore(world.store.dump()))
        set_clock(cloud, self.lesson.clock)
        with writer_lock(self.path, LOCK_TIMEOUT):
            put_cloud(self.path, cloud.store.dump(), lambda: create_backup(self.path, wall()))

    def open(self) -> Cloud:
        """
        The cloud of the lesson.

        Raises:
            UsageError: The lesson has not been started.
        """
        if not self.exists:
            name = self.lesson.name
            raise UsageError(f"The lesson {name} has not been started. Start it: novasim lesson start {name}")
        return open_cloud(self.path)

    def entries(self) -> list[Entry]:
        """The requests since the start. A damaged line of the record is left out."""
        return read_record(self._lines())

    def _lines(self) -> list[recorded.Entry]:
        return read_entries(self.path + RECORD, report=lambda _: None)

    @contextmanager
    def view(self) -> Iterator[View]:
        """The cloud as it is now, and the entries."""
        with self.open().reading() as world:
            yield View(world, self.entries())

    def evaluate(self) -> tuple[list[GoalStatus], list[BusyServer]]:
        """As `copies.evaluate_goals`, of this cloud."""
        return evaluate_goals(self.open(), self.lesson, self.entries())

    def playground(self, lets_time_pass: bool) -> Playground:
        """A copy in memory, as `copies.copy_cloud` returns it."""
        return copy_cloud(self.open(), self.entries(), lets_time_pass)

    def count_steps(self) -> int:
        """How many commands the learner has run since the start."""
        return count_steps(self._lines())

    def count_hint(self) -> int:
        """Count a hint. Returns how many were taken before."""
        with Progress.changing() as progress:
            kept = progress.of(self.lesson.name)
            kept["hints"] += 1
            return int(kept["hints"]) - 1

    def keep(self, statuses: Sequence[GoalStatus]) -> dict[str, Any]:
        """Keep which goals are done, and write the prompt. Returns what was kept before."""
        done = [each.number for each in statuses if each.state == DONE]
        waiting = [each.number for each in statuses if each.state == NOT_YET]
        has_ended = is_solved(statuses)
        with Progress.changing() as progress:
            kept = progress.of(self.lesson.name)
            before = dict(kept)
            kept.update(
                done=done, waiting=waiting, ended=kept["ended"] or has_ended, solved=kept["solved"] or has_ended
            )
        prompt = f"({self.lesson.name} {len(done)}/{len(statuses)})"
        write_file(os.path.join(self.folder, PROMPT), prompt.encode(), replace=True)
        return before

    def rebuild(self) -> None:
        """Build the cloud again, and forget which goals were done."""
        self.build(Runner.of_context())
        with Progress.changing() as progress:
            progress.of(self.lesson.name).update(done=[], waiting=[], hints=0, ended=False)
            progress.current = self.lesson.name
        self.keep(self.evaluate()[0])


def find_lesson(name: str | None) -> Lesson:
    """
    The lesson of that name; without a name, that of the shell, or else the last one that was started.

    Raises:
        NoSuchLesson: There is no such lesson, or none has been started.
    """
    name = name or os.environ.get(LESSON) or Progress().current
    if not name:
        raise NoSuchLesson("No lesson has been started. Start the first one: novasim lesson start first-server")
    return open_library().find(name)
