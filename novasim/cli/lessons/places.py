"""Where the commands of a lesson find its cloud: in the learner's folder, or in a classroom."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import click

from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.workplace import Workplace, find_lesson
from novasim.cli.session import Session
from novasim.remote import is_remote
from novasim.teach.lessons.evaluation import View
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Playground
from novasim.teach.lessons.status import BusyServer, GoalStatus


class Place(Protocol):
    """The cloud of a lesson, the requests since its start, and what is kept of the learner. See `Workplace`."""

    lesson: Lesson
    ending: str
    can_undo: bool

    def view(self) -> AbstractContextManager[View]: ...
    def evaluate(self) -> tuple[list[GoalStatus], list[BusyServer]]: ...
    def playground(self, lets_time_pass: bool) -> Playground: ...
    def count_steps(self) -> int: ...
    def count_hint(self) -> int: ...
    def keep(self, statuses: Sequence[GoalStatus]) -> dict[str, Any]: ...
    def rebuild(self) -> None: ...


def find_place(name: str | None) -> Place:
    """
    The place of the lesson of that name. Without a name, that of the classroom whose cloud the session names, of the
    shell, or of the last lesson that was started.

    Raises:
        NoSuchLesson: There is no such lesson, or none has been started. CloudFileError: the classroom cannot be read.
    """
    place = find_class_place()
    if place and name in (None, "", place.lesson.name):
        return place
    return Workplace(find_lesson(name))


def find_class_place() -> Place | None:
    """The lesson of the classroom whose cloud the session names; None for another cloud."""
    session = click.get_current_context().find_object(Session)
    named = session.named_cloud if session else ""
    if session and is_remote(named):
        from novasim.cli.classroom.remote_place import open_remote_place

        return open_remote_place(session, open_library())
    folder = os.path.dirname(os.path.dirname(os.path.abspath(named))) if named else ""
    if folder and os.path.exists(os.path.join(folder, "classroom.json")):
        from novasim.cli.classroom.local_place import open_local_place

        return open_local_place(folder, named, open_library())
    return None
