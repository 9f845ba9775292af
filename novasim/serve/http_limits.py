"""Limits on HTTP headers and slow clients, which uvicorn and httptools do not have."""

from __future__ import annotations

from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from novasim.serve.wire.connection_end import KEY, ConnectionEnd

MAX_HEAD_BYTES = 65_536  # request line and headers; a token takes less than a thousand
HEAD_TIMEOUT = 30.0  # seconds for the headers of a request, from its first byte or from the start of the connection
CLOSE_TIMEOUT = 5.0  # seconds after a signal in which clients can still read their responses

HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 26\r\nconnection: close\r\n\r\n"
    b"The headers are too large."
)
REQUEST_TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class LimitedProtocol(HttpToolsProtocol):
    """
    uvicorn's HTTP protocol with limits: on the size of headers, and on the time that clients may take.

    The scope of a request also tells when its connection has ended.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._in_head, self._has_begun, self._head_bytes = False, False, 0
        self._is_refused = False
        self._timer: TimerHandle | None = None
        self._end = ConnectionEnd()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        self._has_begun = False
        super().data_received(data)
        if not self._in_head:
            return
        if not self._has_begun:  # otherwise the data may hold whole requests, and only the end of it is in this head
            self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            self._close_with(HEAD_TOO_LARGE)
        elif self._timer is None:
            self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_timer()
        self._end.finish()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        super().shutdown()
        self.loop.call_later(CLOSE_TIMEOUT, self.transport.abort)  # the client may never read its response

    def on_message_begin(self) -> None:
        self._in_head, self._has_begun, self._head_bytes = True, True, 0
        super().on_message_begin()
        self.scope[KEY] = self._end  # type: ignore[literal-required]

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._cancel_timer()
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > MAX_HEAD_BYTES:
            self._close_with(HEAD_TOO_LARGE)
        if not self._is_refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._is_refused:
            super().on_message_complete()

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(HEAD_TIMEOUT, self._close_with, REQUEST_TIMEOUT)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close_with(self, response: bytes) -> None:
        self._is_refused = True
        if not self.transport.is_closing():
            self.transport.write(response)
            self.transport.close()
