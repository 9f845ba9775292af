"""Console output, console URLs and diagnostics of a guest."""

from __future__ import annotations

import click

from novasim.api.request import Response
from novasim.cli.options import output_options, pass_session, server_argument
from novasim.cli.servers.requests import request_to, send_action
from novasim.cli.session import Session
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.render.output import print_text

PROTOCOLS = {
    "novnc": "vnc",
    "xvpvnc": "vnc",
    "spice-html5": "spice",
    "spice-direct": "spice",
    "rdp-html5": "rdp",
    "serial": "serial",
    "webmks": "mks",
}


@click.command("console-log")
@server_argument
@click.option("--lines", type=int, help="Show only this many of the last lines.")
@output_options
@pass_session
def console_log(session: Session, server: str, lines: int | None) -> None:
    """
    Show the console output of a server.

    Example: novasim console-log web1 --lines 20
    """
    body = {} if lines is None else {"length": lines}
    with request_to(session, server, "console-log") as id:
        log = send_action(session, "console-log", id, body).body
        if session.is_human_readable:
            print_text(log["output"] + "\n")
        else:
            session.show(log)


@click.command("console-url")
@server_argument
@click.option(
    "--type",
    "kind",
    type=click.Choice(list(PROTOCOLS)),
    default="novnc",
    show_default=True,
    help="Type of the console.",
)
@output_options
@pass_session
def console_url(session: Session, server: str, kind: str) -> None:
    """
    Show the URL of a server's console.

    Example: novasim console-url web1
    """
    with request_to(session, server, "console-url") as id:
        session.show(next(iter(_request_console(session, id, kind).body.values())))


def _request_console(session: Session, id: str, kind: str) -> Response:
    """Request a console. If a microversion before 2.6 is pinned, use the server action of that time."""
    protocol = PROTOCOLS[kind]
    minor = NEWEST if session.pinned is None else session.pinned
    if not ACTIONS["console-url"].exists_at(minor) and f"console-url-{protocol}" in ACTIONS:
        return send_action(session, f"console-url-{protocol}", id, {"type": kind})
    body = {"remote_console": {"protocol": protocol, "type": kind}}
    return session.request("POST", f"/servers/{id}/remote-consoles", body)


@click.command()
@server_argument
@output_options
@pass_session
def diagnostics(session: Session, server: str) -> None:
    """
    Show hypervisor metrics of a running guest (administrators).

    Example: novasim --as admin diagnostics web1
    """
    with request_to(session, server, "diagnostics") as id:
        session.show(session.get(f"/servers/{id}/diagnostics"))
