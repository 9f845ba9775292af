"""A log of requests, for assertions of tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from novasim.api.request import Request, Response
from novasim.cloud import Cloud


class LoggedRequest(NamedTuple):
    """
    A request and the outcome of it.

    Args:
        path: Below the root of the service, such as /servers/UUID/action.
        user: The name of the caller.
        code: The HTTP code of the response.
        fault: Why it was refused; "" if it was accepted.
    """

    method: str
    service: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: Any
    user: str
    code: int
    fault: str

    def __str__(self) -> str:
        return f"{self.method} {self.service}{self.path} {self.code}"


class RequestLog(list[LoggedRequest]):
    """Requests of clients in the order of their responses. Those of the library itself are not logged."""

    def select(
        self, method: str | None = None, path: str = "", service: str = "compute", code: int | None = None
    ) -> list[LoggedRequest]:
        """The requests to a service with this method and code, whose path contains *path*."""
        return [
            each
            for each in self
            if each.service == service
            and path in each.path
            and method in (None, each.method)
            and code in (None, each.code)
        ]

    def actions(self, server: str = "") -> list[str]:
        """The keys of the server actions that were accepted, such as os-stop; of one server if its id is given."""
        sent = self.select("POST", f"{server}/action")
        return [next(iter(each.body)) for each in sent if not each.fault and isinstance(each.body, dict)]

    def _add(self, request: Request, response: Response) -> None:
        if not request.headers:  # a request of the library
            return
        fault = str(response.fault) if response.fault else ""
        outcome = response.code, fault
        caller = request.caller.user_name
        self.append(
            LoggedRequest(request.method, request.service, request.path, request.query, request.body, caller, *outcome)
        )


@contextmanager
def log_requests(cloud: Cloud) -> Iterator[RequestLog]:
    """Log all requests to a cloud within the block, over HTTP and in this process."""
    log = RequestLog()
    cloud.listeners.append(log._add)
    try:
        yield log
    finally:
        cloud.listeners.remove(log._add)
