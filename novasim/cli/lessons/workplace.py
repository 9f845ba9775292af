"""Where a learner's lessons are: a folder with the cloud of each lesson and the progress."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from novasim import jsonutils
from novasim.cli.default_cloud import default_path
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.cloud import Cloud
from novasim.control.backups import replace_state
from novasim.control.clock import set_clock
from novasim.control.record import start_record
from novasim.control.worlds import open_cloud
from novasim.errors import UsageError
from novasim.fileutils import write_file
from novasim.simulation.time import clock
from novasim.store.files import RECORD
from novasim.store.record_file import name_files, read_entries
from novasim.store.snapshots import SnapshotStore
from novasim.teach.lessons.entries import Entry, read_record
from novasim.teach.lessons.errors import NoSuchLesson
from novasim.teach.lessons.evaluation import View
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Playground, build_world
from novasim.teach.lessons.proofs import seed_for

LESSON = "NOVASIM_LESSON"  # the name of the open lesson
LEARNER = "NOVASIM_LEARNER"  # the name of the learner, if several share an account
DEFAULT_LEARNER = "learner"
MAX_NAME = 100  # characters of a folder's name
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

    def save(self) -> None:
        """Write the file."""
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        data = jsonutils.encode({"current": self.current, "lessons": self.lessons})
        write_file(self.path, data, replace=True)


class Workplace:
    """The cloud of a lesson, and its record."""

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
        os.makedirs(self.folder, exist_ok=True)
        for name in name_files(self.path + RECORD):
            if os.path.lexists(name):
                os.unlink(name)
        replace_state(self.path, world.store.dump())
        cloud = open_cloud(self.path)
        set_clock(cloud, self.lesson.clock)
        start_record(cloud)

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
        return read_record(read_entries(self.path + RECORD, report=lambda _: None))

    @contextmanager
    def view(self) -> Iterator[View]:
        """The cloud as it is now, and the entries."""
        with self.open().reading() as world:
            yield View(world, self.entries())

    def playground(self, lets_time_pass: bool) -> Playground:
        """
        A copy in memory.

        Args:
            lets_time_pass: Whether all running tasks end at once in it.
        """
        cloud = self.open()
        assert isinstance(cloud.store, SnapshotStore)
        playground = Playground(SnapshotStore(cloud.store.revision()), self.entries())
        playground.cloud.wall = clock.wall
        if lets_time_pass:
            playground.set_mode("instant")
            playground.pass_time()
        return playground


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
