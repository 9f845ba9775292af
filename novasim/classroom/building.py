"""Builds the clouds of a classroom, and puts them in place of older ones, which are kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import count

from novasim.classroom.errors import RoomError
from novasim.classroom.names import SHARED_CLOUD
from novasim.classroom.room import CLOUDS, OLD, Progress, Room, Student
from novasim.classroom.sharing import build_shared_cloud, rebuild_project
from novasim.classroom.status import open_existing
from novasim.classroom.users import TEACHER, add_teacher, set_password
from novasim.classroom.words import derive_password
from novasim.cloud import Cloud
from novasim.control.clock import hold_clock, set_clock
from novasim.control.record import put_cloud
from novasim.control.worlds import create_default_world
from novasim.fileutils import read_file, write_file
from novasim.records import User
from novasim.simulation.default_world import DEFAULT_USERS
from novasim.simulation.time import clock
from novasim.store.files import LOCK, RECORD, writer_lock
from novasim.store.memory import MemoryStore
from novasim.store.record_file import name_files
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Execute, build_world
from novasim.teach.lessons.proofs import seed_for

TIMEOUT = 10.0  # seconds, for the lock of a cloud


def build_student_cloud(room: Room, student: Student, lesson: Lesson | None, execute: Execute) -> bytes:
    """
    The content of a student's cloud: the world of the lesson, whose IDs depend on the student's name.

    Raises:
        LessonError: the world of the lesson cannot be built.
    """
    store = MemoryStore()
    if lesson is None:
        create_default_world(store, seed_for(student.name, ""))
    else:
        store = MemoryStore(build_world(lesson, execute, "instant", seed_for(student.name, lesson.name)).store.dump())
    cloud = Cloud(store)
    set_clock(cloud, lesson.clock if lesson else "real")
    password = derive_password(room.content.key, student.name)
    with cloud.writing(is_request=False) as world:
        # Tokens of an earlier cloud of the same lesson stay valid, so that its live page continues after a reset.
        world.settings.token_key = derive_password(room.content.key, student.name, "tokens")
        world.tx.put(world.settings)
        for user in world.tx.query(User):
            if user.name in DEFAULT_USERS:
                set_password(world, user, password)
        add_teacher(world, room)
    return store.dump()


def _put_cloud(room: Room, name: str, content: bytes, lesson: str) -> str:
    """
    Put a cloud in its place, with a new record. A cloud that is there is kept with its record and its backups.

    If the time of the classroom stands still by now, it does so in the cloud.

    Args:
        lesson: The file of the lesson that the cloud was built for.

    Returns:
        The path of the kept cloud; "" if there was none.

    Raises:
        CloudFileError: the cloud is locked. RoomError: the files cannot be written, or the lesson has changed.
    """
    path = room.path_of(CLOUDS, f"{name}.json")
    try:
        with writer_lock(path, TIMEOUT):
            room.refresh()
            if room.content.lesson != lesson:
                raise RoomError("The lesson of the classroom has changed meanwhile. Try again.")
            new = _freeze(content) if room.content.is_frozen else content
            return put_cloud(path, new, lambda: _keep(room, name, path))
    except OSError as error:
        raise RoomError(f"{error.filename or path} cannot be replaced: {error.strerror or error}.") from None


def _freeze(content: bytes) -> bytes:
    """A cloud in which the time stands still."""
    store = MemoryStore(content)
    hold_clock(Cloud(store), TEACHER)
    return store.dump()


def _keep(room: Room, name: str, path: str) -> str:
    """
    Keep a cloud under another name. Its backups move.

    The cloud and its record stay until they are replaced, so that readers find them.
    """
    if not os.path.exists(path):
        return ""
    folder, file = os.path.split(path)
    kept = _copy(room, name, path)
    record = name_files(path + RECORD)
    for each in os.listdir(folder):
        end, source = each.removeprefix(file), os.path.join(folder, each)
        if source in record:
            write_file(kept + end, read_file(source)[0], replace=True)
        elif end not in ("", each, LOCK):
            os.replace(source, kept + end)
    return kept


def _copy(room: Room, name: str, path: str) -> str:
    """Copy a cloud to a new file of those that are kept, and return its path."""
    for number in count(1):
        kept = room.path_of(OLD, f"{name}.{number}.json")
        with suppress(FileExistsError):
            write_file(kept, read_file(path)[0])
            return kept
    raise AssertionError("there is no last number")


def build_clouds(room: Room, students: Iterable[Student], lesson: Lesson | None, execute: Execute) -> dict[str, str]:
    """
    Build the clouds of students, or the shared cloud, and put them in place.

    Nothing is replaced before all of them have been built.

    Returns:
        By the names of the clouds, the paths of the old ones that were kept; "" if there was no old one.
    """
    kept, file = dict[str, str](), room.content.lesson
    if room.content.is_shared:
        contents = {SHARED_CLOUD: build_shared_cloud(room, lesson, execute)}
    else:
        contents = {each.name: build_student_cloud(room, each, lesson, execute) for each in students}
    for name, content in contents.items():
        kept[name] = _put_cloud(room, name, content, file)
        begin_progress(room, room.students if room.content.is_shared else [room.find_student(name)])
    return kept


def begin_progress(room: Room, students: Sequence[Student]) -> None:
    """Forget which goals students have done, and their hints."""
    with room.changing():
        for student in students:
            room.replace_progress(student.name, Progress(clock.wall()))


def rebuild_projects(room: Room, students: Sequence[Student], lesson: Lesson | None, execute: Execute) -> str:
    """
    Begin again in the projects of students in a shared cloud.

    Returns:
        The path of a copy of the cloud as it was.
    """
    path = room.cloud_path("")
    cloud = open_existing(path)
    try:
        kept = _copy(room, SHARED_CLOUD, path)
    except OSError as error:
        raise RoomError(f"{error.filename or path} cannot be copied: {error.strerror or error}.") from None
    cloud.origin = TEACHER, (), None
    for student in students:
        rebuild_project(cloud, student, lesson, execute)
        begin_progress(room, [student])
    return kept
