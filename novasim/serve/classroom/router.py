"""The ASGI application of a classroom: the board, joining, novasim.pyz, and the clouds of the students."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

from novasim.api.routes import CLASSROOM_MOUNT
from novasim.classroom.board import Board, BoardReader
from novasim.classroom.errors import NoSuchStudent
from novasim.classroom.joining import Ticket, TooManyAttempts, WrongWord, join
from novasim.classroom.limiter import Limiter
from novasim.classroom.progress import describe_lesson
from novasim.classroom.room import Room
from novasim.classroom.zipapp import build_zipapp
from novasim.errors import NovaFault, NovasimError
from novasim.jsonutils import decode_request
from novasim.serve.classroom import board_page, join_page, student
from novasim.serve.classroom.stream import BoardStream
from novasim.serve.clouds.pool import CloudPool
from novasim.serve.clouds.router import CloudRouter
from novasim.serve.requests import ClientDisconnected, Receive, Scope, read_body, request_from_scope
from novasim.serve.responses import HTML, JSON, RawHeaders, Send, encode_body, send_content
from novasim.serve.wire.callers import token_of
from novasim.serve.wire.requests import HttpRequest
from novasim.simulation.time import clock
from novasim.store.clouds import Clouds
from novasim.teach.lessons.library import Library

SAFE: RawHeaders = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
NO_STORE: RawHeaders = [(b"cache-control", b"no-store")]
LESSON_REQUESTS: dict[tuple[str, str], Callable[[Room, str], Any]] = {
    ("GET", ""): describe_lesson,
    ("POST", "/hint"): student.take_hint,
    ("POST", "/reset"): student.reset_cloud,
}
"""Requests of a student's commands, by method and path below CLASSROOM_MOUNT."""
WRONG = "The name or the join word is wrong, or the word was used already. Ask your teacher for a new one."


class Visit(NamedTuple):
    """A request to a page of the class, the address of the client, and how to answer."""

    request: HttpRequest
    address: str
    receive: Receive
    send: Send


Answer = Callable[[Visit], Awaitable[None]]


