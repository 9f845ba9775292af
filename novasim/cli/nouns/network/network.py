"""Networks."""

from __future__ import annotations

import click

from novasim.cli.collection import create_item, get_item, noun_group
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.strutils import ip_version

COLUMNS = {"ID": "id", "Name": "name", "Shared": "shared", "External": "router:external", "Subnets": "subnets"}

network = noun_group(
    "network",
    "Networks of servers.",
    COLUMNS,
    example="backend",
    commands=("list", "show", "delete", "set"),
)


@network.command("create")
@click.argument("name")
@click.option("--subnet", "cidr", metavar="CIDR", help="Also create a subnet with this address range.")
@click.option("--shared", is_flag=True, help="Share it with all projects (administrators).")
@click.option("--external", is_flag=True, help="Make it external, for floating IPs (administrators).")
@output_options
@pass_session
def create_network(session: Session, name: str, cidr: str | None, shared: bool, external: bool) -> None:
    """
    Create a network, with a subnet if --subnet is given.

    Example: novasim network create backend --subnet 192.0.2.0/24
    """
    body = {"name": name, "shared": shared, "router:external": external}
    with session.transaction(writes=True):
        id = create_item(session, "network", body)["id"]
        if cidr:
            subnet = {"network_id": id, "cidr": cidr, "ip_version": ip_version(cidr), "name": f"{name}-subnet"}
            create_item(session, "subnet", subnet)
    session.show(get_item(session, "network", id))
