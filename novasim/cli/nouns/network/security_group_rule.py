"""Rules of security groups."""

from __future__ import annotations

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.lookup import find_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {
    "ID": "id",
    "Group": "security_group_id",
    "Direction": "direction",
    "Type": "ethertype",
    "Protocol": "protocol",
    "From": "port_range_min",
    "To": "port_range_max",
    "Remote": "remote_ip_prefix",
}

security_group_rule = noun_group(
    "security-group-rule",
    "Rules of security groups: which traffic is allowed.",
    COLUMNS,
    example="5f0c3b1e-8a53-4d5c-9d0c-1d2e3f4a5b6c",
)


def parse_port_range(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[int | None, int | None]:
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
@click.option("--egress/--ingress", "egress", default=False, help="Direction (default: ingress).")
@click.option("--protocol", help="tcp, udp, icmp or a number.")
@click.option("--dst-port", "ports", metavar="PORT[:PORT]", callback=parse_port_range, help="Port or range of ports.")
@click.option("--remote-ip", metavar="CIDR", help="Address range of the other side.")
@click.option(
    "--ethertype",
    type=click.Choice(["IPv4", "IPv6"]),
    default="IPv4",
    show_default=True,
    help="Address family.",
)
@output_options
@pass_session
def create_rule(
    session: Session,
    group: str,
    egress: bool,
    protocol: str | None,
    ports: tuple[int | None, int | None],
    remote_ip: str | None,
    ethertype: str,
) -> None:
    """
    Add a rule to a security group. It allows ingress or, with --egress, egress.

    Example: novasim security-group-rule create web --protocol tcp --dst-port 443
    """
    body = {
        "security_group_id": find_id(session, "security-group", group),
        "direction": "egress" if egress else "ingress",
        "protocol": protocol,
        "ethertype": ethertype,
        "remote_ip_prefix": remote_ip,
        "port_range_min": ports[0],
        "port_range_max": ports[1],
    }
    session.show(create_item(session, "security-group-rule", body))
