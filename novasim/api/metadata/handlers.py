"""Handlers of the metadata service for those who name the server: its project, and administrators."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.metadata.config_drive import list_files
from novasim.api.metadata.documents import TEXT, find_document
from novasim.api.metadata.instance import read_drive_instance, read_instance
from novasim.api.metadata.password import store_password
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import Server

RULE = "os_compute_api:os-console-output"  # Nova has no rule: who sees the guest's console sees what it reads


def show(ctx: Context, server_id: str, **_: str) -> Response:
    """GET /{server_id}/...: what the guest of a server reads at the path that follows. 403, 404."""
    instance = read_instance(ctx.world, _get_server(ctx, server_id))
    document = find_document(instance, ctx.request.path.split("/")[2:])
    return Response(200, document.content, {"Content-Type": document.media_type})


def post_password(ctx: Context, server_id: str, version: str) -> Response:
    """POST /{server_id}/openstack/{version}/password: set a password as the guest does. 400, 403, 404, 409."""
    server = _get_server(ctx, server_id)
    find_document(read_instance(ctx.world, server), ["openstack", version, "password"])
    store_password(ctx.world, server, ctx.body)
    return Response(200)


def list_drive(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /{server_id}/config-drive: paths and sizes in bytes of the files on the config drive. 403, 404."""
    files = _list_drive_files(ctx, server_id)
    return {"files": [{"path": path, "size": len(content)} for path, content in files.items()]}


def show_drive_file(ctx: Context, server_id: str, **_: str) -> Response:
    """GET /{server_id}/config-drive/...: a file on the config drive. 403, 404."""
    files = _list_drive_files(ctx, server_id)
    path = "/".join(ctx.request.path.split("/")[3:])
    if path not in files:
        raise NotFound(reason=f"There is no file {path} on the config drive.")
    return Response(200, files[path], {"Content-Type": TEXT})


def _get_server(ctx: Context, server_id: str) -> Server:
    server = get_server(ctx, server_id)
    ctx.can(RULE, target_of(server))
    return server


def _list_drive_files(ctx: Context, server_id: str) -> dict[str, bytes]:
    server = _get_server(ctx, server_id)
    if not server.config_drive:
        raise NotFound(reason=f"Server {server_id} has no config drive.")
    return list_files(read_drive_instance(ctx.world, server))
