"""Servers as commands show them: Nova's representation for programs, names and words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from novasim.cli.session import Session

Server = dict[str, Any]
BRIEF_COLUMNS = {"ID": "id", "Name": "name", "Status": "status"}
MAX_SINGLE_GETS = 20  # for more servers one list is cheaper


def show_servers(session: Session, servers: Sequence[Server]) -> None:
    """Print one server in full, several as a list. The selected column `fault` is empty for a server without one."""
    if "fault" in map(str.lower, session.columns):
        servers = [{**server, "fault": server.get("fault")} for server in servers]
    if session.is_human_readable and not session.quiet:
        from novasim.render.servers import server_fields

        names = image_names(session, servers)
        servers = [server_fields(server, names) for server in servers]
    session.show_each(servers, BRIEF_COLUMNS)


def image_names(session: Session, servers: Sequence[Server]) -> dict[str, str]:
    """Names by id of the images of servers, as far as the images still exist."""
    ids = sorted({server["image"]["id"] for server in servers if server.get("image")})
    if not ids:
        return {}
    from novasim.api.resources import RESOURCES, list_items

    images = list_items(session, RESOURCES["image"], [("id", "in:" + ",".join(ids))])
    return {image["id"]: image["name"] or image["id"] for image in images}


def owner_names(session: Session, servers: Sequence[Server]) -> dict[str, str]:
    """Names by id of the projects and users of servers. Members know only their own project and user."""
    from novasim.records import Project, User

    projects, users = ({server[key] for server in servers if key in server} for key in ("tenant_id", "user_id"))
    if not session.caller.is_admin:
        projects, users = projects & {session.caller.project_id}, users & {session.caller.user_id}
    with session.cloud.reading() as world:
        found = [*(world.tx.get(Project, id) for id in projects), *(world.tx.get(User, id) for id in users)]
    return {each.id: each.name for each in found if each}


def show_current(session: Session, servers: Sequence[tuple[str, Server]]) -> None:
    """Print servers as they are now, each given by its id and the response's body, which may have its password."""
    if session.quiet:
        session.show_each([{"id": id} for id, _ in servers], BRIEF_COLUMNS)
        return
    with session.transaction(writes=False):
        now = _get_servers(session, [id for id, _ in servers])
        rows = [
            now[id] | ({"adminPass": body["adminPass"]} if "adminPass" in body else {})
            for id, body in servers
            if id in now
        ]
        show_servers(session, rows)


def _get_servers(session: Session, ids: Sequence[str]) -> dict[str, Server]:
    few = len(ids) <= MAX_SINGLE_GETS
    servers = [session.get(f"/servers/{id}")["server"] for id in ids] if few else list_all(session, [])
    return {server["id"]: server for server in servers}


def list_all(
    session: Session,
    query: list[tuple[str, str]],
    limit: int | None = None,
    path: str = "/servers/detail",
    items: Mapping[str, str] | None = None,
) -> list[Server]:
    """
    All servers that a query selects, more than one page if necessary, or the first *limit* of them.

    Args:
        items: Metadata items that the servers must have. The API has no such filter, so the list has details.
    """
    if items:
        return _keep_with_items(list_all(session, query), items)[: limit and max(limit, 0)]
    more = [] if limit is None else [("limit", str(limit))]
    servers: list[Server] = session.get(path, [*query, *more], is_paged=False)["servers"]
    return servers


def _keep_with_items(servers: list[Server], items: Mapping[str, str]) -> list[Server]:
    """The servers that have all of these metadata items."""
    return [server for server in servers if items.items() <= server.get("metadata", {}).items()]


def show_passwords(session: Session, responses: Sequence[tuple[str, Any]]) -> None:
    """Print the passwords in responses, each given by its server's name and its body."""
    several = len(responses) > 1
    rows = [{"server": name, **body} if several else body for name, body in responses if body]
    session.show_each(rows, {"Server": "server", "Password": "adminPass"})
