"""One call of a command: its arguments, and requests to the API of the cloud in this process."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from novasim.api.request import Response
from novasim.api.routes import MOUNTS
from novasim.cli.openstack.kinds import KINDS, Kind
from novasim.cli.session import ENDPOINT, Session
from novasim.render.output import print_line, print_message, print_text

Item = dict[str, Any]
Query = Iterable[tuple[str, Any]]

EXCEPTIONS = {
    400: "BadRequestException",
    403: "ForbiddenException",
    404: "NotFoundException",
    409: "ConflictException",
    412: "PreconditionFailedException",
}
NOT_FOUND = 404
NOT_AN_ID = (400, 403, NOT_FOUND)  # codes of GET /kind/NAME that make the client look for the name


class CommandError(Exception):
    """The command failed. Its text goes to stderr, and the exit code is 1."""


class ApiError(CommandError):
    """A refusal of the API, in the words of openstacksdk or, for Placement, of osc-placement."""

    def __init__(self, response: Response, path: str, service: str) -> None:
        self.code = response.code
        message = find_message(response.body) or HTTPStatus(response.code).phrase
        if service == "placement":
            super().__init__(
                f"{message.splitlines()[-1].strip()} (HTTP {response.code})"
            )  # the last line of the detail
            return
        side = "Client" if response.code < 500 else "Server"
        url = f"{ENDPOINT}{MOUNTS.get(service, '')}{quote(path)}"
        name = EXCEPTIONS.get(response.code, "HttpException")
        super().__init__(f"{name}: {response.code}: {side} Error for url: {url}, {message}")


def find_message(body: Any) -> str:
    """The message in the body of a refusal, whichever service wrote it; "" if it has no message."""
    parts = [part for value in body.values() for part in _list_parts(value)] if isinstance(body, dict) else []
    return "\n".join(str(part.get("message") or part.get("detail") or "") for part in parts)


def _list_parts(value: Any) -> list[Item]:
    """The mappings with the message: the value of a key such as `conflictingRequest`, or those in Placement's list."""
    return [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict)]


