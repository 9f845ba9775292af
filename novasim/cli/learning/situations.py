"""A server as the caller of a command finds it, for whoever gives advice about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from novasim.cli.lookup import server_id
from novasim.cli.session import Session
from novasim.errors import ServerNotFound
from novasim.records import Server
from novasim.teach.situation import Asker, Situation

USUAL = "demo"  # who asks if nobody is named


def situation_named(session: Session, called: str) -> AbstractContextManager[Situation]:
    """The server that the caller calls *called*; refusals as for `server_id` and `situation_of`."""
    return situation_of(session, server_id(session, called), called)


@contextmanager
def situation_of(session: Session, id: str, called: str) -> Iterator[Situation]:
    """
    The server with an id, which the caller calls *called*, as it is now.

    Raises:
        ServerNotFound: there is none that the caller sees (404).
    """
    session.get(f"/servers/{id}")
    asker = Asker(session.who, session.caller, session.pinned, session.who == USUAL, session.global_options)
    with session.cloud.reading() as world:
        server = world.tx.get(Server, id)
        if server is None:
            raise ServerNotFound(server=id)
        yield Situation(world, server, asker, called)
