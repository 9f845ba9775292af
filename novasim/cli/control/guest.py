"""Events inside guests, which happen without a request to Nova."""

from __future__ import annotations

import click

from novasim.cli.lookup import server_id
from novasim.cli.options import pass_session, server_argument
from novasim.cli.session import Session


@click.command()
@server_argument
@click.argument("event", type=click.Choice(["shutdown", "crash", "reboot"]))
@pass_session
def guest(session: Session, server: str, event: str) -> None:
    """
    Make the guest of SERVER shut down, crash or reboot by itself.

    The hypervisor reports the event, and Nova updates the server: if the guest is off, the server becomes SHUTOFF.

    Example: novasim guest web1 shutdown
    """
    from novasim.control.guests import apply_guest_event

    session.control(apply_guest_event, server_id(session, server), event)
