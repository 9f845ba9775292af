"""The command create."""

from __future__ import annotations

from typing import Any

import click

from novasim.api.request import Response
from novasim.cli.options import collect_key_values, output_options, pass_session, property_option, waiting_options
from novasim.cli.servers.new_server import new_server_body
from novasim.cli.servers.requests import ServerRequest, ServerRequests
from novasim.cli.servers.server_options import (
    PERSONALITY_UNTIL,
    access_ipv4_option,
    access_ipv6_option,
    certificates_option,
    disk_config_option,
    files_option,
    user_data_option,
)
from novasim.cli.servers.views import show_current
from novasim.cli.session import Session
from novasim.lifecycle.microversions import NEWEST


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--flavor", required=True, help="Flavor of the servers (name or ID).")
@click.option("--image", help="Image to boot from (name or ID).")
@click.option(
    "--network",
    "--nic",
    "networks",
    multiple=True,
    metavar="NETWORK|auto|none|net-id=..,v4-fixed-ip=..",
    help="Network to attach (may be repeated). Default: auto.",
)
@click.option("--port", "ports", multiple=True, help="Existing port to attach (may be repeated).")
@click.option("--key-name", help="Key pair for SSH access to the guest.")
@click.option("--security-group", "groups", multiple=True, help="Security group (may be repeated).")
@user_data_option
@property_option
@click.option("--availability-zone", help="Availability zone, or zone:host:node (administrators).")
@click.option(
    "--hint",
    "hints",
    multiple=True,
    metavar="KEY=VALUE",
    callback=collect_key_values,
    help="Scheduler hint, such as group=ID (see enabled_filters); a repeated key collects its values in a list.",
)
@click.option("--config-drive", is_flag=True, help="Attach a config drive.")
@click.option(
    "--block-device",
    "devices",
    multiple=True,
    metavar="KEY=VALUE,...",
    help="Block device, with the keys of the API: uuid, source_type, destination_type, ...",
)
@click.option(
    "--block-device-mapping",
    "mappings",
    multiple=True,
    metavar="DEVICE=ID[:TYPE[:GIB[:DELETE]]]",
    help="Block device in the older form.",
)
@click.option(
    "--boot-from-volume",
    type=click.IntRange(min=1),
    metavar="GIB",
    help="Boot from a new volume of this size, created from the image.",
)
@click.option("--volume", help="Volume to boot from (name or ID).")
@click.option("--snapshot", help="Volume snapshot (ID) from which to create a volume to boot from.")
@click.option("--count", type=int, help="How many servers per name; their names are numbered.")
@click.option("--min", "low", type=int, help="Create at least this many servers, or refuse.")
@click.option("--max", "high", type=int, help="Create at most this many servers, as far as the quota allows.")
@click.option("--description", help="Description.")
@click.option("--hostname", help="Host name of the guest.")
@click.option("--tag", "tags", multiple=True, help="Tag (may be repeated).")
@click.option("--password", help="Administrator password (default: generated, shown once).")
@click.option("--host", help="Host to build on (administrators).")
@click.option("--hypervisor-hostname", help="Hypervisor to build on (administrators).")
@certificates_option
@disk_config_option
@access_ipv4_option
@access_ipv6_option
@files_option
@click.option("--return-reservation-id", is_flag=True, help="Print the reservation ID instead of the servers.")
@waiting_options
@output_options
@pass_session
def create(session: Session, /, names: tuple[str, ...], timeout: float | None, **options: Any) -> None:
    """
    Create servers. Without --wait the command returns while they are still being built.

    Example: novasim create web1 --flavor m1.small --image debian-12 --wait
    """
    body, outer_fields = new_server_body(session, options)
    minor = PERSONALITY_UNTIL if "personality" in body else NEWEST
    with ServerRequests(session, "create") as requests:
        for name in names:
            with requests.attempt():
                response = session.request(
                    "POST", "/servers", {"server": {"name": name, **body}, **outer_fields}, minor=minor
                )
                requests.accepted += _list_created_servers(session, response)
        requests.wait(timeout)
        _show_created(session, requests.accepted)


def _list_created_servers(session: Session, response: Response) -> list[ServerRequest]:
    """All servers that a request created; the response names only the first, or their reservation."""
    from novasim.records import Server

    with session.cloud.reading() as world:
        if (reservation := response.body.get("reservation_id")) is None:
            first = world.tx.get(Server, response.body["server"]["id"])
            reservation = first.reservation_id if first else ""
        servers = world.tx.query(Server, {"reservation_id": reservation})
        return [ServerRequest(session, server.name, server.id, response) for server in servers]


def _show_created(session: Session, accepted: list[ServerRequest]) -> None:
    reservations = {id: {"reservation_id": id} for each in accepted if (id := each.response.body.get("reservation_id"))}
    if reservations:
        session.show_each(list(reservations.values()), {"Reservation ID": "reservation_id"})
    else:
        show_current(session, [(each.id, each.response.body["server"]) for each in accepted])
