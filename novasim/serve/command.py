"""The command `novasim serve`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from novasim.errors import UsageError
from novasim.render.output import print_line, print_message, print_text, report_new_cloud
from novasim.serve import client_settings, listener
from novasim.serve.options import Reports, report_options

if TYPE_CHECKING:
    from novasim.cloud import Cloud
    from novasim.serve.host_check import Application

ANY_IPV4 = "0.0.0.0"  # nosec B104 # compared with --host, which is 127.0.0.1 by default
DEFAULT_USERS = ("demo", "admin")


def _record_into(ctx: click.Context, param: click.Parameter, path: str | None) -> None:
    """Record as if NOVASIM_RECORD named *path*."""
    if path:
        os.environ["NOVASIM_RECORD"] = path


@click.command(short_help="Start an OpenStack-compatible HTTP API.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", default=8774, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes any free port."
)
@click.option("--cloud", "path", metavar="PATH", help="Cloud file; the same as --cloud before the command.")
@click.option(
    "--allow-host",
    "allowed",
    metavar="NAME",
    multiple=True,
    help="Also answer requests for this host name, if the address is a loopback address. Can be repeated.",
)
@click.option(
    "--control",
    type=click.Choice(["admin", "open"]),
    default="admin",
    show_default=True,
    help="Who may control the simulation below /novasim: administrators, or (open) every program on this machine.",
)
@click.option(
    "--live",
    type=click.Choice(["token", "open"]),
    default="token",
    show_default=True,
    help="Who may watch the page /live: users who sign in, or (open) every program on this machine.",
)
@click.option(
    "--record",
    metavar="PATH",
    expose_value=False,
    callback=_record_into,
    help="Record all requests into this file, or into a file in this folder (a name that ends with /).",
)
@report_options
@click.pass_obj
def serve(
    session: Any,
    host: str,
    port: int,
    path: str | None,
    allowed: tuple[str, ...],
    control: str,
    live: str,
    reports: Reports,
) -> None:
    """
    Start an OpenStack-compatible HTTP API: identity, compute, image, network, volume and placement at one address.

    Commands can use the same cloud file at the same time, and see each other's changes. The server runs until it
    is interrupted (CTRL+C, SIGTERM), and finishes pending requests before it exits.

    Tests in any language reset the cloud, advance its clock and inject faults with requests below /novasim, which
    /openapi.json describes. They need an administrator's token unless --control is open.

    The page /live shows all servers on a picture of the lifecycle while they move. Users sign in to it; with --live
    open nobody needs to, and it shows the servers of all projects. While a page is open, the server keeps a record.

    Example: novasim serve --port 8774 --live open
    """
    cloud_path = path or session.path

    def write_settings(port: int, cloud: Cloud | None) -> None:
        url = f"http://{_client_host(host)}:{port}"
        if reports.print_env:
            user, project = client_settings.split_user(session.who)
            token = client_settings.issue_token(cloud, user, project) if cloud else ""
            print_text(client_settings.environment_script(url, user, project, token))
        if reports.clouds_yaml:
            client_settings.write_clouds_yaml(reports.clouds_yaml, url)
            print_message(f"Wrote {reports.clouds_yaml}: the clouds novasim and novasim-admin at {url}.")

    if port and (reports.print_env or reports.clouds_yaml):
        write_settings(port, _open_existing(cloud_path) if reports.print_env else None)
    else:
        report = print_message if reports.print_env else print_line
        address = Address(cloud_path, host, port, allowed, control == "open", live == "open")
        _serve(address, write_settings, report, reports)


def _open_existing(path: str) -> Cloud | None:
    """The cloud, to sign a token; None if it does not exist yet."""
    from novasim.control.worlds import open_cloud
    from novasim.store import open_store

    return open_cloud(path) if open_store(path).exists() else None


class Address(NamedTuple):
    """What is served where: the cloud file, host and port, further host names, and what needs no token."""

    path: str
    host: str
    port: int
    allowed: tuple[str, ...]
    has_open_control: bool
    has_open_live_page: bool


def _serve(
    address: Address,
    write_settings: Callable[[int, Cloud | None], object],
    report: Callable[[str], None],
    reports: Reports,
) -> None:
    listener.require_stack()
    from novasim.control.worlds import open_cloud
    from novasim.serve.app import App
    from novasim.serve.host_check import is_loopback
    from novasim.serve.ready_file import ReadyFile
    from novasim.serve.request_log import RequestLog, open_log

    # before the cloud, which is not created if the address is unusable
    sock = listener.open_socket(address.host, address.port)
    if (address.has_open_control or address.has_open_live_page) and not is_loopback(sock.getsockname()[0]):
        option = "--control open" if address.has_open_control else "--live open"
        raise UsageError(f"{option} needs a loopback address such as 127.0.0.1, not {address.host}.")
    write_line = open_log(reports.log) if reports.log else None
    ready_file = ReadyFile(reports.ready_file) if reports.ready_file else None
    cloud = open_cloud(address.path, resident=True, owns_process=True, report=report_new_cloud)
    app = App(cloud, address.has_open_control, address.has_open_live_page)
    application: Application = RequestLog(app, write_line) if write_line else app
    if not is_loopback(sock.getsockname()[0]):
        _warn_of_public_address(cloud, listener.socket_address(sock))
    url = f"http://{listener.socket_address(sock)}"
    ready = f"Serving {address.path} at {url} (clients: OS_AUTH_URL={url}/identity/v3)"
    write_settings(sock.getsockname()[1], cloud)

    def report_ready() -> None:
        report(ready)
        if ready_file:
            ready_file.write(url)

    try:
        listener.run(application, sock, report_ready, address.allowed, app.close_streams)
    finally:
        if ready_file:
            ready_file.remove()


def _warn_of_public_address(cloud: Cloud, address: str) -> None:
    names = _list_users_with_default_password(cloud)
    users = f"the password of {' and '.join(names)} is public, and " if names else ""
    who = "anyone who can reach" if names else "anyone who can read the traffic to"
    print_message(f"novasim: warning: {who} {address} can use this cloud: {users}connections are not encrypted.")


def _list_users_with_default_password(cloud: Cloud) -> list[str]:
    """The default users that have the default password; all of them if the cloud cannot be read."""
    from novasim.errors import CloudFileError
    from novasim.records import User
    from novasim.simulation.default_world import PASSWORD
    from novasim.simulation.keys.passwords import verify_password

    try:
        with cloud.reading() as world:
            users = [user for name in DEFAULT_USERS for user in world.tx.query(User, {"name": name})]
    except CloudFileError:
        return list(DEFAULT_USERS)
    return [user.name for user in users if user.enabled and verify_password(PASSWORD, user.password_hash)]


def _client_host(host: str) -> str:
    """The host name that a client on this machine connects to."""
    plain = {ANY_IPV4: "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    return f"[{plain}]" if ":" in plain else plain
