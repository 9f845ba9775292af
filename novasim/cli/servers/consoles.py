"""What a host can tell of a guest: console log, console addresses, diagnostics."""

from __future__ import annotations

import click

from novasim.api import microversions
from novasim.api.request import Response
from novasim.cli.options import output_options, pass_session, server_argument
from novasim.cli.servers.requests import Answer, act, on_each
from novasim.cli.session import Session
from novasim.lifecycle.actions import ACTIONS

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
@click.option("--lines", type=int, help="Only the last lines.")
@output_options
@pass_session
def console_log(session: Session, server: str, lines: int | None) -> None:
    """
    Show what a server printed on its console.

    Example: novasim console-log web1 --lines 20
    """

    def show(answers: list[Answer]) -> None:
        said = answers[0][2].body
        if session.is_human_readable:
            click.echo(said["output"])
        else:
            session.show(said)

    body = {} if lines is None else {"length": lines}
    on_each(session, [server], "console-log", lambda id: act(session, "console-log", id, body), then=show)


@click.command("console-url")
@server_argument
@click.option(
    "--type",
    "kind",
    type=click.Choice(list(PROTOCOLS)),
    default="novnc",
    show_default=True,
    help="How to look at the console.",
)
@output_options
@pass_session
def console_url(session: Session, server: str, kind: str) -> None:
    """
    Show where a server's console can be reached.

    Example: novasim console-url web1
    """
    on_each(
        session,
        [server],
        "console-url",
        lambda id: _console(session, id, kind),
        then=lambda answers: session.show(next(iter(answers[0][2].body.values()))),
    )


def _console(session: Session, id: str, kind: str) -> Response:
    """The request of today, or the one that was used before it existed, if the microversion is pinned so."""
    protocol = PROTOCOLS[kind]
    minor = microversions.NEWEST if session.pinned is None else session.pinned
    if not ACTIONS["console-url"].exists_at(minor) and f"console-url-{protocol}" in ACTIONS:
        return act(session, f"console-url-{protocol}", id, {"type": kind})
    body = {"remote_console": {"protocol": protocol, "type": kind}}
    return session.request("POST", f"/servers/{id}/remote-consoles", body)


@click.command()
@server_argument
@output_options
@pass_session
def diagnostics(session: Session, server: str) -> None:
    """
    Show what the host knows of a running guest (administrators).

    Example: novasim --as admin diagnostics web1
    """
    on_each(
        session,
        [server],
        "diagnostics",
        lambda id: session.request("GET", f"/servers/{id}/diagnostics"),
        then=lambda answers: session.show(answers[0][2].body),
    )
