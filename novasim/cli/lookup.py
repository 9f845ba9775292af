"""From the words that people use to ids: servers, flavors, images, networks and the rest, asked at the door."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from novasim.cli.session import Session
from novasim.errors import Conflict, NotFound, ServerNotFound, UsageError

HEX = re.compile(r"[0-9a-f-]{4,36}\Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


def server_id(session: Session, text: str) -> str:
    """
    The id of a server named by UUID, by unique name, or by a unique prefix of its UUID.

    Raises:
        ServerNotFound: none (exit 3). Conflict: several (exit 4); the message lists them.
    """
    if UUID.match(text):
        return text
    if not text:
        raise UsageError("A server's name cannot be empty.")
    everything = [("all_tenants", "1")] if session.caller.is_admin else []
    named = session.get("/servers", [("name", f"^{re.escape(text)}$"), *everything])["servers"]
    found = [server["id"] for server in named if server["name"] == text]
    if not found and HEX.match(text):
        found = [s["id"] for s in session.get("/servers", everything)["servers"] if s["id"].startswith(text)]
    return _only(found, text, "server", ServerNotFound(server=text))


def flavor_id(session: Session, text: str) -> str:
    """The id of a flavor by id or name; what is not found is left to the API to refuse."""
    query = [("is_public", "None")] if session.caller.is_admin else []
    return _by_name(session.get("/flavors/detail", query)["flavors"], text, "flavor")


def image_id(session: Session, text: str) -> str:
    """The id of an image by id or name."""
    return _by_name(session.get("/v2/images", service="image")["images"], text, "image")


def network_id(session: Session, text: str) -> str:
    """The id of a network by id or name."""
    return _by_name(session.get("/v2.0/networks", service="network")["networks"], text, "network")


def port_id(session: Session, text: str) -> str:
    """The id of a port by id or name."""
    return _by_name(session.get("/v2.0/ports", service="network")["ports"], text, "port")


def volume_id(session: Session, text: str) -> str:
    """The id of a volume by id or name."""
    path = f"/v3/{session.caller.project_id}/volumes/detail"
    return _by_name(session.get(path, service="volume")["volumes"], text, "volume")


def _by_name(things: Iterable[dict[str, Any]], text: str, word: str) -> str:
    things = list(things)
    if any(thing["id"] == text for thing in things):
        return text
    found = [thing["id"] for thing in things if thing["name"] == text]
    return _only(found, text, word, NotFound(reason=_missing(things, text, word)))


def _missing(things: list[dict[str, Any]], text: str, word: str) -> str:
    import difflib

    names = [str(thing["name"]) for thing in things if thing["name"]]
    near = difflib.get_close_matches(text, names, 3) or sorted(names)[:8]
    return f"There is no {word} {text!r}" + (f"; there are: {', '.join(near)}." if near else ".")


def _only(found: list[str], text: str, word: str, missing: Exception) -> str:
    if len(found) > 1:
        raise Conflict(reason=f"More than one {word} is called {text!r}: {', '.join(sorted(found))}.")
    if not found:
        raise missing
    return found[0]


def security_group_id(session: Session, text: str) -> str:
    """The id of a security group by id or name."""
    return _by_name(session.get("/v2.0/security-groups", service="network")["security_groups"], text, "security group")


def floating_ip_id(session: Session, text: str) -> str:
    """The id of a floating address by id or address."""
    found = session.get("/v2.0/floatingips", service="network")["floatingips"]
    return _by_name([{"id": ip["id"], "name": ip["floating_ip_address"]} for ip in found], text, "floating address")


def server_group_id(session: Session, text: str) -> str:
    """The id of a server group by id or name."""
    return _by_name(session.get("/os-server-groups")["server_groups"], text, "server group")


def project_id(session: Session, text: str) -> str:
    """The id of a project by id or name; an unknown one is left to the API to refuse."""
    from novasim.records import Project

    with session.cloud.reading() as world:
        for project in world.tx.find(Project, name=text):
            return project.id
    return text


def subnet_id(session: Session, text: str) -> str:
    """The id of a subnet by id or name."""
    return _by_name(session.get("/v2.0/subnets", service="network")["subnets"], text, "subnet")


def router_id(session: Session, text: str) -> str:
    """The id of a router by id or name."""
    return _by_name(session.get("/v2.0/routers", service="network")["routers"], text, "router")


def snapshot_id(session: Session, text: str) -> str:
    """The id of a volume snapshot by id or name."""
    path = f"/v3/{session.caller.project_id}/snapshots"
    return _by_name(session.get(path, service="volume")["snapshots"], text, "volume snapshot")
