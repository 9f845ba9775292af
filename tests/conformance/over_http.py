"""Recorded requests sent over HTTP and to the entry point of an equal world: both must give the same answer."""

from __future__ import annotations

import http.client
import json
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

from novasim.api import dispatch
from novasim.api.identity import tokens
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.serve import listener
from novasim.serve.app import App
from tests import worlds


class Differs(Exception):
    """HTTP gave another answer than the entry point."""


class OverHttp:
    """
    A server on a free port that serves one cloud after the other.

    It is called as the entry point is, with worlds in memory, whose wall clock stands still.
    """

    def __init__(self) -> None:
        self._socket = listener.open_socket("127.0.0.1", 0)
        self._server = listener.create_server(self._serve, self._socket)  # type: ignore[arg-type]
        self._thread = Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._app: App | None = None
        self._cloud: Cloud | None = None
        self._link = http.client.HTTPConnection(*self._socket.getsockname(), timeout=60)
        self.base = f"http://{listener.socket_address(self._socket)}"

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        app = self._app or App(worlds.memory_cloud())  # it begins, and ends, without any request
        await app(scope, receive, send)

    def __enter__(self) -> OverHttp:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._link.close()
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def __call__(self, cloud: Cloud, request: Request) -> Response:
        """The answer over HTTP. Raises Differs if the entry point's is another."""
        if cloud is not self._cloud:
            self._cloud, self._app = cloud, App(cloud)
        twin = worlds.open_cloud(worlds.copy_store(cloud.store))  # type: ignore[arg-type]
        answer = self._sent(request, token_of(cloud, request))
        expected = dispatch.handle(twin, request._replace(endpoint=self.base + "/compute"))
        body = json.loads(json.dumps(expected.body))
        if (answer.code, answer.body) != (expected.code, body):
            raise Differs(f"over HTTP {answer.code} {answer.body}, at the entry point {expected.code} {body}")
        if {(name.lower(), value) for name, value in expected.headers.items()} - answer.headers.items():
            raise Differs(f"over HTTP {answer.headers}, at the entry point {expected.headers}")
        return answer

    def _sent(self, request: Request, token: str) -> Response:
        path = "/compute/v2.1" + quote(request.path) + ("?" + urlencode(request.query) if request.query else "")
        headers = {"X-Auth-Token": token, "OpenStack-API-Version": f"compute 2.{request.minor}"}
        body = None if request.body is None else json.dumps(request.body)
        self._link.request(request.method, path, body, headers | ({"Content-Type": "application/json"} if body else {}))
        answer = self._link.getresponse()
        content = answer.read()
        return Response(answer.status, json.loads(content) if content else None, dict(answer.getheaders()))


def token_of(cloud: Cloud, request: Request) -> str:
    """A token for the caller of a request."""
    with cloud.reading() as world:
        caller = request.caller
        token = tokens.Token(caller.user_id, caller.project_id, ("password",), world.wall_time, world.wall_time + 60)
        return tokens.sign(world, token)
