"""Server groups."""

from __future__ import annotations

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Name": "name", "Policy": "policy", "Members": "members"}

server_group = noun_group(
    "server-group",
    "Server groups: servers that share a host (affinity) or do not (anti-affinity).",
    COLUMNS,
    example="web",
)


@server_group.command("create")
@click.argument("name")
@click.option(
    "--policy",
    default="affinity",
    show_default=True,
    type=click.Choice(["affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity"]),
    help="All on the same host (affinity) or each on a different host (anti-affinity); soft-...: if possible.",
)
@output_options
@pass_session
def create_server_group(session: Session, name: str, policy: str) -> None:
    """
    Create a server group. New servers join it with --hint group=ID.

    Example: novasim server-group create web --policy anti-affinity
    """
    body = {"name": name, "policy": policy}
    session.show(create_item(session, "server-group", body))
