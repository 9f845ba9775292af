"""Opens the session of a command for the kind of its cloud."""

from __future__ import annotations

from novasim.cli.session import Session
from novasim.remote import is_remote


def create_session(
    path: str | None, who: str, version: str | None, show_request: bool = False, timeout: float | None = None
) -> Session:
    """
    The session for a cloud file, or for a cloud behind a server.

    Args:
        timeout: How long to wait for an answer of a server, in seconds; None for as long as a change may take.

    Raises:
        UsageError: the address of the server is malformed. NovaFault: as for `Session.pin`.
    """
    if path is None or not is_remote(path):
        return Session(path, who, version, show_request)
    from novasim.cli.remote.session import RemoteSession

    return RemoteSession(path, who, version, show_request, timeout)
