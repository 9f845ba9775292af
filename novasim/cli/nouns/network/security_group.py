"""Security groups."""

from __future__ import annotations

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Name": "name", "Description": "description"}

security_group = noun_group(
    "security-group",
    "Security groups: firewall rules for servers.",
    COLUMNS,
    example="web",
    commands=("list", "show", "delete", "set"),
)


@security_group.command("create")
@click.argument("name")
@click.option("--description", default="", help="Description.")
@output_options
@pass_session
def create_security_group(session: Session, name: str, description: str) -> None:
    """
    Create a security group. Without more rules it allows egress and no ingress.

    Example: novasim security-group create web --description "HTTP and SSH"
    """
    session.show(create_item(session, "security-group", {"name": name, "description": description}))
