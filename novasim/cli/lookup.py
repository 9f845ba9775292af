"""Resolves the names and ID prefixes that users type to IDs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from novasim.cli.session import Session
from novasim.errors import Conflict, NotFound, ServerNotFound, UsageError

if TYPE_CHECKING:
    from novasim.records import Project, User

Item = dict[str, Any]

MIN_PREFIX = 4  # characters of an id
ID_PREFIX = re.compile(rf"[0-9a-f-]{{{MIN_PREFIX},36}}\Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
MAX_LISTED = 8  # names or ids in a message


class NamedServer(str):
    """The name of a server whose id is known, as a list of servers gives it."""

    id: str

    def __new__(cls, name: str, id: str) -> NamedServer:
        server = super().__new__(cls, name)
        server.id = id
        return server


def server_id(session: Session, text: str) -> str:
    """
    The id of a server by UUID, by unique name, or by a unique prefix (at least four characters) of its UUID.

    Raises:
        ServerNotFound: no such server (exit code 3).
        Conflict: several servers (exit code 4); the message lists them. UsageError: an empty name.
    """
    if isinstance(text, NamedServer):
        return text.id
    if UUID.match(text):
        return text
    if not text:
        raise UsageError("A server's name cannot be empty.")
    everyone = [("all_tenants", "1")] if session.caller.is_admin else []
    named = session.get("/servers", [("name", f"^{re.escape(text)}$"), *everyone])["servers"]
    found = [server for server in named if server["name"] == text]
    if not found and ID_PREFIX.match(text):
        from novasim.cli.servers.views import list_all

        found = [server for server in list_all(session, everyone, path="/servers") if server["id"].startswith(text)]
    found = found or _find_soft_deleted(session, text)
    if not found:
        raise ServerNotFound(server=text)
    return _only_id(found, text, "server")


def _find_soft_deleted(session: Session, text: str) -> list[Item]:
    """Soft-deleted servers of that name. Nova's lists hide them from members, who may show them by id."""
    from novasim.records import Server

    with session.cloud.reading() as world:
        ids = [server.id for server in world.tx.query(Server, {"name": text, "deleted": False})]
    return [server for id in ids if (server := get_server_or_none(session, id))]


def get_server_or_none(session: Session, id: str) -> Item | None:
    """A server as it is now; None if it does not exist or the caller is not allowed to see it."""
    try:
        server: Item = session.get(f"/servers/{id}")["server"]
    except NotFound:
        return None
    return server


def path_segment(word: str, text: str) -> str:
    """
    Return *text* if it can be one segment of a path.

    Raises:
        UsageError: it is empty or has a slash, which would change the meaning of the path.
    """
    if not text or "/" in text:
        raise UsageError(f"{text!r} cannot be the name of a {word}.")
    return text


def item_path(session: Session, noun: str, text: str) -> str:
    """The path of a resource by id or name. Errors as for `find_id`."""
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
        raise UsageError(f"The name of a {word} cannot be empty.")
    if found := find_items(session, resource, text):
        return _only_id(found, text, word, resource.name_key)
    everyone = resource.admin_query if session.caller.is_admin else ()
    names = {str(item[resource.name_key] or "") for item in list_items(session, resource, everyone)} - {""}
    raise _not_found(names, text, word)


def _not_found(names: set[str], text: str, word: str) -> NotFound:
    from novasim.suggestions import did_you_mean

    more = ", ..." if len(names) > MAX_LISTED else "."
    listed = f" Choose from: {', '.join(sorted(names)[:MAX_LISTED])}{more}" if names else ""
    return NotFound(reason=f"There is no {word} {text!r}.{did_you_mean(text, sorted(names)) or listed}")


def _only_id(found: Sequence[Item], text: str, word: str, name_key: str = "name") -> str:
    if len(found) == 1:
        return str(found[0]["id"])
    listed = [f"{item['id']} ({item.get(name_key, '')})" for item in found[:MAX_LISTED]]
    more = f" and {len(found) - MAX_LISTED} more" if len(found) > MAX_LISTED else ""
    raise Conflict(reason=f"{text!r} matches more than one {word}: {', '.join(listed)}{more}. Give the id.")


def project_id(session: Session, text: str) -> str:
    """The id of the project of that name; otherwise *text* itself, which the API accepts or refuses."""
    from novasim.records import Project

    return _id_by_name(session, Project, text)


def user_id(session: Session, text: str) -> str:
    """The id of the user of that name; otherwise *text* itself, which the API accepts or refuses."""
    from novasim.records import User

    return _id_by_name(session, User, text)


def _id_by_name(session: Session, kind: type[Project] | type[User], text: str) -> str:
    with session.cloud.reading() as world:
        return next((each.id for each in world.tx.query(kind, {"name": text})), text)
