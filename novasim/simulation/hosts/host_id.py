"""A host as the members of a project see it."""

from __future__ import annotations

import hashlib


def host_id(project_id: str, host: str | None) -> str:
    """The hash of project and host that Nova shows as hostId, or "" without a host."""
    return hashlib.sha224(f"{project_id}{host}".encode()).hexdigest() if host else ""
