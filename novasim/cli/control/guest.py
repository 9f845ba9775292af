"""Guests, as those inside them see it: they shut down, crash, reboot without asking Nova."""

from __future__ import annotations

import click

from novasim.cli.lookup import server_id
from novasim.cli.options import pass_session, server_argument
from novasim.cli.session import Session


@click.command()
@server_argument
@click.argument("what", type=click.Choice(["shutdown", "crash", "reboot"]))
@pass_session
def guest(session: Session, server: str, what: str) -> None:
    """
    Let the guest of SERVER shut down, crash or reboot by itself.

    Nova hears of it from the hypervisor and makes its record agree: a guest that is off is a stopped server.

    Example: novasim guest web1 shutdown
    """
    from novasim.control.guests import apply_guest_event

    apply_guest_event(session.cloud, server_id(session, server), what)
