"""From the words that people use to ids: servers, flavors, images, networks and the rest, asked at the door."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from novasim.cli.session import Session
from novasim.errors import Conflict, NotFound, ServerNotFound, UsageError

if TYPE_CHECKING:
    from novasim.records import Project, User

Thing = dict[str, Any]

BEGINNING = re.compile(r"[0-9a-f-]{4,36}\Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
CANDIDATES = 8


def server_id(session: Session, text: str) -> str:
    """
    The id of a server named by UUID, by unique name, or by a unique beginning (four letters or more) of its UUID.

    Raises:
        ServerNotFound: none (exit 3). Conflict: several (exit 4); the message lists them.
    """
    if UUID.match(text):
        return text
    if not text:
        raise UsageError("A server's name cannot be empty.")
    everybodys = [("all_tenants", "1")] if session.caller.is_admin else []
    named = session.get("/servers", [("name", f"^{re.escape(text)}$"), *everybodys])["servers"]
    found = [server for server in named if server["name"] == text]
    if not found and BEGINNING.match(text):
        from novasim.cli.servers.views import pages

        found = [server for server in pages(session, everybodys, path="/servers") if server["id"].startswith(text)]
    found = found or _restorable(session, text)
    if not found:
        raise ServerNotFound(server=text)
    return _only(found, text, "server")


def _restorable(session: Session, text: str) -> list[Thing]:
    """Servers of a name that are soft-deleted: Nova's lists hide them from members, who see them by id all the same."""
    from novasim.records import Server

    with session.cloud.reading() as world:
        ids = [server.id for server in world.tx.query(Server, {"name": text, "deleted": False})]
    return [server for id in ids if (server := get_server_or_none(session, id))]


def get_server_or_none(session: Session, id: str) -> Thing | None:
    """A server as it is now; None if it is gone, or not the caller's to see."""
    try:
        server: Thing = session.get(f"/servers/{id}")["server"]
    except NotFound:
        return None
    return server


def path_segment(what: str, text: str) -> str:
    """*text*, fit to be a part of a path: without it, or with a slash in it, the path would mean something else."""
    if not text or "/" in text:
        raise UsageError(f"{text!r} cannot be the name of a {what.replace('_', ' ')}.")
    return text


def item_path(session: Session, noun: str, text: str) -> str:
    """The path of a resource by id or name. NotFound and Conflict as for `find_id`."""
    from novasim.api.resources import RESOURCES

    return f"{RESOURCES[noun].list_path(session.caller)}/{find_id(session, noun, text)}"


def find_id(session: Session, noun: str, text: str) -> str:
    """
    The id of a resource by id or name.

    Args:
        noun: A key of RESOURCES.

    Raises:
        NotFound: no such resource; the message names similar ones. Conflict: several have the name.
        UsageError: an empty name.
    """
    from novasim.api.resources import RESOURCES, display_name, find_items, list_items

    resource, word = RESOURCES[noun], display_name(noun)
    if resource.id_key == resource.name_key:
        return path_segment(word, text)
    if not text:
        raise UsageError(f"An empty name is not the name of any {word}.")
    if found := find_items(session, resource, text):
        return _only(found, text, word, resource.name_key)
    everyone = resource.admin_query if session.caller.is_admin else ()
    raise _missing(list_items(session, resource, everyone), text, word, resource.name_key)


def _missing(things: Sequence[Thing], text: str, word: str, name: str = "name") -> NotFound:
    from novasim.suggestions import find_similar

    names = sorted({str(thing[name]) for thing in things if thing[name]})
    near = find_similar(text, names) or names[:CANDIDATES]
    return NotFound(reason=f"There is no {word} {text!r}" + (f"; there are: {', '.join(near)}." if near else "."))


def _only(found: Sequence[Thing], text: str, word: str, name: str = "name") -> str:
    if len(found) == 1:
        return str(found[0]["id"])
    shown = [f"{thing['id']} ({thing[name]})" for thing in found[:CANDIDATES]]
    more = f" and {len(found) - CANDIDATES} more" if len(found) > CANDIDATES else ""
    raise Conflict(reason=f"{text!r} can mean more than one {word}: {', '.join(shown)}{more}. Give the id.")


def project_id(session: Session, text: str) -> str:
    """The id of a project by id or name; an unknown one is left to the API to refuse."""
    from novasim.records import Project

    return _identity(session, Project, text)


def user_id(session: Session, text: str) -> str:
    """The id of a user by id or name; an unknown one is left to the API, which has nothing of theirs."""
    from novasim.records import User

    return _identity(session, User, text)


def _identity(session: Session, kind: type[Project] | type[User], text: str) -> str:
    with session.cloud.reading() as world:
        return next((each.id for each in world.tx.query(kind, {"name": text})), text)
