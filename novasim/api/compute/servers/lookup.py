"""Finding the server that a request is about."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.errors import ServerNotFound
from novasim.records import Port, Server


def get_server(ctx: Context, server_id: str) -> Server:
    """
    The server of that id, if the caller may know of it.

    Raises:
        ServerNotFound: unknown, deleted, or of another project and the caller is no administrator (404).
    """
    server = get_server_of_any_project(ctx, server_id)
    if server.project_id != ctx.caller.project_id and not ctx.caller.is_admin:
        raise ServerNotFound(server=server_id)
    return server


def get_server_of_any_project(ctx: Context, server_id: str) -> Server:
    """
    The server of that id, for requests in which Nova leaves other projects to the policy (403), such as tags.

    Raises:
        ServerNotFound: unknown or deleted (404).
    """
    server = ctx.world.tx.get(Server, server_id)
    if server is None or server.deleted:
        raise ServerNotFound(server=server_id)
    return server


def target_of(server: Server) -> dict[str, str]:
    """What policy rules compare the caller with: the server's project and user."""
    return {"project_id": server.project_id, "user_id": server.user_id}


def list_ports(ctx: Context, server: Server) -> list[Port]:
    """The ports that are plugged into a server."""
    return ctx.world.tx.query(Port, {"device_id": server.id})
