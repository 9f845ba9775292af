"""The log of requests of `serve --log`: one line for each, with the reason of a refusal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from novasim.errors import UsageError
from novasim.render.output import escape_controls
from novasim.serve.host_check import Application
from novasim.serve.requests import Receive, Scope
from novasim.serve.responses import Send
from novasim.store.redaction import MASK, is_secret_name, mask_query

FIRST_REFUSAL = 400
_VALUE = re.compile(r"^(Invalid input for \S+(?: \S+)? (\S+)\. Value: )(.*)$")
MAX_BODY = 2**16  # bytes of the body of a refusal that are read
Write = Callable[[str], object]


class RequestLog:
    """
    An application that writes a line for each request to another application.

    A line has method, path with query, and code. That of a refusal continues with "refused:" and the reason.
    """

    def __init__(self, app: Application, write: Write) -> None:
        self._app, self._write = app, write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        code, body = 0, b""

        @wraps(send)  # so that the application finds uvicorn's function
        async def send_and_read(message: Any) -> None:
            nonlocal code, body
            if message["type"] == "http.response.start":
                code = message["status"]
            elif code >= FIRST_REFUSAL and len(body) < MAX_BODY:
                body += message.get("body", b"")
            await send(message)

        try:
            await self._app(scope, receive, send_and_read)
        finally:
            self._write(format_line(scope, code, body))


def format_line(scope: Scope, code: int, body: bytes) -> str:
    """One line of the log. Code 0 stands for a request whose client did not wait for the response."""
    query = mask_query(scope.get("query_string", b"").decode("ascii", "replace"))
    raw = scope.get("raw_path") or scope["path"].encode()
    path = raw.decode("ascii", "replace") + (f"?{query}" if query else "")
    refusal = f" refused: {find_reason(body)}" if code >= FIRST_REFUSAL else ""
    return escape_controls(f"{scope['method']} {path} {code or '-'}{refusal}")


def find_reason(body: bytes) -> str:
    """The message in the body of a refusal, on one line; "" if it has none."""
    try:
        document = json.loads(body)
    except ValueError:
        return ""
    parts = list(document.values()) if isinstance(document, dict) else []
    parts += [each for part in parts if isinstance(part, list) for each in part]
    messages = [part.get("message") or part.get("detail") for part in parts if isinstance(part, dict)]
    return _VALUE.sub(_hide_value, " ".join(str(next(filter(None, messages), "")).split()))


def _hide_value(match: re.Match[str]) -> str:
    """A message about the value of a field or of a parameter, which it repeats, without the value of a secret."""
    return f"{match[1]}{MASK}" if is_secret_name(match[2]) else match[0]


def open_log(path: str) -> Write:
    """
    A function that writes a line to a file at once; "-" is stderr.

    Raises:
        UsageError: the file cannot be written.
    """
    from novasim.render.output import print_message

    if path == "-":
        return print_message
    try:
        file = open(path, "a", encoding="utf-8", buffering=1)  # noqa: SIM115  open until the server ends
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
    return lambda line: file.write(line + "\n")
