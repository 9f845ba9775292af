"""The command `novasim serve`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from novasim.render.output import print_line, print_message, print_text
from novasim.serve import listener
from novasim.serve.clouds.targets import choose_target
from novasim.serve.one_cloud import Access
from novasim.serve.options import (
    Address,
    CloudChoice,
    Reports,
    address_options,
    cloud_options,
    live_option,
    report_options,
)

if TYPE_CHECKING:
    from novasim.serve.host_check import Application
    from novasim.serve.one_cloud import Target


def _record_into(ctx: click.Context, param: click.Parameter, path: str | None) -> None:
    """Record as if NOVASIM_RECORD named *path*."""
    if path:
        os.environ["NOVASIM_RECORD"] = path


@click.command(short_help="Start an OpenStack-compatible HTTP API.")
@address_options
@cloud_options
@click.option(
    "--control",
    type=click.Choice(["admin", "open"]),
    default="admin",
    show_default=True,
    help="Who may control the simulation below /novasim: administrators, or (open) every program on this machine.",
)
@live_option
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
    address: Address,
    choice: CloudChoice,
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

    With --clouds, the server has many clouds, and a client only needs a different URL: OS_AUTH_URL ends with
    /NAME/identity/v3. A cloud is opened at its first use, and closed when it is idle. / lists the clouds.

    With --classroom, students join at /join, and / is the board of the class: 'novasim manual classroom'.

    Example: novasim serve --port 8774 --live open

    Example: novasim serve --clouds lab --create ann,bob

    Example: novasim serve --classroom room --host 0.0.0.0
    """
    access = Access(control == "open", live == "open")
    target = choose_target(choice, session, address.workers)

    def write_settings(port: int) -> None:
        url = f"http://{listener.client_host(address.host)}:{port}"
        if reports.print_env:
            print_text(target.write_environment(url, session.who))
        if reports.clouds_yaml:
            target.write_clouds_yaml(reports.clouds_yaml, url, session.who)

    if address.port and (reports.print_env or reports.clouds_yaml):
        write_settings(address.port)
    else:
        report = print_message if reports.print_env else print_line
        _serve(target, address, access, write_settings, report, reports)


def _serve(
    target: Target,
    address: Address,
    access: Access,
    write_settings: Callable[[int], object],
    report: Callable[[str], None],
    reports: Reports,
) -> None:
    listener.require_stack()
    from novasim.serve.processes.workers import check_workers, run_workers
    from novasim.serve.ready_file import ReadyFile
    from novasim.serve.request_log import RequestLog, open_log

    check_workers(address.workers)
    # before the cloud, which is not created if the address is unusable
    sock = listener.open_socket(address.host, address.port)
    listener.check_access(access, sock, address.host)
    write_line = open_log(reports.log) if reports.log else None
    ready_file = ReadyFile(reports.ready_file) if reports.ready_file else None
    target.create(access)
    listener.warn_if_public(target, sock)
    url = f"http://{listener.socket_address(sock)}"
    write_settings(sock.getsockname()[1])
    target.close()

    def serve_as(worker: int, on_ready: Callable[[], None]) -> None:
        app = target.open(access, worker)
        application: Application = RequestLog(app, write_line) if write_line else app
        listener.run(application, sock, on_ready, address.allowed, app.close_streams)

    def report_ready() -> None:
        report(target.describe(url))
        if ready_file:
            ready_file.write(url)

    try:
        code = run_workers(address.workers, serve_as, report_ready)
    finally:
        if ready_file:
            ready_file.remove()
    click.get_current_context().exit(code)
