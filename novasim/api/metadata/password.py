"""The password that a guest posts, for its owner to decrypt. Source: nova/api/metadata/password.py, handle_password."""

from __future__ import annotations

from typing import Any

from novasim.errors import BadRequest, Conflict
from novasim.records import Server
from novasim.simulation.world import World

MAX_BYTES = 1020
IN_USE = "There was a conflict when trying to complete your request."


def store_password(world: World, server: Server, body: Any) -> None:
    """
    Store the body of a guest's POST as the password of its server.

    Raises:
        Conflict: the server has a password, which its owner has not cleared (409).
        BadRequest: more than MAX_BYTES, or not UTF-8 (400).
    """
    content = body if isinstance(body, bytes) else b""
    if server.guest_password:
        raise Conflict(reason=IN_USE)
    if len(content) > MAX_BYTES:
        raise BadRequest(reason="Request is too large.")
    try:
        server.guest_password = content.decode()
    except UnicodeDecodeError:
        raise BadRequest(reason="The password is not UTF-8 encoded.") from None
    world.tx.put(server)
