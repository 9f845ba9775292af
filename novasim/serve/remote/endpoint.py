"""The endpoint of commands whose cloud is behind this server."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

from novasim.api.routes import CONTROL_MOUNT, REMOTE_MOUNT, is_read
from novasim.cloud import Cloud
from novasim.errors import BadRequest, CloudFileError, Forbidden, NovaFault, TooLarge
from novasim.jsonutils import decode_fast, encode_fast
from novasim.remote.protocol import KEY, LEASE, MODE, NOW, SERVER, WALL
from novasim.serve.remote import execution
from novasim.serve.remote.documents import Documents, encode_changed, find_moment
from novasim.serve.remote.kept import execute_operation
from novasim.serve.remote.leases import LeaseOver, Leases
from novasim.serve.requests import Receive, Scope, receive_part, request_from_scope
from novasim.serve.responses import Send, send_response
from novasim.serve.wire.callers import Authenticated
from novasim.serve.wire.connection_end import KEY as CONNECTION_END
from novasim.serve.wire.requests import HttpRequest
from novasim.serve.writer import Writer
from novasim.simulation.seeded import generate_secret_key

MAX_BODY = 256 * 2**20
MAX_ANSWERS = 100  # that are kept for clients that lose their connection
MAX_KEPT = 2**20  # bytes of an answer that is kept

LEASES = "/leases"
Authenticate = Callable[[HttpRequest], Authenticated]
READERS = {"/record": execution.describe_record, "/record/entries": execution.read_record}
Function = Callable[[Cloud, dict[str, Any]], dict[str, Any]]
FUNCTIONS: dict[str, Function] = {
    "/session": execution.describe_session,
    "/requests": execution.execute_request,
    "/calls": execution.call_function,
    "/states": execute_operation,
}


class Reply(NamedTuple):
    """An answer of this endpoint."""

    code: int
    content: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class RemoteEndpoint:
    """
    Answers the requests below /novasim/remote.

    Args:
        authenticate: Returns the caller of a request, or refuses it.
    """

    def __init__(self, cloud: Cloud, writer: Writer, authenticate: Authenticate) -> None:
        self._cloud, self._writer, self._authenticate = cloud, writer, authenticate
        self._server = generate_secret_key()[:16]
        self._documents = Documents(cloud, self._server)
        self._leases = Leases(writer)
        self._replies: OrderedDict[str, asyncio.Future[Reply]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = request_from_scope(scope)
        try:
            if not self._authenticate(request).caller.is_admin:
                raise Forbidden(reason="Only an administrator is allowed to control the simulation.")
            reply = await self._answer(request, receive)
            self._follow_connection(request, scope)
        except NovaFault as fault:
            reply = _refuse(fault.http, str(fault))
        except CloudFileError as error:
            reply = _refuse(503, str(error))
        except LeaseOver:
            reply = _refuse(410, "The transaction is over.")
        await _send(send, reply, self._server)

    def _follow_connection(self, request: HttpRequest, scope: Scope) -> None:
        """If a request belongs to the transaction of a client, note its connection."""
        connection = scope.get(CONNECTION_END)
        if connection and (LEASE in request.headers or request.target.path.endswith(LEASES)):
            self._leases.follow(connection)

    async def close(self) -> None:
        """Drop the transaction that a client holds."""
        await self._leases.close()

    async def _answer(self, request: HttpRequest, receive: Receive) -> Reply:
        path = request.target.path.removeprefix(REMOTE_MOUNT.removeprefix(CONTROL_MOUNT))
        if request.method == "GET" and path == "/documents":
            return await self._get_documents(request)
        if request.method == "GET" and path.startswith("/past/"):
            return _reply(await self._writer.run(execution.read_past, self._cloud, path[len("/past/") :]))
        if request.method == "GET" and path in READERS:
            return _reply(await self._writer.run(READERS[path], self._cloud))
        if request.method != "POST":
            return _refuse(405, "There is nothing to read here.")
        if (known := request.headers.get(SERVER)) not in (None, self._server):
            return _refuse(412, f"Another process knows the outcome, not this one ({known!r}).")
        fields = await _read_fields(receive)
        return await self._execute_once(path, fields, request.headers)

    async def _execute_once(self, path: str, fields: dict[str, Any], headers: dict[str, str]) -> Reply:
        """The reply to a POST, which is that of an earlier POST with the same key."""
        key = headers.get(KEY, "")
        if not key:
            raise BadRequest(reason=f"The header {KEY} is missing.")
        if key not in self._replies:
            task = asyncio.ensure_future(self._execute(path, fields, headers.get(LEASE, "")))
            self._replies[key] = task
            while len(self._replies) > MAX_ANSWERS:
                self._replies.popitem(last=False)
        reply = await asyncio.shield(self._replies[key])
        if len(reply.content) > MAX_KEPT:
            self._replies.pop(key, None)
        return reply

    async def _execute(self, path: str, fields: dict[str, Any], lease: str) -> Reply:
        own = execution.with_origin(self._cloud, fields)
        if path == LEASES:
            return _reply({"lease": await self._leases.open(own)})
        if path in ("/commit", "/rollback"):
            await self._leases.end(lease, saves=path == "/commit")
            return _reply({})
        if path in FUNCTIONS:
            return _reply(await self._call(FUNCTIONS[path], own, fields, lease))
        return _refuse(404, f"There is nothing at {REMOTE_MOUNT}{path}.")

    async def _call(self, function: Function, own: Cloud, fields: dict[str, Any], lease: str) -> dict[str, Any]:
        if lease:
            return await self._leases.run(lease, execution.catch_errors, function, fields)
        if function is execution.describe_session or _is_plain_read(own, fields):
            return execution.catch_errors(own, function, fields)
        return await self._writer.run(execution.catch_errors, own, function, fields)

    async def _get_documents(self, request: HttpRequest) -> Reply:
        lease = request.headers.get(LEASE, "")
        moment = await self._leases.run(lease, find_moment) if lease else find_moment(self._cloud)
        times = ((WALL, repr(moment.wall)), (NOW, repr(moment.now)), (MODE, moment.mode))
        if lease:
            content = await self._leases.run(lease, encode_changed, self._cloud)
            return Reply(200, content, (*times, ("content-encoding", "gzip")))
        tag = self._documents.find_tag()
        if request.headers.get("if-none-match") == tag:
            return Reply(304, headers=(*times, ("etag", tag)))
        content = await asyncio.to_thread(self._documents.encode)
        return Reply(200, content, (*times, ("etag", tag), ("content-encoding", "gzip")))


def _is_plain_read(cloud: Cloud, fields: dict[str, Any]) -> bool:
    """Whether a request changes nothing, not even a record."""
    request = fields.get("request")
    if not isinstance(request, dict):
        return False
    service, method, path = (str(request.get(name)) for name in ("service", "method", "path"))
    return is_read(service, method, path) and cloud.open_recorder() is None


async def _read_fields(receive: Receive) -> dict[str, Any]:
    """The JSON object in the body. Raises TooLarge, TooSlow, BadRequest, ClientDisconnected."""
    content, more = bytearray(), True
    while more:
        part, more = await receive_part(receive)
        content += part
        if len(content) > MAX_BODY:
            raise TooLarge
    try:
        fields = decode_fast(bytes(content))
    except (ValueError, RecursionError):
        fields = None
    if not (isinstance(fields, dict) and {"as", "step"} <= fields.keys() and isinstance(fields.get("words"), list)):
        raise BadRequest(reason="The body is not that of a command.")
    return fields


def _reply(fields: dict[str, Any]) -> Reply:
    return Reply(200, encode_fast(fields))


def _refuse(code: int, message: str) -> Reply:
    return Reply(code, encode_fast({"error": {"code": code, "message": message}}))


async def _send(send: Send, reply: Reply, server: str) -> None:
    pairs = [(SERVER, server), ("cache-control", "no-store"), *reply.headers]
    if reply.code != 304:
        pairs += [("content-type", "application/json"), ("content-length", str(len(reply.content)))]
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in pairs]
    await send_response(send, reply.code, headers, reply.content)
