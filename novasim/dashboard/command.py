"""The command `novasim dashboard`."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from novasim.dashboard.process import Horizon, require_horizon
from novasim.dashboard.settings import Configuration
from novasim.errors import UsageError
from novasim.remote import is_remote
from novasim.render.output import print_line, print_message
from novasim.serve import listener
from novasim.serve.clouds.targets import choose_target
from novasim.serve.one_cloud import Access
from novasim.serve.options import CloudChoice, cloud_options, live_option, log_option

if TYPE_CHECKING:
    import socket

    from novasim.serve.host_check import Application
    from novasim.serve.one_cloud import Target

LOG_IN = "Log in as a user of the cloud. In a new cloud, that is demo or admin; the password is secret."
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ENDED = "novasim: the dashboard has ended."
STARTING = "novasim: starting Horizon, which takes a few seconds."


class Addresses(NamedTuple):
    """
    Where requests are answered.

    Args:
        host, port: The address of the dashboard; port 0 is any free one.
        api_port: The port of the API, on the same host. allowed: Further host names, for a loopback address.
    """

    host: str
    port: int
    api_port: int
    allowed: tuple[str, ...]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port of the dashboard; 0 takes any free port.",
)
@click.option(
    "--api-port",
    default=8774,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port of the API; 0 takes any free port.",
)
@click.option(
    "--allow-host",
    "allowed",
    metavar="NAME",
    multiple=True,
    help="Also answer requests for this host name, if the address is a loopback address. Can be repeated.",
)
@cloud_options
@live_option
@log_option
@click.pass_obj
def dashboard(
    session: Any,
    host: str,
    port: int,
    api_port: int,
    allowed: tuple[str, ...],
    choice: CloudChoice,
    live: str,
    log: str | None,
) -> None:
    """
    Start Horizon, OpenStack's dashboard, and the HTTP API behind it.

    Horizon runs unmodified, with settings of its own in a temporary folder. The command prints its URL, the users who
    can log in, and the URL of the live page, which shows the same servers on a picture of the lifecycle. Both servers
    run until they are interrupted (CTRL+C, SIGTERM).

    If --cloud is the URL of a running server, the command uses that server and starts no other.

    With --clouds or --classroom, Horizon offers the clouds that exist at its start as regions in the form to log in.

    Horizon is an extra of the installation: 'novasim manual dashboard'.

    Example: novasim dashboard --port 8080

    Example: novasim dashboard --live open --log requests.log

    Example: novasim dashboard --cloud http://127.0.0.1:8774
    """
    require_horizon()
    addresses = Addresses(host, port, api_port, allowed)
    path = choice.path or session.path
    if is_remote(path) and not (choice.clouds or choice.classroom):
        _show_running(path, addresses)
        return
    listener.require_stack()
    _serve(choose_target(choice, session), addresses, live == "open", log)


def _show_running(server: str, addresses: Addresses) -> None:
    """Run Horizon in front of a server that is running already."""
    from novasim.dashboard.running import list_running_clouds

    clouds = list_running_clouds(server)
    sock = listener.open_socket(addresses.host, addresses.port)
    with _start(sock, addresses, clouds) as horizon:
        _report(sock, clouds, LOG_IN)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: horizon.end_soon())
        horizon.wait()
    _end(horizon)


def _serve(target: Target, addresses: Addresses, is_open: bool, log: str | None) -> None:
    """Run Horizon, and the server behind it in this process."""
    from novasim.serve.request_log import RequestLog, open_log

    access = Access(False, is_open)
    sock = listener.open_socket(addresses.host, addresses.port)
    api_sock = _open_api_socket(addresses)
    listener.check_access(access, sock, addresses.host)
    write_line = open_log(log) if log else None
    target.create(access)
    listener.warn_if_public(target, sock)
    url = f"http://{listener.client_host(addresses.host)}:{api_sock.getsockname()[1]}"
    clouds = target.list_urls(url)
    app = target.open(access, 0)
    application: Application = RequestLog(app, write_line) if write_line else app
    with _start(sock, addresses, clouds) as horizon:

        def report_ready() -> None:
            print_line(target.describe(url))
            _report(sock, clouds, target.describe_logins())

        listener.run(application, api_sock, report_ready, addresses.allowed, app.close_streams)
    _end(horizon)


def _open_api_socket(addresses: Addresses) -> socket.socket:
    try:
        return listener.open_socket(addresses.host, addresses.api_port)
    except UsageError as error:
        raise UsageError(f"{error} For a server that is running: --cloud URL; for another port: --api-port.") from None


def _start(sock: socket.socket, addresses: Addresses, clouds: list[tuple[str, str]]) -> Horizon:
    from novasim.serve.host_check import is_loopback

    if not clouds:
        raise UsageError("There are no clouds yet. --create NAME creates one.")
    hosts = [*LOOPBACK_HOSTS, *addresses.allowed] if is_loopback(sock.getsockname()[0]) else ["*"]
    print_message(STARTING)
    url, name = clouds[0]
    page = url.removesuffix(name) if name else f"{url}/live"  # the list of clouds, or the board of a class
    return Horizon(sock, Configuration(clouds, page, hosts))


def _report(sock: socket.socket, clouds: list[tuple[str, str]], logins: str) -> None:
    print_line(f"Horizon at http://{listener.socket_address(sock)}/")
    print_line(logins)
    url, name = clouds[0]
    live_url = f"{url.removesuffix(name)}NAME/live" if name else f"{url}/live"
    print_line(f"Servers on a picture of the lifecycle: {live_url}")


def _end(horizon: Horizon) -> None:
    """Print how the command has ended, and exit."""
    print_message(ENDED)
    click.get_current_context().exit(int(horizon.has_failed))
