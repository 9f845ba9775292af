"""Subnets."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.lookup import find_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.strutils import ip_version

COLUMNS = {"ID": "id", "Name": "name", "Network": "network_id", "Range": "cidr", "Gateway": "gateway_ip"}

subnet = noun_group(
    "subnet",
    "Subnets: the address ranges of networks.",
    COLUMNS,
    example="back-v4",
    commands=("list", "show", "delete", "set"),
)


@subnet.command("create")
@click.argument("name")
@click.option("--network", required=True, help="Network (name or ID).")
@click.option("--range", "cidr", required=True, metavar="CIDR", help="Address range.")
@output_options
@pass_session
def create_subnet(session: Session, name: str, network: str, cidr: str) -> None:
    """
    Create a subnet of a network.

    Example: novasim subnet create back-v4 --network backend --range 192.0.2.0/24
    """
    body: dict[str, Any] = {"name": name, "network_id": find_id(session, "network", network), "cidr": cidr}
    body["ip_version"] = ip_version(cidr)
    session.show(create_item(session, "subnet", body))
