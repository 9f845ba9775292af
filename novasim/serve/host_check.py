"""
The Host header of a request, which must name this server.

A page from the web can make its own name point to 127.0.0.1, and a browser then sends its requests here. Such requests
carry the name of the page's server, so a server on a loopback address answers only to loopback names.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from novasim.serve.requests import Receive, Scope

Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_MOST_REMEMBERED = 1000


class HostCheck:
    """
    An ASGI application that refuses requests for other hosts, and passes the rest to another application.

    Args:
        allowed: Names that the server answers to besides loopback names; None to answer to every name.
    """

    def __init__(self, app: Application, allowed: Iterable[str] | None) -> None:
        self._app = app
        self._allowed = None if allowed is None else {name.lower() for name in allowed}
        self._remembered: dict[bytes, bool] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._find_refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            return await self._app(scope, receive, send)
        return await _send_refusal(send, *refusal)

    def _find_refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) > 1 or (not hosts and scope["http_version"] == "1.1"):
            return 400, "Bad Request", "The request must have one Host header."
        if not hosts or self._allows(hosts[0]):
            return None
        host = hosts[0].decode("latin-1")[:100]
        return 421, "Misdirected Request", f"This server does not answer to the host {host!r}. See --allow-host."

    def _allows(self, host: bytes) -> bool:
        if self._allowed is None:
            return True
        if host not in self._remembered:
            name = _strip_port(host.decode("latin-1").lower())
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[host] = name in self._allowed or is_loopback(name)
        return self._remembered[host]


def is_loopback(name: str) -> bool:
    """Whether a host name or address always means this machine."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _strip_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


async def _send_refusal(send: Send, code: int, title: str, message: str) -> None:
    body = json.dumps({"error": {"code": code, "title": title, "message": message}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": code, "headers": headers})
    await send({"type": "http.response.body", "body": body})
