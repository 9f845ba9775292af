"""Routers."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.lookup import find_id, item_path
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Name": "name", "Status": "status"}

router = noun_group(
    "router",
    "Routers, which connect networks with each other and with external networks.",
    COLUMNS,
    example="edge",
    commands=("list", "show", "delete", "set"),
)


@router.command("create")
@click.argument("name")
@click.option("--external", help="External network of its gateway, for floating IPs.")
@output_options
@pass_session
def create_router(session: Session, name: str, external: str | None) -> None:
    """
    Create a router, with a gateway if --external is given.

    Example: novasim router create edge --external public
    """
    body: dict[str, Any] = {"name": name}
    if external:
        body["external_gateway_info"] = {"network_id": find_id(session, "network", external)}
    session.show(create_item(session, "router", body))


@router.command("join")
@click.argument("name")
@click.argument("subnet")
@output_options
@pass_session
def join(session: Session, name: str, subnet: str) -> None:
    """
    Connect a subnet to a router.

    Example: novasim router join edge back-v4
    """
    path = f"{item_path(session, 'router', name)}/add_router_interface"
    body = {"subnet_id": find_id(session, "subnet", subnet)}
    session.show(session.request("PUT", path, body, service="network").body)
