"""A cloud for the whole class: which lessons can be taken in it, its building, and a new beginning for one student."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from novasim.classroom.names import SHARED_CLOUD
from novasim.classroom.projects import find_ownership, list_own_records
from novasim.classroom.room import Room, Student
from novasim.classroom.status import RESET
from novasim.classroom.users import add_teacher, set_password
from novasim.classroom.words import derive_password
from novasim.cloud import Cloud
from novasim.control.clock import set_clock
from novasim.control.hosts import add_host
from novasim.control.worlds import create_default_world
from novasim.errors import UsageError
from novasim.records import Allocation, Host, Project, Record, Subnet, Task, User
from novasim.simulation.default_world import build_default_security_group, create_user
from novasim.simulation.scheduling.placement import claim, release, transfer
from novasim.simulation.world import World
from novasim.store.documents import Tables, apply_changes
from novasim.store.memory import MemoryStore
from novasim.store.snapshots import SnapshotStore
from novasim.teach.lessons.checks import HostIs
from novasim.teach.lessons.errors import LessonError
from novasim.teach.lessons.lesson import Command, Lesson
from novasim.teach.lessons.playground import Execute, Playground
from novasim.teach.lessons.proofs import seed_for

STUDENTS_PER_HOST = 4
HOSTS = 3  # at least
CONTROL = ("clock", "config", "fault", "guest", "host", "policy", "purge", "quota")
"""Commands for the whole cloud. The world of a lesson may have those about the guest of a server."""


def require_shareable(lesson: Lesson) -> None:
    """Raise UsageError if a lesson cannot be taken in a project of a shared cloud."""
    if reason := next(_find_obstacles(lesson), ""):
        raise UsageError(
            f"The lesson {lesson.name} needs a cloud for each student: {reason}. Create the classroom without --shared."
        )


def _find_obstacles(lesson: Lesson) -> Iterator[str]:
    if lesson.names_clock:
        yield f"its clock is {lesson.clock}"
    for what, commands in (("world", lesson.world), ("solution", lesson.solution)):
        for command in commands:
            words = [word for word in command.words if not word.startswith("-")]
            if "--as" in command.words:
                yield f"its {what} needs an administrator ({command.line})"
            elif words[0] in CONTROL and (what, words[0]) != ("world", "guest"):
                yield f"its {what} changes the whole cloud ({command.line})"
    for goal in lesson.goals:
        if isinstance(goal.check, HostIs):
            yield f"a goal is about a host ({goal.source})"


def build_shared_cloud(room: Room, lesson: Lesson | None, execute: Execute) -> bytes:
    """
    The content of a cloud for the whole class: a project and a user for each student, and one for the teacher.

    Raises:
        LessonError: the world of the lesson cannot be built.
    """
    store = MemoryStore()
    hosts = max(HOSTS, math.ceil(len(room.students) / STUDENTS_PER_HOST)) if lesson else HOSTS
    create_default_world(store, seed_for(SHARED_CLOUD, lesson.name if lesson else ""), hosts)
    cloud = Cloud(store)
    with cloud.writing(is_request=False) as world:
        world.settings.token_key = derive_password(room.content.key, SHARED_CLOUD, "tokens")
        for student in room.students:
            _create_project(world, student)
        for user in world.tx.query(User):
            set_password(world, user, derive_password(room.content.key, user.name))
        add_teacher(world, room)
    if lesson:
        playground = _open_playground(store.tables())
        for student in room.students:
            _play_world(playground, lesson, student, execute)
        cloud = Cloud(MemoryStore(tables=playground.store.tables()))
        set_clock(cloud, "real")
    return MemoryStore(tables=cloud.store.tables()).dump()


def _create_project(world: World, student: Student) -> None:
    """Create the project of a student, with a user."""
    project = Project(id=world.ids.uuid().replace("-", ""), name=student.name)
    world.tx.put(project)
    create_user(world, project)
    world.tx.put(build_default_security_group(world, project.id))


def add_projects(cloud: Cloud, room: Room, students: Sequence[Student], has_lesson: bool) -> None:
    """
    Create the projects of students who come later, and hosts for a larger class with a lesson.

    Raises:
        CloudFileError: the cloud cannot be used.
    """
    with cloud.writing(is_request=False, what=f"classroom add {' '.join(each.name for each in students)}") as world:
        for student in students:
            if not world.tx.query(Project, {"name": student.name}):
                _create_project(world, student)
            for user in world.tx.query(User, {"name": student.name}):
                set_password(world, user, derive_password(room.content.key, user.name))
    with cloud.store.read() as tx:
        known = {host.name for host in tx.query(Host)}
    wanted = (
        math.ceil(len({*room.content.students, *(each.name for each in students)}) / STUDENTS_PER_HOST)
        if has_lesson
        else 0
    )
    for name in [f"host{number}" for number in range(1, wanted + 1)][len(known) :]:
        if name not in known:
            add_host(cloud, name)


def _open_playground(tables: Tables) -> Playground:
    playground = Playground(SnapshotStore(MemoryStore(tables=tables).revision()))
    playground.set_mode("instant")
    return playground


def _play_world(playground: Playground, lesson: Lesson, student: Student, execute: Execute) -> None:
    """Build the world of a lesson in the project of a student. Raises LessonError."""
    for command in lesson.world:
        if bool(execute(playground, _as_student(command, student))) is not command.must_fail:
            raise LessonError(lesson.path, command.number, f"For {student.name}, this command failed: {command.line}")


def _as_student(command: Command, student: Student) -> Command:
    return command._replace(words=("--as", student.name, *command.words))


def rebuild_project(cloud: Cloud, student: Student, lesson: Lesson | None, execute: Execute) -> None:
    """
    Delete all that belongs to the project of a student, and build the world of the lesson in it.

    Nothing of other students changes. The world is built in a copy, in which no time passes for others.

    Raises:
        LessonError: the world cannot be built. CloudFileError: the cloud cannot be used.
    """
    with cloud.writing(is_request=False, what=f"{RESET} {student.name}") as world:
        tables = apply_changes(cloud.store.tables(), world.tx.changes())
        playground = _open_playground(tables | {Task.table: {}})
        _begin_again(playground.cloud, student, seed_for(f"{student.name} {world.settings.requests}", "reset"))
        if lesson:
            _play_world(playground, lesson, student, execute)
        with playground.cloud.reading() as copy:
            records = list(list_own_records(copy.tx, find_ownership(copy.tx, student.name)))
            subnets, counters = copy.tx.query(Subnet), copy.settings.counters
        _clear_project(world, student)
        _put_records(world, records)
        _take_addresses(world, subnets)
        for name, number in counters.items():
            world.settings.counters[name] = max(number, world.settings.counters.get(name, 0))
        world.schedule_check()


def _begin_again(cloud: Cloud, student: Student, seed: int) -> None:
    """Clear a project in a copy of the cloud, whose new IDs do not occur in the cloud."""
    with cloud.writing(is_request=False) as world:
        world.settings.seed = seed
        world.tx.put(world.settings)
        project = _clear_project(world, student)
        world.tx.put(build_default_security_group(world, project))


def _clear_project(world: World, student: Student) -> str:
    """Delete all that belongs to the project of a student. Returns the ID of the project."""
    ownership = find_ownership(world.tx, student.name)
    for record in list(list_own_records(world.tx, ownership)):
        if isinstance(record, Allocation):
            release(world, record.consumer)
        else:
            world.tx.delete(record)
    return ownership.project


def _put_records(world: World, records: list[Record]) -> None:
    """Put records of a project that were created in a copy. Those of migrations come first among allocations."""
    for record in sorted(records, key=lambda each: isinstance(each, Allocation) and each.consumer == each.server_id):
        if isinstance(record, Allocation):
            claim(world, record.server_id, record.host, (record.vcpus, record.ram_mb, record.disk_gb))
            if record.consumer != record.server_id:
                transfer(world, record.server_id, record.consumer)
        else:
            world.tx.put(record)


def _take_addresses(world: World, copies: list[Subnet]) -> None:
    """Take the addresses that subnets for all projects have given in a copy, so that no other port gets them."""
    for copy in copies:
        subnet = world.tx.get(Subnet, copy.id)
        if subnet and subnet.next_host < copy.next_host:
            subnet.next_host = copy.next_host
            world.tx.put(subnet)
