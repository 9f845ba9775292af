"""Entries of the record of requests, as the checks of lessons read them."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """
    A request about a server.

    Args:
        action: The name of its row in the action table. server: the id. name: the server's name at that time.
        status, task: What the server showed before; "" if there was no server or no task.
        code: The HTTP code of the response. check: the name of the check that refused it; "" if none did.
        request_id: The id of the request, with which its outcome is found.
        at: The cloud's time, in seconds since the epoch.
        locked: Whether the server was locked before.
        kind: The class of the refusal; "" if the request was accepted.
        minor: The microversion 2.N, as N.
    """

    action: str
    name: str
    server: str = ""
    status: str = ""
    task: str = ""
    code: int = 202
    check: str = ""
    request_id: str = ""
    at: float = 0.0
    locked: bool = False
    kind: str = ""
    minor: int = 0

    @property
    def is_accepted(self) -> bool:
        """Whether the request was accepted."""
        return self.code < 400
