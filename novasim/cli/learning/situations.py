"""The situation of a server as the caller of a command sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from novasim.cli.lookup import server_id
from novasim.cli.session import Session
from novasim.errors import ServerNotFound
from novasim.records import Server
from novasim.teach.situation import Situation
from novasim.teach.viewer import Viewer

DEFAULT_CALLER = "demo"


def open_situation(session: Session, name: str) -> AbstractContextManager[Situation]:
    """
    Open the situation of a server. *name* is the name or ID that the user gave.

    Raises:
        NotFound, Conflict: As for `server_id`.
    """
    return open_situation_by_id(session, server_id(session, name), name)


@contextmanager
def open_situation_by_id(session: Session, id: str, name: str) -> Iterator[Situation]:
    """
    Open the situation of a server; it is valid inside the `with` block.

    Args:
        name: The name or ID that the user gave.

    Raises:
        ServerNotFound: The caller sees no server with this id (404).
    """
    session.get(f"/servers/{id}")
    is_default = session.who == DEFAULT_CALLER
    viewer = Viewer(session.who, session.caller, session.pinned, is_default, session.global_options)
    with session.cloud.reading() as world:
        server = world.tx.get(Server, id)
        if server is None:
            raise ServerNotFound(server=id)
        yield Situation(world, server, viewer, name)
