"""Servers as a stream of JSON lines: a line for each server, and another one whenever what it shows has changed."""

from __future__ import annotations

import json
import select
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from novasim.cli.lookup import get_server_or_none
from novasim.cli.session import Session
from novasim.lifecycle.states import DELETED
from novasim.lifecycle.status import status_of
from novasim.render.output import print_json
from novasim.render.view import view_list

Server = dict[str, Any]
GONE = {"status": status_of(DELETED, None), "OS-EXT-STS:vm_state": DELETED, "OS-EXT-STS:task_state": None}


class ChangeStream:
    """
    Prints changes of servers. A line is the server in Nova's representation, with the columns of `-c`.

    Args:
        titles: The titles of columns that `-c` accepts, and their keys.
    """

    def __init__(self, session: Session, titles: Mapping[str, str]) -> None:
        self._session = session
        self._titles = titles
        self._lines: dict[str, str] = {}
        self._servers: dict[str, Server] = {}

    def update(self, servers: Sequence[Server]) -> None:
        """
        Print the servers that have changed since the last update, or that are new.

        A server that is missing is printed as it is now, the last time: deleted, or in a state that no filter selects.

        Raises:
            BrokenPipeError: the reader has closed the pipe. UsageError: an unknown column.
        """
        for id in [*self._servers.keys() - {server["id"] for server in servers}]:
            self._print(get_server_or_none(self._session, id) or self._servers[id] | GONE)
            del self._servers[id], self._lines[id]
        for server in servers:
            self._print(server)
        if is_pipe_closed(sys.stdout):
            raise BrokenPipeError

    def _print(self, server: Server) -> None:
        view = self._session.with_columns(view_list([server], self._titles))
        line = json.dumps(view.data[0])
        if self._lines.get(server["id"]) != line:
            print_json(line)
        self._servers[server["id"]], self._lines[server["id"]] = server, line


def is_pipe_closed(out: TextIO) -> bool:
    """Whether the reader of a pipe has closed it, so that the next line would fail; False where that is unknown."""
    try:
        descriptor = out.fileno()
    except (OSError, ValueError):
        return False
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))
