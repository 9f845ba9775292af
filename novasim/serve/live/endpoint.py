"""The paths below /live: the page, its stream of changes, and the actions that a server accepts."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from novasim.api.compute.servers.lookup import get_server
from novasim.api.context import Context
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.errors import CloudFileError, NovaFault, NovasimError
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Caller
from novasim.serve.live.channel import Watcher
from novasim.serve.live.hub import POLL_INTERVAL, Hub
from novasim.serve.live.page import load_page
from novasim.serve.live.page_record import RunInWriter
from novasim.serve.live.snapshot import EVERYTHING, View, view_of
from novasim.serve.requests import Receive, Scope, request_from_scope
from novasim.serve.responses import HTML, JSON, Send, encode_body, send_content
from novasim.serve.wire.callers import CONTROLLER, find_caller, token_of
from novasim.teach.commands import command_words
from novasim.teach.situation import Situation
from novasim.teach.verdicts import list_verdicts
from novasim.teach.viewer import Viewer

PAGE, EVENTS, SERVERS = "/live", "/live/events", "/live/servers/"
COMMENT_INTERVAL = 15.0  # seconds
SAFE = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]


class LiveEndpoint:
    """
    Answers the requests below /live.

    Args:
        run_in_writer, settle, poll_interval: As for the hub.
        is_open: Whether the stream needs no token.
        comment_interval: Seconds after which a stream without a message gets a comment, so that proxies keep it.
    """

    def __init__(
        self,
        cloud: Cloud,
        run_in_writer: RunInWriter,
        settle: Callable[[], object],
        is_open: bool,
        comment_interval: float = COMMENT_INTERVAL,
        poll_interval: float = POLL_INTERVAL,
    ) -> None:
        self._cloud, self._is_open, self._comment_interval = cloud, is_open, comment_interval
        self._hub = Hub(cloud, run_in_writer, settle, poll_interval)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = scope["path"].rstrip("/")
        try:
            if scope["method"] != "GET":
                await _send_error(send, 405, "The live page only reads.")
            elif path == PAGE:
                await _send_page(send)
            elif path == EVENTS:
                await self._stream(scope, receive, send)
            elif path.startswith(SERVERS):
                token = token_of(request_from_scope(scope))
                await _send_json(send, 200, self._list_actions(token, path[len(SERVERS) :]))
            else:
                root = scope.get("root_path", "")
                await _send_error(send, 404, f"There is nothing at {root}{path}. The page is at {root}{PAGE}.")
        except NovaFault as fault:
            await _send_error(send, fault.http, str(fault))
        except CloudFileError as error:
            await _send_error(send, 503, str(error))

    def close_streams(self) -> None:
        """End all streams at once."""
        self._hub.close_streams()

    async def close(self) -> None:
        """End all streams, and the record if the page has started it."""
        await self._hub.close()

    def _authenticate(self, token: str) -> tuple[Caller, View]:
        """The caller and what it may see. Raises Unauthorized, PolicyRefusal."""
        if self._is_open and not token:
            return CONTROLLER, EVERYTHING
        with self._cloud.reading() as world:
            caller = find_caller(world, token).caller
            return caller, view_of(world, caller)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = request_from_scope(scope)
        token = token_of(request)
        _, view = self._authenticate(token)
        watcher = await self._hub.add(view, request.headers.get("last-event-id", ""))
        disconnected = asyncio.get_running_loop().create_task(_wait_for_end(receive, watcher))
        try:
            headers = [(b"content-type", b"text/event-stream; charset=utf-8"), *SAFE]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            while not watcher.is_closed:
                messages = self._take_messages(watcher, token)
                if not messages and await _is_quiet(watcher, self._comment_interval):
                    messages = b":\n\n"
                if messages:
                    await send({"type": "http.response.body", "body": messages, "more_body": True})
            with suppress(RuntimeError):  # uvloop raises it for a closed connection
                await send({"type": "http.response.body", "body": b""})
        finally:
            disconnected.cancel()
            self._hub.remove(watcher)

    def _take_messages(self, watcher: Watcher, token: str) -> bytes:
        """The messages of a watcher. Its stream ends if its token or its rights have changed."""
        try:
            messages = self._hub.take_messages(watcher)
            if messages and self._authenticate(token)[1] != watcher.view:
                watcher.close()
                return b""
        except NovasimError:
            watcher.close()
            return b""
        return messages

    def _list_actions(self, token: str, server_id: str) -> Any:
        """The actions that a server accepts now from the caller, each with the command to type."""
        caller, _ = self._authenticate(token)
        with self._cloud.reading() as world:
            server = get_server(Context(Request(caller, "GET", SERVERS), world), server_id)
            if caller is CONTROLLER:
                caller = caller._replace(user_id=server.user_id, project_id=server.project_id)
            verdicts = list_verdicts(Situation(world, server, Viewer("", caller), server.name))
        allowed = [ACTIONS[each["action"]] for each in verdicts if each["allowed"]]
        return [{"action": action.name, "command": _write_command(action, server.name)} for action in allowed]


def _write_command(action: Action, server: str) -> str | None:
    """The command line to type; None if only the API has the action."""
    words = command_words(action, server)
    return shlex.join(["novasim", *words]) if words else None


async def _wait_for_end(receive: Receive, watcher: Watcher) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    watcher.close()


async def _is_quiet(watcher: Watcher, seconds: float) -> bool:
    """Wait for the next message. Returns True if there was none for so long."""
    try:
        await asyncio.wait_for(watcher.wakes.wait(), seconds)
    except asyncio.TimeoutError:
        return True
    return False


async def _send_page(send: Send) -> None:
    page = load_page()
    policy = (b"content-security-policy", page.policy.encode())
    await send_content(send, 200, [*HTML, policy, *SAFE], page.content)


async def _send_error(send: Send, code: int, message: str) -> None:
    await _send_json(send, code, {"error": {"code": code, "message": message}})


async def _send_json(send: Send, code: int, body: Any) -> None:
    await send_content(send, code, [*JSON, *SAFE], encode_body(body))
