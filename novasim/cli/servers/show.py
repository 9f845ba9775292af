"""The commands show, set and unset."""

from __future__ import annotations

import click

from novasim.cli.lookup import path_segment, server_id
from novasim.cli.options import LazyCommand, output_options, pass_session, property_option, server_argument
from novasim.cli.selection.options import selection_options, servers_argument
from novasim.cli.servers.requests import ServerRequests
from novasim.cli.servers.server_options import (
    access_ipv4_option,
    access_ipv6_option,
    disk_config_option,
    shared_fields,
)
from novasim.cli.servers.views import show_servers
from novasim.cli.session import Session
from novasim.errors import UsageError


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--topology", is_flag=True, help="Show the NUMA topology of the guests instead.")
@output_options
@pass_session
@selection_options()
def show(session: Session, servers: tuple[str, ...], topology: bool) -> None:
    """
    Show the details of servers.

    Example: novasim show web1 -f json
    """
    with ServerRequests(session, "show") as requests:
        for server in servers:
            with requests.to(server) as request:
                path = f"/servers/{request.id}/topology" if topology else f"/servers/{request.id}"
                request.response = session.request("GET", path)
        bodies = [each.response.body for each in requests.accepted]
        if topology:
            session.show_each(bodies, {"Nodes": "nodes", "Page size (KiB)": "pagesize_kb"})
        else:
            show_servers(session, [body["server"] for body in bodies])


@click.command("set")
@server_argument
@click.option("--name", help="New name.")
@click.option("--description", help="New description.")
@click.option("--hostname", help="New host name.")
@access_ipv4_option
@access_ipv6_option
@disk_config_option
@click.option("--tag", "tags", multiple=True, help="Tag to add (may be repeated).")
@property_option
@output_options
@pass_session
def set_server(
    session: Session,
    /,
    server: str,
    tags: tuple[str, ...],
    properties: dict[str, str],
    **changes: str | None,
) -> None:
    """
    Change the name, description, metadata or tags of a server.

    Example: novasim set web1 --name web2 --property role=web --tag prod
    """
    plain = ("name", "description", "hostname")
    body = {name: changes[name] for name in plain if changes[name] is not None} | shared_fields(changes)
    if not (body or properties or tags):
        raise UsageError("Nothing to set; see: novasim set --help")
    with session.transaction(writes=True):
        path = f"/servers/{server_id(session, server)}"
        if body:
            session.request("PUT", path, {"server": body})
        if properties:
            session.request("POST", f"{path}/metadata", {"metadata": properties})
        for tag in tags:
            session.request("PUT", f"{path}/tags/{path_segment('tag', tag)}")


@click.command("unset")
@server_argument
@click.option("--property", "keys", multiple=True, help="Metadata item to remove (may be repeated).")
@click.option("--tag", "tags", multiple=True, help="Tag to remove (may be repeated).")
@click.option("--description", is_flag=True, help="Remove the description.")
@output_options
@pass_session
def unset_server(
    session: Session, server: str, keys: tuple[str, ...], tags: tuple[str, ...], description: bool
) -> None:
    """
    Remove the description, metadata or tags of a server.

    Example: novasim unset web1 --property role --tag prod
    """
    if not (description or keys or tags):
        raise UsageError("Nothing to unset; see: novasim unset --help")
    with session.transaction(writes=True):
        path = f"/servers/{server_id(session, server)}"
        if description:
            session.request("PUT", path, {"server": {"description": None}})
        for key in keys:
            session.request("DELETE", f"{path}/metadata/{path_segment('property', key)}")
        for tag in tags:
            session.request("DELETE", f"{path}/tags/{path_segment('tag', tag)}")
