"""Subnets, routers, rules, volume snapshots, zones, limits."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli import lookup
from novasim.cli.collection import Collection, add_delete, add_list, add_set, add_show
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session


def _snapshot_path(session: Session) -> str:
    return f"/v3/{session.caller.project_id}/snapshots"


SUBNETS = Collection(
    "subnet",
    "subnets",
    "network",
    lambda s: "/v2.0/subnets",
    lookup.subnet_id,
    columns={"ID": "id", "Name": "name", "Network": "network_id", "Range": "cidr", "Gateway": "gateway_ip"},
    example="back-v4",
)
ROUTERS = Collection(
    "router",
    "routers",
    "network",
    lambda s: "/v2.0/routers",
    lookup.router_id,
    columns={"ID": "id", "Name": "name", "Status": "status"},
    example="edge",
)
RULES = Collection(
    "security_group_rule",
    "security_group_rules",
    "network",
    lambda s: "/v2.0/security-group-rules",
    lambda s, text: text,
    columns={
        "ID": "id",
        "Group": "security_group_id",
        "Direction": "direction",
        "Type": "ethertype",
        "Protocol": "protocol",
        "From": "port_range_min",
        "To": "port_range_max",
        "Remote": "remote_ip_prefix",
    },
    example="5f0c3b1e-8a53-4d5c-9d0c-1d2e3f4a5b6c",
)
SNAPSHOTS = Collection(
    "snapshot",
    "snapshots",
    "volume",
    _snapshot_path,
    lookup.snapshot_id,
    columns={"ID": "id", "Name": "name", "Volume": "volume_id", "Size (GiB)": "size", "Status": "status"},
    words=("volume snapshot", "volume snapshots"),
    example="data-monday",
)


def _group(name: str, text: str, collection: Collection) -> click.Group:
    group = click.Group(name, help=f"{text}\n\nExample: novasim {name} list")
    for add in (add_list, add_show, add_delete):
        add(group, collection)
    return group


subnet = _group("subnet", "Subnets: the ranges of addresses of networks.", SUBNETS)
router = _group("router", "Routers: what joins networks to each other and to the world.", ROUTERS)
security_group_rule = _group("security-group-rule", "Rules of security groups: what is let in and out.", RULES)
volume_snapshot = _group("volume-snapshot", "Snapshots of volumes.", SNAPSHOTS)


for _noun, _things in ((subnet, SUBNETS), (router, ROUTERS), (volume_snapshot, SNAPSHOTS)):
    add_set(_noun, _things)


@subnet.command("create")
@click.argument("name")
@click.option("--network", required=True, help="Network (name or ID).")
@click.option("--range", "cidr", required=True, metavar="CIDR", help="Address range.")
@output_options
@pass_session
def create_subnet(session: Session, name: str, network: str, cidr: str) -> None:
    """
    Make a subnet: a range of addresses on a network.

    Example: novasim subnet create back-v4 --network backend --range 192.0.2.0/24
    """
    body = {"name": name, "network_id": lookup.network_id(session, network), "cidr": cidr}
    session.show(session.request("POST", "/v2.0/subnets", {"subnet": body}, service="network").body["subnet"])


@router.command("create")
@click.argument("name")
@click.option("--external", help="External network for floating addresses.")
@output_options
@pass_session
def create_router(session: Session, name: str, external: str | None) -> None:
    """
    Make a router, with a way out to an external network if one is named.

    Example: novasim router create edge --external public
    """
    body: dict[str, Any] = {"name": name}
    if external:
        body["external_gateway_info"] = {"network_id": lookup.network_id(session, external)}
    session.show(session.request("POST", "/v2.0/routers", {"router": body}, service="network").body["router"])


@router.command("join")
@click.argument("name")
@click.argument("subnet_name", metavar="SUBNET")
@output_options
@pass_session
def join(session: Session, name: str, subnet_name: str) -> None:
    """
    Join a subnet to a router.

    Example: novasim router join edge back-v4
    """
    path = f"/v2.0/routers/{lookup.router_id(session, name)}/add_router_interface"
    body = {"subnet_id": lookup.subnet_id(session, subnet_name)}
    session.show(session.request("PUT", path, body, service="network").body)


def port_range(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[int | None, int | None]:
    """PORT or LOW:HIGH as two numbers."""
    if text is None:
        return None, None
    low, _, high = text.partition(":")
    try:
        return int(low), int(high or low)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not of the form PORT or LOW:HIGH", ctx, param) from None


@security_group_rule.command("create")
@click.argument("group")
@click.option("--egress/--ingress", "leaves", default=False, help="Direction (default: ingress).")
@click.option("--protocol", help="tcp, udp, icmp or a number.")
@click.option("--dst-port", "ports", metavar="PORT[:PORT]", callback=port_range, help="Port or range.")
@click.option("--remote-ip", metavar="CIDR", help="Where from (or to).")
@click.option(
    "--ethertype",
    type=click.Choice(["IPv4", "IPv6"]),
    default="IPv4",
    show_default=True,
    help="The family of addresses.",
)
@output_options
@pass_session
def create_rule(
    session: Session,
    group: str,
    leaves: bool,
    protocol: str | None,
    ports: tuple[int | None, int | None],
    remote_ip: str | None,
    ethertype: str,
) -> None:
    """
    Add a rule to a security group: what is let in (or, with --egress, out).

    Example: novasim security-group-rule create web --protocol tcp --dst-port 443
    """
    body = {
        "security_group_id": lookup.security_group_id(session, group),
        "direction": "egress" if leaves else "ingress",
        "protocol": protocol,
        "ethertype": ethertype,
        "remote_ip_prefix": remote_ip,
        "port_range_min": ports[0],
        "port_range_max": ports[1],
    }
    answer = session.request(
        "POST", "/v2.0/security-group-rules", {"security_group_rule": body}, service="network"
    ).body
    session.show(answer["security_group_rule"])


@volume_snapshot.command("create")
@click.argument("name")
@click.option("--volume", required=True, help="Volume (name or ID).")
@click.option("--force", is_flag=True, help="Even of a volume in use.")
@output_options
@pass_session
def create_snapshot(session: Session, name: str, volume: str, force: bool) -> None:
    """
    Make a snapshot of a volume: a copy of what is on it now.

    Example: novasim volume-snapshot create data-monday --volume data
    """
    body = {"name": name, "volume_id": lookup.volume_id(session, volume), "force": force}
    session.show(
        session.request("POST", _snapshot_path(session), {"snapshot": body}, service="volume").body["snapshot"]
    )


@click.group("availability-zone")
def availability_zone() -> None:
    """
    Availability zones: groups of hosts that servers can be placed in.

    Example: novasim availability-zone list
    """


@availability_zone.command("list")
@output_options
@pass_session
def list_zones(session: Session) -> None:
    """
    List all zones that have hosts.

    Example: novasim availability-zone list
    """
    zones = session.get("/os-availability-zone")["availabilityZoneInfo"]
    rows = [{"id": zone["zoneName"], "available": zone["zoneState"]["available"], **zone} for zone in zones]
    session.show_list(rows, {"Name": "zoneName", "Available": "available"})


@click.group("limits")
def limits() -> None:
    """
    Limits of one's own project, and what is used of them.

    Example: novasim limits show
    """


@limits.command("show")
@output_options
@pass_session
def show_limits(session: Session) -> None:
    """
    Show the limits of one's own project, and what is used of them.

    Example: novasim limits show
    """
    session.show(session.get("/limits")["limits"]["absolute"])