class Call:
    """
    One call of a command.

    Args:
        minors: By service the microversion of requests that change something, instead of that of the real client.
    """

    def __init__(self, session: Session, args: Namespace, minors: Mapping[str, int] | None = None) -> None:
        self.session, self.args, self.minors = session, args, minors or {}
        self.failures = 0

    @property
    def project_id(self) -> str:
        """The caller's project."""
        return self.session.caller.project_id

    def send(
        self, method: str, path: str, body: Any = None, query: Query = (), service: str = "compute", minor: int = 1
    ) -> Response:
        """
        Send a request.

        Raises:
            ApiError: it is refused.
        """
        response = self.try_send(method, path, body, query, service, minor)
        if response.fault:
            raise ApiError(response, path, service)
        return response

    def try_send(
        self, method: str, path: str, body: Any = None, query: Query = (), service: str = "compute", minor: int = 1
    ) -> Response:
        """Send a request as `send` does. A refusal is a response, too. The real client reads all pages of a list."""
        pairs = [(key, str(value)) for key, value in query if value is not None]
        is_look_up = method == "GET"  # for which the real client ignores a version that is set
        minor = minor if is_look_up else self.minors.get(service, minor)
        return self.session.send(method, path, body, pairs, minor, service, is_paged=False)

    def kind_path(self, kind: Kind) -> str:
        """The path of the list of a kind."""
        return kind.path.format(project=self.project_id)

    def list(self, name: str, query: Query = (), detail: bool = True) -> list[Item]:
        """All resources of a kind; those of the identity service on all pages."""
        kind = KINDS[name]
        path = self.kind_path(kind) + (kind.detail if detail else "")
        body = self.send("GET", path, query=query, service=kind.service, minor=kind.minor).body
        items = [*body[kind.many]]
        while kind.service == "identity" and (following := body["links"]["next"]):
            body = self.send("GET", path, query=parse_qsl(urlsplit(following).query), service=kind.service).body
            items += body[kind.many]
        return [item[kind.item] if kind.item else item for item in items]

    def get(self, name: str, id: str) -> Item:
        """One resource by its ID."""
        kind = KINDS[name]
        response = self.send("GET", f"{self.kind_path(kind)}/{id}", service=kind.service, minor=kind.minor)
        return _unwrap(kind, response.body)

    def find(self, name: str, text: str, query: Query = ()) -> Item:
        """
        One resource by ID or name, as openstacksdk looks for it.

        Raises:
            CommandError: there is no such resource, or more than one has the name.
        """
        kind = KINDS[name]
        found = self._find_by_id(kind, text) if text and "/" not in text else None
        if found is not None:
            return found
        by_name = [(kind.query[0], kind.query[1].format(text))] if kind.query else []
        matches = [
            item
            for item in self.list(name, [*by_name, *query])
            if text in (str(item.get(kind.name)), str(item.get("id")))
        ]
        if not matches:
            raise CommandError(f"No {kind.word} found for {text}")
        if len(matches) > 1:
            raise CommandError(f"More than one {kind.word} exists with the name '{text}'.")
        return matches[0]

    def _find_by_id(self, kind: Kind, text: str) -> Item | None:
        response = self.try_send("GET", f"{self.kind_path(kind)}/{text}", service=kind.service, minor=kind.minor)
        if not response.fault:
            return _unwrap(kind, response.body)
        if response.code not in NOT_AN_ID:
            raise ApiError(response, f"{self.kind_path(kind)}/{text}", kind.service)
        return None

    def find_id(self, name: str, text: str) -> str:
        """The ID of a resource. Errors as for `find`."""
        return str(self.find(name, text)["id"])

    def create(self, name: str, body: Item) -> Item:
        """Create a resource. The result has what was sent, as in openstacksdk, where the response does not have it."""
        kind = KINDS[name]
        data = {kind.one: body} if kind.one else body
        path = self.kind_path(kind)
        return {**body, **_unwrap(kind, self.send("POST", path, data, service=kind.service, minor=kind.minor).body)}

    def update(self, name: str, id: str, body: Item, method: str = "PUT") -> Item:
        """Change a resource."""
        kind = KINDS[name]
        path = f"{self.kind_path(kind)}/{id}"
        return _unwrap(kind, self.send(method, path, {kind.one: body}, service=kind.service, minor=kind.minor).body)

    def delete(self, name: str, id: str, query: Query = ()) -> None:
        """Delete a resource."""
        kind = KINDS[name]
        self.send("DELETE", f"{self.kind_path(kind)}/{id}", query=query, service=kind.service, minor=kind.minor)

    def delete_if_found(self, path: str, service: str) -> None:
        """Delete what a path names. That it does not exist is no failure, as in openstacksdk."""
        response = self.try_send("DELETE", path, service=service)
        if response.fault and response.code != NOT_FOUND:
            raise ApiError(response, path, service)

    def act(self, id: str, action: str, value: Any = None, minor: int = 100) -> Any:
        """Send an action to a server; return the body of the response."""
        return self.send("POST", f"/servers/{id}/action", {action: value}, minor=minor).body

    def is_gone(self, name: str, id: str) -> bool:
        """Whether a resource does not exist any more."""
        kind = KINDS[name]
        path = f"{self.kind_path(kind)}/{id}"
        return self.try_send("GET", path, service=kind.service, minor=kind.minor).code == NOT_FOUND

    def fail(self, text: str) -> None:
        """Report a failure, and continue."""
        self.failures += 1
        print_message(text)

    @contextmanager
    def attempt(self, message: str) -> Iterator[None]:
        """Report a failure of the block as *message* with its reason, and continue after it."""
        try:
            yield
        except CommandError as error:
            self.fail(f"{message}: {error}")

    def check_failures(self, total: int, words: str) -> None:
        """
        Check that nothing has failed.

        Args:
            total: How many attempts there were. words: what they were for and what they did not do.

        Raises:
            CommandError: something has failed; the message counts the failures.
        """
        if self.failures:
            raise CommandError(f"{self.failures} of {total} {words}.")

    def write_line(self, text: str) -> None:
        """Print a line on stdout."""
        print_line(text)

    def print_text(self, text: str) -> None:
        """Print several lines on stdout."""
        print_text(text if text.endswith("\n") else f"{text}\n")

    def wait(self, is_over: Callable[[], bool], message: str, server_id: str = "") -> None:
        """
        Wait until *is_over*, in the cloud's own time.

        Args:
            server_id: The server whose task may be held.

        Raises:
            CommandError: *message* and the reason, because waiting any longer is useless.
        """
        from novasim.cli.servers.wait_goals import PAUSE, explain_hold, find_reason_to_stop
        from novasim.simulation.time import clock

        while not is_over():
            if reason := find_reason_to_stop(self.session):
                hold = explain_hold(self.session, server_id) if server_id else ""
                raise CommandError(f"{message}. {hold or f'The wait cannot end: {reason}'}")
            clock.sleep(PAUSE)

    def wait_for_status(self, id: str, statuses: Sequence[str], message: str) -> None:
        """
        Wait until a server has one of the statuses.

        Raises:
            CommandError: *message*; the server went to ERROR, or waiting is useless.
        """
        from novasim.lifecycle.status import has_failed

        def is_over() -> bool:
            status = self.get("server", id)["status"]
            if status not in statuses and has_failed(status):
                raise CommandError(message)
            return status in statuses

        self.wait(is_over, message, id)


def _unwrap(kind: Kind, body: Any) -> Item:
    item: Item = body[kind.one] if kind.one and kind.one in body else body
    return item
