"""The listening socket, and uvicorn's server on top of it."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from novasim.errors import UsageError
from novasim.render.output import print_message
from novasim.serve.host_check import Application, HostCheck, is_loopback

if TYPE_CHECKING:
    from uvicorn import Config

    from novasim.serve.deadline import ServerWithDeadline
    from novasim.serve.one_cloud import Access, Target

ANY_IPV4 = "0.0.0.0"  # nosec B104 # compared with --host, which is 127.0.0.1 by default
KEEP_ALIVE = 75  # seconds for which an idle connection stays open


def require_stack() -> None:
    """Raise UsageError if uvicorn, which is an extra, is not installed."""
    try:
        import uvicorn  # noqa: F401
    except ImportError:
        from novasim.extras import install_command

        raise UsageError(f"'novasim serve' needs an HTTP server: {install_command('serve')}") from None


def open_socket(host: str, port: int) -> socket.socket:
    """
    Open a listening socket. Port 0 takes any free port.

    Raises:
        UsageError: the address is invalid or in use.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, protocol)
        if sys.platform != "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(1024)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"Cannot listen on {host} port {port}: {reason}.") from None
    return sock


def socket_address(sock: socket.socket) -> str:
    """Host and port of a socket as written in a URL."""
    host, port = sock.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def client_host(host: str) -> str:
    """The host name that a client on this machine connects to."""
    plain = {ANY_IPV4: "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    return f"[{plain}]" if ":" in plain else plain


def check_access(access: Access, sock: socket.socket, host: str) -> None:
    """Raise UsageError if a server that needs no token for everything listens at a *host* that others can reach."""
    if any(access) and not is_loopback(sock.getsockname()[0]):
        option = "--control open" if access.has_open_control else "--live open"
        raise UsageError(f"{option} needs a loopback address such as 127.0.0.1, not {host}.")


def warn_if_public(target: Target, sock: socket.socket) -> None:
    """Say who can use the clouds of a server that others can reach."""
    if is_loopback(sock.getsockname()[0]):
        return
    users, address = target.list_public_users(), socket_address(sock)
    who = "anyone who can reach" if users else "anyone who can read the traffic to"
    because = f"{users}, and " if users else ""
    print_message(f"novasim: warning: {who} {address} can use this cloud: {because}connections are not encrypted.")


def run(
    app: Application,
    sock: socket.socket,
    on_ready: Callable[[], None],
    allowed_hosts: Iterable[str] = (),
    on_shutdown: Callable[[], object] = bool,
) -> None:
    """
    Serve requests until SIGTERM or SIGINT, then finish the pending requests. Hosts are those of `create_server`.

    When the shutdown begins, *on_shutdown* is called: it ends responses that would not end by themselves.

    The process ends in any case a few seconds after the signal.
    """
    server = create_server(app, sock, allowed_hosts, on_shutdown)
    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn installs its handlers later, and re-raises at the end
        signal.signal(number, server.handle_exit)
    on_ready()
    server.run(sockets=[sock])
    server.finish()


def create_server(
    app: Application,
    sock: socket.socket,
    allowed_hosts: Iterable[str] = (),
    on_shutdown: Callable[[], object] = bool,
) -> ServerWithDeadline:
    """Create uvicorn's server for the application. Arguments as for `create_config` and `run`."""
    from novasim.serve.deadline import ServerWithDeadline

    return ServerWithDeadline(create_config(app, sock, allowed_hosts), on_shutdown)


def create_config(app: Application, sock: socket.socket, allowed_hosts: Iterable[str] = ()) -> Config:
    """
    Configure uvicorn for the application: httptools and uvloop if they are installed, no websockets.

    Args:
        allowed_hosts: Names in the Host header that a server on a loopback address accepts besides loopback names.
    """
    from uvicorn import Config

    from novasim.serve.deadline import SHUTDOWN_TIMEOUT

    return Config(
        HostCheck(app, allowed_hosts if is_loopback(sock.getsockname()[0]) else None),
        http=_http_protocol(),
        ws="none",
        lifespan="on",
        interface="asgi3",
        access_log=False,
        log_level="critical",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
    )


def _http_protocol() -> type | str:
    if find_spec("httptools") is None:
        return "h11"
    from novasim.serve.http_limits import LimitedProtocol

    return LimitedProtocol
