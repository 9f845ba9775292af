"""Builds the clouds of a classroom, and puts them in place of older ones, which are kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence

from novasim.classroom.errors import RoomError
from novasim.classroom.names import SHARED_CLOUD
from novasim.classroom.room import CLOUDS, OLD, Progress, Room, Student
from novasim.classroom.sharing import build_shared_cloud, rebuild_project
from novasim.classroom.status import open_existing
from novasim.classroom.users import TEACHER, add_teacher, set_password
from novasim.classroom.words import derive_password
from novasim.cloud import Cloud
from novasim.control.clock import hold_clock, set_clock
from novasim.control.record import start_record
from novasim.control.worlds import create_default_world, open_cloud
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
    _freeze(room, cloud)
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


def _freeze(room: Room, cloud: Cloud) -> None:
    """Stop the time in a new cloud if it stands still in the classroom."""
    if room.content.is_frozen:
        hold_clock(cloud, TEACHER)


def put_cloud(room: Room, name: str, content: bytes) -> str:
    """
    Put a cloud in its place, with a new record. A cloud that is there is kept with its record and its backups.

    Returns:
        The path of the kept cloud; "" if there was none.

    Raises:
        CloudFileError: the cloud is locked, or the files cannot be written. RoomError: a file cannot be moved.
    """
    path = room.path_of(CLOUDS, f"{name}.json")
    try:
        with tempfile.TemporaryDirectory(prefix=".new-", dir=room.path_of(CLOUDS)) as folder:
            new = os.path.join(folder, f"{name}.json")
            write_file(new, content)
            start_record(open_cloud(new))
            with writer_lock(path, TIMEOUT):
                kept = _keep(room, name, path)
                for source, target in zip(name_files(new + RECORD), name_files(path + RECORD), strict=True):
                    if os.path.exists(source):
                        os.replace(source, target)
                os.replace(new, path)
    except OSError as error:
        raise RoomError(f"{error.filename or path} cannot be replaced: {error.strerror or error}.") from None
    return kept


def _keep(room: Room, name: str, path: str) -> str:
    """Keep a cloud under another name. Its record and its backups move; the cloud itself stays until it is replaced."""
    if not os.path.exists(path):
        return ""
    folder, file = os.path.split(path)
    kept = _name_kept(room, name)
    write_file(kept, read_file(path)[0])
    for each in os.listdir(folder):
        end = each.removeprefix(file)
        if end not in ("", each, LOCK):
            os.replace(os.path.join(folder, each), kept + end)
    return kept


def _name_kept(room: Room, name: str) -> str:
    """A new path for a cloud that is kept."""
    number = 1
    while os.path.exists(kept := room.path_of(OLD, f"{name}.{number}.json")):
        number += 1
    return kept


def build_clouds(room: Room, students: list[Student], lesson: Lesson | None, execute: Execute) -> dict[str, str]:
    """
    Build the clouds of students, or the shared cloud, and put them in place.

    Nothing is replaced before all of them have been built.

    Returns:
        By the names of the clouds, the paths of the old ones that were kept; "" if there was no old one.
    """
    if room.content.is_shared:
        contents = {SHARED_CLOUD: build_shared_cloud(room, lesson, execute)}
    else:
        contents = {each.name: build_student_cloud(room, each, lesson, execute) for each in students}
    kept = {}
    for name, content in contents.items():
        kept[name] = put_cloud(room, name, content)
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
    kept = _name_kept(room, SHARED_CLOUD)
    write_file(kept, read_file(path)[0])
    cloud.origin = TEACHER, (), None
    for student in students:
        rebuild_project(cloud, student, lesson, execute)
        begin_progress(room, [student])
    return kept
