"""Sends requests to servers, waits for their results, and reports their failures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from novasim.api.request import Response
from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import server_id
from novasim.cli.session import Session
from novasim.lifecycle.microversions import NEWEST

NO_RESPONSE = Response(0)


class ServerRequest:
    """
    A request to one server.

    Args:
        name: The name or ID that the user gave. id: Its id, looked up when first needed.
    """

    def __init__(self, session: Session, name: str, id: str = "", response: Response = NO_RESPONSE) -> None:
        self.name = name
        self.response = response
        self._session = session
        self._id = id

    @property
    def id(self) -> str:
        """The server's id. Errors as for `server_id`."""
        self._id = self._id or server_id(self._session, self.name)
        return self._id


class ServerRequests(Attempts):
    """
    The same request to several servers.

        with ServerRequests(session, "delete") as requests:
            for server in servers:
                with requests.to(server) as request:
                    request.response = session.request("DELETE", f"/servers/{request.id}")
            requests.wait(timeout)

    Args:
        action: The name of the action. accepted: The requests that succeeded.
    """

    def __init__(self, session: Session, action: str) -> None:
        super().__init__(session, action)
        self.action = action
        self.accepted: list[ServerRequest] = []
        self._interrupt: KeyboardInterrupt | None = None

    def responses(self) -> list[tuple[str, Any]]:
        """The name of each server whose request succeeded, as the user gave it, and the body of the response."""
        return [(each.name, each.response.body) for each in self.accepted]

    def __enter__(self) -> ServerRequests:
        super().__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        if self._interrupt:
            raise self._interrupt
        super().__exit__(kind, error, traceback)

    @contextmanager
    def to(self, server: str) -> Iterator[ServerRequest]:
        """Report an error raised in the block; otherwise add the request to *accepted*."""
        request = ServerRequest(self.session, server)
        with self.attempt(server):
            yield request
            self.accepted.append(request)

    def wait(self, timeout: float | None) -> None:
        """
        Wait until the action has ended on every server that accepted it; None does not wait.

        An interrupt takes effect at the end of the `with` block: a password in a response is shown only once, so it is
        shown even then.
        """
        if timeout is None or not self.accepted:
            return
        from novasim.cli.servers.wait_goals import ActionEnd, wait_for_all

        ends = [ActionEnd(each.name, each.id, self.action, each.response.request_id) for each in self.accepted]
        try:
            wait_for_all(self, ends, timeout)
        except KeyboardInterrupt as interrupt:
            self._interrupt = interrupt


@contextmanager
def request_to(session: Session, server: str, action: str) -> Iterator[str]:
    """
    Yield the id of a server. An error in the block is reported with advice about *action*, and ends the command.

    Args:
        server: What the user calls it.
    """
    with Attempts(session, action) as attempts, attempts.attempt(server):
        yield server_id(session, server)


def send_action(session: Session, name: str, id: str, arguments: Any = None, until: int | None = None) -> Response:
    """
    Send an action to the server with that id.

    Args:
        until: The last microversion that has all of the arguments, if that is not the action's own.
    """
    from novasim.lifecycle.actions import ACTIONS

    action = ACTIONS[name]
    minor = min(action.until, NEWEST) if until is None else until
    return session.request("POST", f"/servers/{id}/action", {action.api_key: arguments}, minor=minor)


def send_to_each(
    session: Session, servers: Sequence[str], name: str, arguments: Any = None, timeout: float | None = None
) -> None:
    """Send the same action to each server and, unless *timeout* is None, wait until it has ended."""
    with ServerRequests(session, name) as requests:
        for server in servers:
            with requests.to(server) as request:
                request.response = send_action(session, name, request.id, arguments)
        requests.wait(timeout)
