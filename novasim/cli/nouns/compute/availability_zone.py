"""Availability zones."""

from __future__ import annotations

import click

from novasim.api.resources import RESOURCES, list_items
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session


@click.group("availability-zone")
def availability_zone() -> None:
    """
    Availability zones: groups of hosts to which servers are scheduled.

    Example: novasim availability-zone list
    """


@availability_zone.command("list")
@output_options
@pass_session
def list_zones(session: Session) -> None:
    """
    List all availability zones that have hosts.

    Example: novasim availability-zone list
    """
    zones = list_items(session, RESOURCES["availability-zone"])
    texts = [{"zoneState": zone["zoneState"]["available"]} for zone in zones]
    session.show_list(zones, {"Name": "zoneName", "Available": "zoneState"}, "zoneName", texts)