class ClassroomApp:
    """
    Serves a classroom.

    Args:
        has_names: Whether the board shows each student.
    """

    def __init__(self, room: Room, clouds: Clouds, pool: CloudPool, library: Library, has_names: bool) -> None:
        self._room, self._pool, self._has_names = room, pool, has_names
        self._router = CloudRouter(clouds, pool)
        self._stream = BoardStream(BoardReader(Room(room.folder), library), pool.run)
        self._limiter = Limiter()
        self._join_lock = asyncio.Lock()
        self._answers: dict[str, Answer] = {
            "/": self._send_board,
            "/board/events": self._send_events,
            "/join": self._answer_join,
            f"/{join_page.ARCHIVE}": self._send_archive,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._router(scope, receive, send)
        path = scope["path"].rstrip("/") or "/"
        name, _, rest = path[1:].partition("/")
        if f"/{rest}".startswith(CLASSROOM_MOUNT):
            return await self._answer_student(name, f"/{rest}".removeprefix(CLASSROOM_MOUNT), scope, send)
        if path not in self._answers:
            return await self._router(scope, receive, send)
        client = scope.get("client") or ("",)
        return await self._answer(path, Visit(request_from_scope(scope), str(client[0]), receive, send))

    def close_streams(self) -> None:
        """End the streams of the board and of live pages at once, so that a shutdown need not wait for them."""
        self._stream.close()
        self._router.close_streams()

    async def close(self) -> None:
        """End all streams, and close the clouds."""
        self.close_streams()
        await self._pool.close()

    async def _answer(self, path: str, visit: Visit) -> None:
        """Answer a request to a page of the class."""
        allowed = ("GET", "HEAD", "POST") if path == "/join" else ("GET", "HEAD")
        if visit.request.method not in allowed:
            return await _refuse(visit.send, 405, f"Allowed here: {', '.join(allowed)}.")
        try:
            await self._answers[path](visit)
        except ClientDisconnected:
            return None
        except NovasimError as error:
            await _refuse(visit.send, _code_of(error), str(error))

    async def _send_board(self, visit: Visit) -> None:
        board, vary = await self._stream.read(), (b"vary", b"Accept")
        if "text/html" not in visit.request.headers.get("accept", ""):
            return await _send(visit.send, 200, [*JSON, vary, *NO_STORE], encode_body(self._describe(board)))
        page = board_page.write_page(board, visit.request.base_url, self._has_names)
        policy = (b"content-security-policy", board_page.find_policy().encode())
        return await _send(visit.send, 200, [*HTML, policy, vary, *NO_STORE], page)

    def _describe(self, board: Board) -> dict[str, Any]:
        fields = board._asdict() | {"goals": [goal._asdict() for goal in board.goals]}
        rows = [row._asdict() for row in fields.pop("rows")]
        return {"board": fields | ({"rows": rows} if self._has_names else {})}

    async def _send_events(self, visit: Visit) -> None:
        def write(board: Board) -> str:
            return board_page.write_board(board, visit.request.base_url, self._has_names)

        await self._stream.send(write, visit.receive, visit.send)

    async def _send_archive(self, visit: Visit) -> None:
        content = await self._pool.run(build_zipapp)
        await _send(visit.send, 200, [(b"content-type", b"application/zip")], content)

    async def _answer_join(self, visit: Visit) -> None:
        if visit.request.method != "POST":
            policy = (b"content-security-policy", join_page.find_policy().encode())
            return await _send(visit.send, 200, [*HTML, policy], join_page.write_page(visit.request.base_url))
        fields = _read_fields(await read_body(visit.request, visit.receive))
        if fields is None:
            return await _refuse(visit.send, 400, 'The body has to be {"name": NAME, "word": WORD} in JSON.')
        try:
            ticket = await self._join(fields["name"], fields["word"], visit.address)
        except WrongWord:
            return await _refuse(visit.send, 401, WRONG)
        except TooManyAttempts as error:
            seconds = math.ceil(error.pause)
            after = (b"retry-after", str(seconds).encode())
            return await _refuse(visit.send, 429, f"Too many wrong join words. Try again in {seconds} s.", [after])
        return await _send(visit.send, 200, [*JSON, *NO_STORE], encode_body(ticket._asdict()))

    async def _join(self, name: str, word: str, address: str) -> Ticket:
        async with self._join_lock:  # the limiter is for one thread
            return await self._pool.run(join, self._room, self._limiter, name, word, address, clock.wall())

    async def _answer_student(self, name: str, rest: str, scope: Scope, send: Send) -> None:
        """Answer a request of a student's command about the lesson."""
        function = LESSON_REQUESTS.get((scope["method"], rest))
        if function is None:
            return await _refuse(send, 404, f"There is nothing at {scope['path']}.")
        token = token_of(request_from_scope(scope))
        try:
            room = await self._pool.run(Room, self._room.folder)
            async with self._pool.use(name) as app:
                name = await self._pool.run(student.find_student, room, name, app.cloud, token)
            found = await self._pool.run(function, room, name)
        except NovasimError as error:
            return await _refuse(send, _code_of(error), str(error))
        return await _send(send, 200, [*JSON, *NO_STORE], encode_body(found))


def _code_of(error: NovasimError) -> int:
    """The HTTP code of the answer to a request that has failed."""
    if isinstance(error, NovaFault):
        return error.http
    return 404 if isinstance(error, NoSuchStudent) else 503


def _read_fields(content: Any) -> dict[str, str] | None:
    """The name and the word in the body of a request; None if it has another form."""
    with suppress(ValueError, AttributeError):
        fields = decode_request(bytes(content).decode("utf-8"))
        if isinstance(fields, dict) and all(isinstance(fields.get(key), str) for key in ("name", "word")):
            return fields
    return None


async def _refuse(send: Send, code: int, message: str, headers: RawHeaders | None = None) -> None:
    body = encode_body({"error": {"code": code, "message": message}})
    await _send(send, code, [*JSON, *(headers or [])], body)


async def _send(send: Send, code: int, headers: RawHeaders, content: bytes) -> None:
    await send_content(send, code, [*headers, *SAFE], content)
