"""The folder of a classroom: its settings, students and progress in one file, and the clouds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, NamedTuple

from novasim import filelock, fileutils, jsonutils
from novasim.classroom.errors import NoSuchStudent, RoomError
from novasim.classroom.names import SHARED_CLOUD
from novasim.errors import UsageError
from novasim.simulation.time.clock import sleep
from novasim.store.addresses import names_engine
from novasim.suggestions import suggest_names

FORMAT = 1
HEADER = "novasim_classroom"
FILE, CLOUDS, OLD, LESSONS = "classroom.json", "clouds", "old", "lessons"
TIMEOUT = 10.0  # seconds, for the lock


class Student(NamedTuple):
    """
    A student.

    Args:
        name: That of the cloud, or of the project in a shared cloud. word: The hash of a join word; "" if it was used.
        joined: When the student has joined, in seconds since the epoch; None before that.
    """

    name: str
    full_name: str
    word: str = ""
    joined: float | None = None


class Progress(NamedTuple):
    """
    How far a student is in the lesson of the classroom. Times are real, in seconds since the epoch.

    Args:
        started: When the student's cloud was built. hints: How many hints the student has taken.
        done: When each goal that is done was done, by number. changed: When a goal was last done or lost.
    """

    started: float
    hints: int = 0
    done: dict[str, float] = {}
    changed: float | None = None


class Content(NamedTuple):
    """
    What the file of a classroom says.

    Args:
        key: A secret that passwords are derived from. is_shared: Whether all students share a cloud.
        lesson: The name of the lesson's file; "" without a lesson. is_frozen: Whether the teacher has stopped the time.
    """

    key: str
    is_shared: bool
    lesson: str
    students: dict[str, Student]
    progress: dict[str, Progress]
    is_frozen: bool = False

    def encode(self) -> bytes:
        """The file."""
        values = self._asdict()
        if not self.is_frozen:
            del values["is_frozen"]  # so that earlier versions of novasim read the file
        values["students"] = [student._asdict() for student in self.students.values()]
        values["progress"] = {name: each._asdict() for name, each in self.progress.items()}
        return jsonutils.encode({HEADER: FORMAT, **values}) + b"\n"


class Room:
    """
    A classroom.

    Args:
        folder: Its folder.

    Raises:
        RoomError: (from any method) the folder is not a classroom, or its file cannot be read or written.
    """

    def __init__(self, folder: str) -> None:
        _check_folder(folder)
        self.folder = os.path.abspath(folder)
        self._path = os.path.join(self.folder, FILE)
        self.content = self._read()

    @classmethod
    def create(cls, folder: str, content: Content) -> Room:
        """
        Create the folder, which only its owner can enter. If that fails, nothing of it is left.

        Raises:
            UsageError: the folder exists and is not empty, or cannot be created.
        """
        _check_folder(folder)
        path = os.path.abspath(folder)
        try:
            _check_parents(folder, path)
            with ExitStack() as created:
                if not os.path.isdir(path):
                    filelock.create_folders(path)
                    created.callback(_remove_folder, path)
                if os.listdir(path):
                    raise UsageError(f"{folder} is not empty. Choose another folder.")
                os.chmod(path, 0o700)
                for name in (CLOUDS, OLD, LESSONS):
                    os.mkdir(os.path.join(path, name), mode=0o700)
                    created.callback(_remove_folder, os.path.join(path, name))
                fileutils.write_file(os.path.join(path, FILE), content.encode())
                created.pop_all()
        except OSError as error:
            raise UsageError(f"{folder} cannot be created: {error.strerror}.") from None
        return cls(path)

    @property
    def students(self) -> list[Student]:
        """All students, in the order of the roster."""
        return list(self.content.students.values())

    def find_student(self, text: str) -> Student:
        """
        The student with a name, or with a full name that no other student has.

        Raises:
            NoSuchStudent: there is no such student, or there are several.
        """
        known = self.content.students
        matches = [each for each in known.values() if each.full_name.casefold() == text.casefold()]
        if text in known or len(matches) == 1:
            return known.get(text) or matches[0]
        raise NoSuchStudent(f"There is no student {text!r} in {self.folder}.{suggest_names(text, known)}")

    def get_progress(self, student: str) -> Progress:
        """The progress of a student, whose cloud may not have been built yet."""
        return self.content.progress.get(student, Progress(0.0))

    def cloud_path(self, student: str) -> str:
        """The file of the cloud of a student, or of the shared cloud."""
        return os.path.join(self.folder, CLOUDS, f"{SHARED_CLOUD if self.content.is_shared else student}.json")

    def cloud_names(self) -> list[str]:
        """The names of the clouds."""
        return [SHARED_CLOUD] if self.content.is_shared else list(self.content.students)

    def path_of(self, *names: str) -> str:
        """The path of a file in the folder."""
        return os.path.join(self.folder, *names)

    def refresh(self) -> None:
        """Read the file again."""
        self.content = self._read()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Exclude other writers, read the file again, and write `content` on a clean exit if it has changed."""
        try:
            with filelock.lock_file(self._path + ".lock", TIMEOUT, sleep):
                before = self.content = self._read()
                yield
                if self.content != before:
                    fileutils.write_file(self._path, self.content.encode(), replace=True)
        except filelock.LockTimeout:
            raise RoomError(f"{self._path} is locked by another novasim. Try again.") from None
        except OSError as error:
            raise RoomError(f"{self._path} cannot be written: {error.strerror or error}.") from None

    def replace_student(self, student: Student) -> None:
        """Change a student, within `changing`."""
        self.content = self.content._replace(students={**self.content.students, student.name: student})

    def replace_progress(self, student: str, progress: Progress) -> None:
        """Change the progress of a student, within `changing`."""
        self.content = self.content._replace(progress={**self.content.progress, student: progress})

    def _suggest(self) -> str:
        """The folder that may be meant: the present one, or the one above."""
        for path, name in ((os.curdir, "this folder"), (os.path.dirname(self.folder), "the folder above it")):
            if os.path.exists(os.path.join(path, FILE)):
                return f"But {name} is a classroom: {os.path.abspath(path)}"
        return "To create one: novasim classroom init ROOM"

    def _read(self) -> Content:
        try:
            data, _ = fileutils.read_file(self._path)
        except FileNotFoundError:
            raise RoomError(f"{self.folder} is not a classroom. {self._suggest()}") from None
        except OSError as error:
            raise RoomError(f"{self._path} cannot be read: {error.strerror}.") from None
        with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return _decode(jsonutils.decode(data))
        raise RoomError(f"{self._path} is damaged, or was written by a later novasim.")


def _decode(found: dict[str, Any]) -> Content:
    if found.pop(HEADER) != FORMAT:
        raise ValueError("format")
    students = {str(each["name"]): Student(**each) for each in found.pop("students")}
    progress = {str(name): Progress(**each) for name, each in found.pop("progress").items()}
    return Content(students=students, progress=progress, **found)


def _remove_folder(path: str) -> None:
    """Remove a folder, unless something is in it that another process has created."""
    with suppress(OSError):
        os.rmdir(path)


def _check_folder(folder: str) -> None:
    """Raise UsageError if the name of a folder is the address of a server or a database."""
    if names_engine(folder):
        raise UsageError(f"{folder} is an address. A classroom is a folder: name it on the machine that has it.")


def _check_parents(folder: str, path: str) -> None:
    """Raise UsageError if *folder*, whose absolute path is *path*, is a classroom or is in one."""
    if os.path.isfile(os.path.join(path, FILE)):
        raise UsageError(f"{folder} is a classroom already. Choose another folder.")
    parent = os.path.realpath(path)
    while parent != (parent := os.path.dirname(parent)):
        if os.path.isfile(os.path.join(parent, FILE)):
            raise UsageError(f"{folder} is in the classroom {parent}. Choose a folder outside it.")
