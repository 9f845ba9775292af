"""The host of a server as members of its project see it."""

from __future__ import annotations

import hashlib

from novasim.records import Server


def host_id(server: Server) -> str:
    """The hash of project and host that Nova shows as hostId, or "" without a host."""
    if server.host is None:
        return ""
    return hashlib.sha224(f"{server.project_id}{server.host}".encode()).hexdigest()
