"""Floating IPs."""

from __future__ import annotations

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.lookup import find_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Address": "floating_ip_address", "Fixed address": "fixed_ip_address", "Port": "port_id"}

floating_ip = noun_group(
    "floating-ip",
    "Floating IPs: public addresses that can be associated with servers.",
    COLUMNS,
    example="198.51.100.2",
)


@floating_ip.command("create")
@click.argument("network", default="public")
@output_options
@pass_session
def create_floating_ip(session: Session, network: str) -> None:
    """
    Allocate a floating IP of an external network to the project.

    Example: novasim floating-ip create public
    """
    body = {"floating_network_id": find_id(session, "network", network)}
    session.show(create_item(session, "floating-ip", body))
