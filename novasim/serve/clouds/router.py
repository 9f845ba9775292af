"""The ASGI application that finds the cloud of a request by the first part of its path."""

from __future__ import annotations

import json
from functools import partial

from novasim.errors import CloudFileError, NotFound
from novasim.serve.clouds.due_tasks import save_due_tasks
from novasim.serve.clouds.overview import write_overview
from novasim.serve.clouds.pool import CloudPool
from novasim.serve.lifespan import handle_lifespan
from novasim.serve.processes.due_tasks import save_regularly
from novasim.serve.requests import Receive, Scope, request_from_scope
from novasim.serve.responses import JSON, Send, encode_response, send_content
from novasim.serve.wire.callers import anonymous_request
from novasim.serve.writer import error_response
from novasim.simulation.seeded import Generator
from novasim.store.cloud_names import RESERVED, is_cloud_name
from novasim.store.clouds import Clouds


class CloudRouter:
    """
    Passes requests below /NAME to the application of that cloud. At / is a list of all clouds.

    The application of a cloud gets the path without the name, which is its root path.

    Args:
        worker: As for `App`.
    """

    def __init__(self, clouds: Clouds, pool: CloudPool, worker: int = 0) -> None:
        self._clouds, self._pool = clouds, pool
        self._request_ids = Generator(worker, "clouds")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            work = save_regularly(partial(save_due_tasks, self._clouds, self._pool))
            await handle_lifespan(receive, send, self._pool.close, work)
        elif scope["type"] == "http":
            name, _, rest = scope["path"].lstrip("/").partition("/")
            if not name:
                await self._send_overview(scope, send)
            elif not is_cloud_name(name):
                await _send_error(send, 404, _describe_other_path(name))
            else:
                inner = {**scope, "path": f"/{rest}", "root_path": f"{scope.get('root_path', '')}/{name}"}
                await self._pass_on(name, inner, receive, send)

    def close_streams(self) -> None:
        """End the streams of live pages at once, so that a shutdown need not wait for them."""
        self._pool.close_streams()

    async def _pass_on(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self._pool.use(name) as app:
                return await app(scope, receive, send)
        except NotFound as fault:
            await _send_error(send, 404, str(fault))
        except CloudFileError as error:
            request = request_from_scope(scope)
            response = encode_response(request, error_response(anonymous_request(request), error))
            await response.send(send, "req-" + self._request_ids.uuid())

    async def _send_overview(self, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            return await _send_error(send, 405, "The list of clouds can only be read.")
        try:
            names = await self._pool.run(self._clouds.names)
        except CloudFileError as error:
            return await _send_error(send, 503, str(error))
        request = request_from_scope(scope)
        page = write_overview(names, request.base_url, "text/html" in request.headers.get("accept", ""))
        await send_content(send, 200, page.headers, page.content)


def _describe_other_path(name: str) -> str:
    if name in RESERVED:
        return f"This address has several clouds. Put the name of a cloud before the path: /NAME/{name}"
    return "No cloud can have this name. A path begins with the name of a cloud, as in /NAME/identity/v3."


async def _send_error(send: Send, code: int, message: str) -> None:
    title = {404: "Not Found", 405: "Method Not Allowed", 503: "Service Unavailable"}[code]
    body = {"error": {"code": code, "title": title, "message": message}}
    await send_content(send, code, JSON, json.dumps(body).encode())
