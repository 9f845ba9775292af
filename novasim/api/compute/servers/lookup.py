"""The server of a request, and its ports."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.errors import ServerNotFound
from novasim.records import Port, Server
from novasim.simulation.hosts.cells import require_cell


def get_server(ctx: Context, server_id: str) -> Server:
    """
    Return a server of the caller's project, or any server to an administrator.

    Raises:
        ServerNotFound: unknown, deleted, or hidden from the caller (404).
        CellDown: the server's cell cannot be reached (500).
    """
    server = get_server_of_any_project(ctx, server_id)
    if server.project_id != ctx.caller.project_id and not ctx.caller.is_admin:
        raise ServerNotFound(server=server_id)
    return server


def get_server_of_any_project(ctx: Context, server_id: str) -> Server:
    """
    Return a server for requests in which Nova lets only the policy decide about other projects (403), such as tags.

    Raises:
        ServerNotFound: unknown or deleted (404).
        CellDown: the server's cell cannot be reached (500).
    """
    server = find_mapped_server(ctx, server_id)
    require_cell(ctx.world, server)
    return server


def find_mapped_server(ctx: Context, server_id: str) -> Server:
    """
    Return a server of any project, whether its cell can be reached or not.

    Raises:
        ServerNotFound: unknown or deleted (404).
    """
    server = ctx.world.tx.get(Server, server_id)
    if server is None or server.deleted:
        raise ServerNotFound(server=server_id)
    return server


def target_of(server: Server) -> dict[str, str]:
    """The target of policy rules: the server's project and user."""
    return {"project_id": server.project_id, "user_id": server.user_id}


def list_ports(ctx: Context, server: Server) -> list[Port]:
    """The ports of a server."""
    return ctx.world.tx.query(Port, {"device_id": server.id})
