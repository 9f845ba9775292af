"""Ports."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.lookup import find_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {
    "ID": "id",
    "Name": "name",
    "MAC": "mac_address",
    "Addresses": "fixed_ips",
    "Status": "status",
    "Device": "device_id",
}

port = noun_group(
    "port",
    "Ports: the network interfaces of servers, with their addresses.",
    COLUMNS,
    example="web1-port",
    commands=("list", "show", "delete", "set"),
)


@port.command("create")
@click.argument("name")
@click.option("--network", required=True, help="Network (name or ID).")
@click.option("--fixed-ip", help="Fixed IP to request.")
@output_options
@pass_session
def create_port(session: Session, name: str, network: str, fixed_ip: str | None) -> None:
    """
    Create a port, to be attached to a server.

    Example: novasim port create web1-port --network private
    """
    body: dict[str, Any] = {"name": name, "network_id": find_id(session, "network", network)}
    body |= {"fixed_ips": [{"ip_address": fixed_ip}]} if fixed_ip else {}
    session.show(create_item(session, "port", body))
