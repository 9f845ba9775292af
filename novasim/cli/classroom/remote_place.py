"""The lesson of a classroom behind a server."""

from __future__ import annotations

from typing import Any

from novasim.api.routes import CLASSROOM_MOUNT
from novasim.cli.classroom.place import ClassPlace
from novasim.cli.session import Session
from novasim.cloud import Cloud
from novasim.errors import CloudFileError
from novasim.remote.connection import Connection
from novasim.simulation.time import clock
from novasim.store.memory import MemoryStore
from novasim.store.migrate import upgrade
from novasim.teach.lessons.entries import Entry
from novasim.teach.lessons.library import Library

NOT_FOUND = 404


class RemotePlace(ClassPlace):
    """The student's own cloud behind the server of a classroom."""

    connection: Connection

    def count_hint(self) -> int:
        """Count a hint in the classroom. Returns how many were taken before."""
        return int(_require(self.connection.ask("POST", f"{CLASSROOM_MOUNT}/hint"))["hints"])

    def rebuild(self) -> None:
        """Let the server build the cloud again. The old one is kept."""
        _require(self.connection.ask("POST", f"{CLASSROOM_MOUNT}/reset"))


def open_remote_place(session: Session, library: Library) -> RemotePlace | None:
    """
    The lesson of the cloud that a session names; None if its server has no classroom, or the class no lesson.

    Raises:
        NovasimError: the server cannot be reached, or refuses the credentials. LessonError: the lesson is of a later
            version of novasim.
    """
    connection: Connection = session.connection  # type: ignore[attr-defined]
    answer = connection.ask("GET", CLASSROOM_MOUNT)
    if answer.code == NOT_FOUND:
        return None
    found = _require(answer)
    if not found["file"]:
        return None
    lesson = library.parse(found["text"].encode(), found["file"])
    entries = [Entry(*_read_fields(fields)) for fields in found["entries"]]
    is_shared = "tables" in found
    cloud = _open_copy(found, connection.address.url) if is_shared else session.cloud
    place = RemotePlace(cloud, lesson, entries, found["steps"])
    place.connection, place.can_undo = connection, not is_shared
    return place


def _open_copy(found: dict[str, Any], url: str) -> Cloud:
    """The cloud of a class as the student's project sees it."""
    offset = float(found["wall"]) - clock.wall()
    tables = upgrade(found["tables"], url)[0]
    return Cloud(MemoryStore(tables=tables), lambda: clock.wall() + offset)


def _read_fields(fields: list[Any]) -> list[Any]:
    return [tuple(field) if isinstance(field, list) else field for field in fields]


def _require(answer: Any) -> Any:
    """The body of an answer. Raises CloudFileError for a refusal."""
    if answer.code != 200:
        error = answer.body.get("error", {}) if isinstance(answer.body, dict) else {}
        raise CloudFileError(f"The classroom has answered {answer.code}: {error.get('message', 'no reason given')}")
    return answer.body
