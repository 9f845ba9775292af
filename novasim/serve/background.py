"""
An HTTP server in a thread, which starts and stops within milliseconds.

uvicorn's own server looks every tenth of a second whether it has to stop, and then waits for another tenth. This one
uses uvicorn's protocol with a loop of its own.
"""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from importlib.util import find_spec
from threading import Event, Thread
from typing import Any, Protocol

from uvicorn.server import ServerState

from novasim.cloud import Cloud
from novasim.serve.app import App
from novasim.serve.listener import create_config, open_socket, socket_address
from novasim.serve.requests import Receive, Scope
from novasim.serve.responses import Send
from novasim.simulation.time import clock


class Closable(Protocol):
    """An application that the server can close."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...
    def close_streams(self) -> None: ...
    async def close(self) -> None: ...


class BackgroundServer:
    """
    Serves one cloud after another on a free port of the loopback interface.

    Attributes:
        url: Scheme, host and port.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._socket = open_socket("127.0.0.1", 0)
        self.url = f"http://{socket_address(self._socket)}"
        self._app: Closable = App(cloud)
        self._loop = _new_event_loop()
        self._state = ServerState()
        self._is_ready, self._is_stopping = Event(), asyncio.Event()
        self._thread = Thread(target=self._run, name="novasim-server", daemon=True)

    def start(self) -> None:
        """Start to answer requests."""
        self._thread.start()
        self._is_ready.wait()

    def serve(self, cloud: Cloud) -> None:
        """Answer all further requests from another cloud."""
        self.serve_with(App(cloud))

    def serve_with(self, app: Closable) -> None:
        """Answer all further requests with another application."""
        old, self._app = self._app, app
        self._loop.call_soon_threadsafe(self._start_closing, old)

    def stop(self) -> None:
        """Close all connections and end the thread. Changes that were answered have been saved."""
        self._loop.call_soon_threadsafe(self._is_stopping.set)
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        config = create_config(self._answer, self._socket)
        config.load()
        self._set_date()

        protocol: Any = config.http_protocol_class

        def create_protocol() -> Any:
            return protocol(config=config, server_state=self._state, app_state={})

        listener = await self._loop.create_server(create_protocol, sock=self._socket)
        self._is_ready.set()
        await self._is_stopping.wait()
        listener.close()
        self._app.close_streams()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
        await self._app.close()

    def _start_closing(self, app: Closable) -> None:
        task = self._loop.create_task(app.close())
        self._state.tasks.add(task)
        task.add_done_callback(self._state.tasks.discard)

    def _set_date(self) -> None:
        self._state.default_headers = [(b"date", formatdate(clock.wall(), usegmt=True).encode())]
        self._loop.call_later(1.0, self._set_date)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def _new_event_loop() -> asyncio.AbstractEventLoop:
    if find_spec("uvloop") is None:
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()
