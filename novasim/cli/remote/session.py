"""The session of a command whose cloud is behind a server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.cli.default_cloud import default_path
from novasim.cli.session import Session
from novasim.cloud import Cloud
from novasim.errors import NovasimError, UsageError
from novasim.records import Caller
from novasim.remote import errors, protocol
from novasim.remote.address import parse_address
from novasim.remote.cloud import RemoteCloud, RemoteStore, open_past_cloud
from novasim.remote.connection import ANSWER_TIMEOUT, Connection
from novasim.remote.credentials import find_credentials
from novasim.simulation.seeded import generate_secret_key
from novasim.store.redaction import mask_words

if TYPE_CHECKING:
    from novasim.remote.states import RemoteStates


class RemoteSession(Session):
    """
    The global options of a command, and the cloud behind a server that they name.

    The server executes requests and changes. What only reads the cloud as a whole, such as `why`, reads a copy.

    Args:
        path: The address, as http://HOST:PORT/NAME.
        timeout: How long to wait for an answer, in seconds; None for as long as a change may take.

    Raises:
        UsageError: the address is malformed.
    """

    def __init__(
        self,
        path: str,
        who: str,
        version: str | None,
        show_request: bool = False,
        timeout: float | None = None,
    ) -> None:
        address = parse_address(path)
        super().__init__(address.url, who, version, show_request)
        credentials = find_credentials(address, os.path.dirname(default_path()))
        self.connection = Connection(address, credentials, timeout or ANSWER_TIMEOUT)
        if context := click.get_current_context(silent=True):
            context.find_root().call_on_close(self.connection.close)
        self._store = RemoteStore(self.connection)
        self._step = generate_secret_key()[:16]
        self._has_changed = False

    def exists(self) -> bool:
        """Whether there is a cloud; a server without it, or that refuses the caller, raises an error."""
        return bool(self.caller)

    @property
    def states(self) -> RemoteStates:
        from novasim.remote.states import RemoteStates

        return RemoteStates(self.path, lambda fields: self._post("/states", fields)["result"])

    @property
    def has_saved(self) -> bool:
        return self._has_changed

    def _open(self) -> Cloud:
        self.check_moment()
        if self.at is None:
            return RemoteCloud(self._store)
        return open_past_cloud(self.connection, self.at)

    @property
    def caller(self) -> Caller:
        if self._caller is None:
            found = self.connection.post("/session", self._describe())
            if found["version"] != protocol.VERSION:
                raise errors.other_version(self.connection.address, found["version"], protocol.VERSION)
            user_id, project_id, roles, *rest = found["caller"]
            self._caller = Caller(user_id, project_id, tuple(roles), *rest)
        return self._caller

    def handle(self, request: Request) -> Response:
        if self.at is not None or (self._store.is_fetched and self._store.is_held and request.method == "GET"):
            return handle(self.cloud, request)
        found = self._post("/requests", {"request": protocol.pack_request(request)})
        response = protocol.unpack_response(found["response"])
        self._has_changed = self._has_changed or (request.method != "GET" and response.fault is None)
        return response

    def control(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        from novasim.remote import calls

        name = calls.name_of(function)
        given = arguments[1:] if name in calls.WITH_CALLER else arguments
        try:
            found = self._post("/calls", {"name": name, "arguments": given, "options": options})
        except ValueError:
            raise UsageError("A number must be finite.") from None
        self._has_changed = True
        return calls.unpack_result(name, found["result"])

    @contextmanager
    def transaction(self, writes: bool) -> Iterator[None]:
        if not writes:
            with self._store.hold():
                yield
            return
        self._store.lease = self._post("/leases", {})["lease"]
        try:
            yield
        except BaseException:
            with suppress(NovasimError):  # then the server drops it after a few seconds
                self._end("/rollback")
            raise
        self._end("/commit")
        self._has_changed = True

    def _end(self, path: str) -> None:
        """End the transaction at the server."""
        try:
            self._post(path, {})
        finally:
            self._store.lease = ""

    def _post(self, path: str, fields: dict[str, Any]) -> Any:
        return self.connection.post(path, fields | self._describe(), self._store.lease)

    def _describe(self) -> dict[str, Any]:
        """The caller and the command line, for the record."""
        return {"as": self.who, "words": mask_words(self.words), "step": self._step}
