"""From the words that people use to ids: servers, flavors, images, networks and the rest, asked at the door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


def segment(what: str, text: str) -> str:
    """A name as a part of a path: without it, or with a slash in it, the path would mean something else."""
    if not text or "/" in text:
        raise UsageError(f"{text!r} cannot be the name of a {what.replace('_', ' ')}.")
    return text


def flavor_id(session: Session, text: str) -> str:
    """The id of a flavor by id or name."""
    query = [("is_public", "None")] if session.caller.is_admin else []
    return _among(session.get("/flavors/detail", query)["flavors"], text, "flavor")


def server_group_id(session: Session, text: str) -> str:
    """The id of a server group by id or name."""
    return _among(session.get("/os-server-groups")["server_groups"], text, "server group")


def image_id(session: Session, text: str) -> str:
    """The id of an image by id or name."""
    return _found(session, "image", "/v2/images", "images", text, "image")


def network_id(session: Session, text: str) -> str:
    """The id of a network by id or name."""
    return _found(session, "network", "/v2.0/networks", "networks", text, "network")


def subnet_id(session: Session, text: str) -> str:
    """The id of a subnet by id or name."""
    return _found(session, "network", "/v2.0/subnets", "subnets", text, "subnet")


def router_id(session: Session, text: str) -> str:
    """The id of a router by id or name."""
    return _found(session, "network", "/v2.0/routers", "routers", text, "router")


def port_id(session: Session, text: str) -> str:
    """The id of a port by id or name."""
    return _found(session, "network", "/v2.0/ports", "ports", text, "port")


def security_group_id(session: Session, text: str) -> str:
    """The id of a security group by id or name."""
    return _found(session, "network", "/v2.0/security-groups", "security_groups", text, "security group")


def floating_ip_id(session: Session, text: str) -> str:
    """The id of a floating address by id or address."""
    path = "/v2.0/floatingips"
    return _found(session, "network", path, "floatingips", text, "floating address", "floating_ip_address")


def volume_id(session: Session, text: str) -> str:
    """The id of a volume by id or name."""
    return _found(session, "volume", f"/v3/{session.caller.project_id}/volumes/detail", "volumes", text, "volume")


def snapshot_id(session: Session, text: str) -> str:
    """The id of a volume snapshot by id or name."""
    path = f"/v3/{session.caller.project_id}/snapshots"
    return _found(session, "volume", path, "snapshots", text, "volume snapshot")


def _found(session: Session, service: str, path: str, key: str, text: str, word: str, name: str = "name") -> str:
    """The id of the only thing with that id or name (the attribute *name*) in a list that filters by both."""
    _check_named(text, word)
    for attribute in ("id", name):
        query = [(attribute, text)]
        found = [each for each in session.get(path, query, service=service)[key] if each[attribute] == text]
        if found:
            return _only(found, text, word, name)
    raise _missing(session.get(path, service=service)[key], text, word, name)


def _among(things: Iterable[Thing], text: str, word: str) -> str:
    """The same in a list that is there already."""
    _check_named(text, word)
    things = list(things)
    found = [each for each in things if each["id"] == text] or [each for each in things if each["name"] == text]
    if not found:
        raise _missing(things, text, word)
    return _only(found, text, word)


def _check_named(text: str, word: str) -> None:
    """Much has no name, but nobody means that by an empty word."""
    if not text:
        raise UsageError(f"An empty name is not the name of any {word}.")


def _missing(things: Sequence[Thing], text: str, word: str, name: str = "name") -> NotFound:
    import difflib

    names = sorted({str(thing[name]) for thing in things if thing[name]})
    near = difflib.get_close_matches(text, names, 3) or names[:CANDIDATES]
    return NotFound(reason=f"There is no {word} {text!r}" + (f"; there are: {', '.join(near)}." if near else "."))


def _only(found: Sequence[Thing], text: str, word: str, name: str = "name") -> str:
    if len(found) == 1:
        return str(found[0]["id"])
    shown = [f"{thing['id']} ({thing[name]})" for thing in found[:CANDIDATES]]
    more = f" and {len(found) - CANDIDATES} more" if len(found) > CANDIDATES else ""
    raise Conflict(reason=f"{text!r} can mean more than one {word}: {', '.join(shown)}{more}. Give the id.")


def identity_id(session: Session, kind: str, text: str) -> str:
    """The id of a project, user or role by id or name."""
    return _found(session, "identity", f"/v3/{kind}s", f"{kind}s", text, kind)


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
