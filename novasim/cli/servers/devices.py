"""Volumes, ports, addresses and security groups of a server."""

from __future__ import annotations

from typing import Any

import click

from novasim.api.request import Response
from novasim.cli.lookup import find_id
from novasim.cli.options import LazyCommand, output_options, pass_session, server_argument, waiting_options
from novasim.cli.selection.options import selection_options, servers_argument
from novasim.cli.servers.requests import ServerRequests, request_to, send_to_each
from novasim.cli.session import Session

LAST_WITH_DEVICE = 100  # the last microversion in which the response has the device


@click.command("attach-volume")
@server_argument
@click.argument("volume")
@click.option("--device", help="Device name, such as /dev/vdb.")
@click.option("--tag", help="Device tag.")
@click.option("--delete-on-termination", is_flag=True, help="Delete the volume together with the server.")
@waiting_options
@output_options
@pass_session
def attach_volume(
    session: Session,
    server: str,
    volume: str,
    device: str | None,
    tag: str | None,
    delete_on_termination: bool,
    timeout: float | None,
) -> None:
    """
    Attach a volume (name or ID) to a server as another disk.

    The volume is reserved at once, then attaching, and in-use when the host has connected it. It cannot be detached
    before.

    Example: novasim attach-volume web1 data --wait
    """
    body: dict[str, Any] = {"volumeId": find_id(session, "volume", volume)}
    body |= {name: value for name, value in (("device", device), ("tag", tag)) if value}
    body |= {"delete_on_termination": True} if delete_on_termination else {}
    with ServerRequests(session, "attach-volume") as requests:
        with requests.to(server) as request:
            path = f"/servers/{request.id}/os-volume_attachments"
            request.response = session.request("POST", path, {"volumeAttachment": body}, minor=LAST_WITH_DEVICE)
            _show_body(session, request.response)
        requests.wait(timeout)


def _show_body(session: Session, response: Response) -> None:
    """Show what a response describes, if it has a body."""
    if response.body:
        session.show(next(iter(response.body.values())))


@click.command("detach-volume")
@server_argument
@click.argument("volume")
@waiting_options
@output_options
@pass_session
def detach_volume(session: Session, server: str, volume: str, timeout: float | None) -> None:
    """
    Detach a volume (name or ID) from a server. The volume keeps its data.

    It is detaching until the host has disconnected it, then available.

    Example: novasim detach-volume web1 data --wait
    """
    ref = find_id(session, "volume", volume)
    with ServerRequests(session, "detach-volume") as requests:
        with requests.to(server) as request:
            request.response = session.request("DELETE", f"/servers/{request.id}/os-volume_attachments/{ref}")
        requests.wait(timeout)


@click.command("attach-port")
@server_argument
@click.option("--port", help="Existing port (name or ID).")
@click.option("--network", help="Network on which to create a port (name or ID).")
@click.option("--fixed-ip", help="Fixed IP to request.")
@click.option("--tag", help="Device tag.")
@output_options
@pass_session
def attach_port(
    session: Session, server: str, port: str | None, network: str | None, fixed_ip: str | None, tag: str | None
) -> None:
    """
    Attach a network interface.

    Example: novasim attach-port web1 --network private
    """
    body: dict[str, Any] = {"port_id": find_id(session, "port", port)} if port else {}
    body |= {"net_id": find_id(session, "network", network)} if network else {}
    body |= {"fixed_ips": [{"ip_address": fixed_ip}]} if fixed_ip else {}
    body |= {"tag": tag} if tag else {}
    with request_to(session, server, "attach-port") as id:
        _show_body(session, session.request("POST", f"/servers/{id}/os-interface", {"interfaceAttachment": body}))


@click.command("detach-port")
@server_argument
@click.argument("port")
@output_options
@pass_session
def detach_port(session: Session, server: str, port: str) -> None:
    """
    Detach a network interface (name or ID of its port).

    Example: novasim detach-port web1 web1-port
    """
    ref = find_id(session, "port", port)
    with request_to(session, server, "detach-port") as id:
        session.request("DELETE", f"/servers/{id}/os-interface/{ref}")


@click.command("add-floating-ip")
@server_argument
@click.argument("address")
@click.option("--fixed-ip", help="Fixed IP of the server to associate it with.")
@output_options
@pass_session
def add_floating_ip(session: Session, server: str, address: str, fixed_ip: str | None) -> None:
    """
    Associate a floating IP with a server (removed from the API in microversion 2.44).

    Example: novasim add-floating-ip web1 198.51.100.2
    """
    body = {"address": address} | ({"fixed_address": fixed_ip} if fixed_ip else {})
    send_to_each(session, [server], "add-floating-ip", body)


@click.command("remove-floating-ip")
@server_argument
@click.argument("address")
@output_options
@pass_session
def remove_floating_ip(session: Session, server: str, address: str) -> None:
    """
    Disassociate a floating IP from a server (removed from the API in microversion 2.44).

    Example: novasim remove-floating-ip web1 198.51.100.2
    """
    send_to_each(session, [server], "remove-floating-ip", {"address": address})


@click.command("add-fixed-ip")
@server_argument
@click.argument("network")
@output_options
@pass_session
def add_fixed_ip(session: Session, server: str, network: str) -> None:
    """
    Add a fixed IP on a network to a server (removed from the API in microversion 2.44).

    Example: novasim add-fixed-ip web1 private
    """
    body = {"networkId": find_id(session, "network", network)}
    send_to_each(session, [server], "add-fixed-ip", body)


@click.command("remove-fixed-ip")
@server_argument
@click.argument("address")
@output_options
@pass_session
def remove_fixed_ip(session: Session, server: str, address: str) -> None:
    """
    Remove a fixed IP from a server (removed from the API in microversion 2.44).

    Example: novasim remove-fixed-ip web1 10.0.0.2
    """
    send_to_each(session, [server], "remove-fixed-ip", {"address": address})


@click.command("add-security-group", cls=LazyCommand)
@servers_argument
@click.argument("group")
@output_options
@pass_session
@selection_options("add-security-group")
def add_security_group(session: Session, servers: tuple[str, ...], group: str) -> None:
    """
    Add a security group (name or ID) to all network interfaces of servers.

    Example: novasim add-security-group web1 default
    """
    send_to_each(session, servers, "add-security-group", {"name": group})


@click.command("remove-security-group", cls=LazyCommand)
@servers_argument
@click.argument("group")
@output_options
@pass_session
@selection_options("remove-security-group")
def remove_security_group(session: Session, servers: tuple[str, ...], group: str) -> None:
    """
    Remove a security group (name or ID) from all network interfaces of servers.

    Example: novasim remove-security-group web1 default
    """
    send_to_each(session, servers, "remove-security-group", {"name": group})
