"""Listening: a socket, uvicorn, and a clean end."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from novasim.errors import UsageError

if TYPE_CHECKING:
    from uvicorn import Server

    from novasim.serve.app import App

GRACE = 6  # seconds in which what was begun is finished after a signal; connections are cut off before
IDLE = 75  # seconds for which a connection is kept open without a request


def require_stack() -> None:
    """Raises UsageError: the HTTP stack, an extra, is not installed."""
    try:
        import uvicorn  # noqa: F401
    except ImportError:
        raise UsageError("'novasim serve' needs an HTTP server: pip install 'novasim[serve]'") from None


def listening(host: str, port: int) -> socket.socket:
    """
    A socket that listens there; port 0 is any free one.

    Raises:
        UsageError: that cannot be listened at.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind, protocol)
        if sys.platform != "win32":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(1024)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"Cannot listen at {host} port {port}: {reason}.") from None
    return found


def address_of(found: socket.socket) -> str:
    """Host and port of a socket as they stand in an address."""
    host, port = found.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def run(app: App, found: socket.socket, ready: Callable[[], None]) -> None:
    """Answer requests until a signal comes (SIGTERM, SIGINT), then finish what was begun."""
    server = server_of(app)
    for number in (signal.SIGTERM, signal.SIGINT):  # until uvicorn listens to them, and when it raises them again
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))
    ready()
    server.run(sockets=[found])


def server_of(app: App) -> Server:
    """How uvicorn runs the application: with httptools and uvloop where they are, and without websockets."""
    from uvicorn import Config, Server

    config = Config(
        app,
        http=_protocol(),
        ws="none",
        lifespan="on",
        interface="asgi3",
        access_log=False,
        log_level="critical",
        server_header=False,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=GRACE,
    )
    return Server(config)


def _protocol() -> type | str:
    if find_spec("httptools") is None:
        return "h11"
    from novasim.serve.http_limits import Guarded

    return Guarded
