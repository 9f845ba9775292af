"""Servers as commands show them: Nova's own objects to programs, words and names to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from novasim.cli.session import Session

if TYPE_CHECKING:
    from novasim.cli.servers.requests import ServerRequest

Server = dict[str, Any]
BRIEFLY = {"ID": "id", "Name": "name", "Status": "status"}
MANY = 20  # servers from which on one list is cheaper than asking for each


def show_servers(session: Session, servers: Sequence[Server]) -> None:
    """One server in full, several as a list."""
    if session.is_human_readable and not session.quiet:
        from novasim.render.servers import fields_of

        names = image_names(session, servers)
        servers = [fields_of(server, names) for server in servers]
    session.show_each(servers, BRIEFLY)


def image_names(session: Session, servers: Sequence[Server]) -> dict[str, str]:
    """Name by id of the images that the servers were made from, where they still exist."""
    ids = sorted({server["image"]["id"] for server in servers if server["image"]})
    if not ids:
        return {}
    images = session.get("/v2/images", [("id", "in:" + ",".join(ids))], service="image")["images"]
    return {image["id"]: image["name"] or image["id"] for image in images}


def show_current(session: Session, answers: Sequence[tuple[str, Server]]) -> None:
    """Servers (id, and what the answer told of it) as they are now, with the passwords that only answers tell."""
    if session.quiet:
        session.show_each([{"id": id} for id, _ in answers], BRIEFLY)
        return
    with session.transaction(writes=False):
        now = _now(session, [id for id, _ in answers])
        told = [
            now[id] | ({"adminPass": answer["adminPass"]} if "adminPass" in answer else {})
            for id, answer in answers
            if id in now
        ]
        show_servers(session, told)


def _now(session: Session, ids: Sequence[str]) -> dict[str, Server]:
    few = len(ids) <= MANY
    servers = [session.get(f"/servers/{id}")["server"] for id in ids] if few else pages(session, [])
    return {server["id"]: server for server in servers}


def pages(
    session: Session, query: list[tuple[str, str]], limit: int | None = None, path: str = "/servers/detail"
) -> list[Server]:
    """All pages of a list of servers, or as much of them as *limit* asks for."""
    servers: list[Server] = []
    with session.transaction(writes=False):
        while True:
            more = [("limit", str(limit - len(servers)))] if limit is not None else []
            following = [("marker", servers[-1]["id"])] if servers else []
            kept = [pair for pair in query if pair[0] != "marker" or not servers]
            answer = session.get(path, [*kept, *more, *following])
            servers += answer["servers"]
            if "servers_links" not in answer or len(servers) == limit or not answer["servers"]:
                return servers


def show_passwords(session: Session, requests: Sequence[ServerRequest]) -> None:
    """The passwords in responses, with the servers' names if there are several. Nothing if no response has one."""
    answers = [(each.name, each.response.body) for each in requests if each.response.body]
    several = len(requests) > 1
    rows = [{"server": name, **body} if several else body for name, body in answers]
    session.show_each(rows, {"Server": "server", "Password": "adminPass"})
