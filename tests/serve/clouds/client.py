"""Many clouds served in the process of the test, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from novasim.serve.clouds.opener import CloudOpener
from novasim.serve.clouds.pool import CloudPool
from novasim.serve.clouds.router import CloudRouter
from novasim.serve.host_check import Application
from novasim.serve.one_cloud import Access
from novasim.store.clouds import open_clouds

URL = "http://api.example.com"


class HttpResponse(NamedTuple):
    code: int
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)


class Client:
    """
    Sends requests to an application.

    Args:
        has_prefixes: Whether paths begin with the name of a cloud.
    """

    def __init__(self, app: Application, has_prefixes: bool = False) -> None:
        self.app, self._has_prefixes = app, has_prefixes
        self._tokens: dict[tuple[str, str], str] = {}

    async def request(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, who: str = ""
    ) -> HttpResponse:
        """Send a request, with a token of *who* in the cloud if given. A body other than bytes is sent as JSON."""
        prefix = "/" + path.split("/")[1] if self._has_prefixes else ""
        sent = {"host": URL.removeprefix("http://"), "content-type": "application/json", **(headers or {})}
        if who:
            sent["x-auth-token"] = await self.token(prefix, who)
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent["content-length"] = str(len(content))
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        await self.app(_scope(method, path, sent), receive, send)
        names = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        return HttpResponse(messages[0]["status"], names, b"".join(each.get("body", b"") for each in messages[1:]))

    async def watch(self, path: str, token: str, closed: asyncio.Event, chunks: list[bytes]) -> None:
        """Read a stream into *chunks*, until it ends or is closed."""

        async def receive() -> dict[str, Any]:
            await closed.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            chunks.append(message.get("body", b""))

        await self.app(_scope("GET", path, {"host": "x", "x-auth-token": token}), receive, send)

    async def token(self, prefix: str, who: str) -> str:
        """A token of a default user in a cloud."""
        if (prefix, who) not in self._tokens:
            user = {"name": who, "password": "secret", "domain": {"id": "default"}}
            auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
            response = await self.request("POST", f"{prefix}/identity/v3/auth/tokens", auth)
            assert response.code == 201, response
            self._tokens[prefix, who] = response.headers["x-subject-token"]
        return self._tokens[prefix, who]


class Server(Client):
    """The clouds in a folder or a database."""

    def __init__(
        self, address: Path | str, creates_on_use: bool = False, max_open: int = 100, idle_time: float = 60
    ) -> None:
        self.clouds = open_clouds(str(address), creates=True)
        self.opener = CloudOpener(self.clouds, Access(), creates_on_use)
        self.pool = CloudPool(self.opener, max_open, idle_time)
        super().__init__(CloudRouter(self.clouds, self.pool), has_prefixes=True)

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.pool.close()


def _scope(method: str, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    target, _, query = path.partition("?")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": target,
        "raw_path": target.encode(),
        "query_string": query.encode(),
        "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
