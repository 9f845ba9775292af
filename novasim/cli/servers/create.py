"""create."""

from __future__ import annotations

from typing import Any

import click

from novasim.api.request import Response
from novasim.cli.options import many_values, output_options, pass_session, property_option, waiting_options
from novasim.cli.servers.new_server import new_server_body
from novasim.cli.servers.requests import ServerRequest, ServerRequests
from novasim.cli.servers.views import show_current
from novasim.cli.session import Session


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--flavor", required=True, help="Size of the servers: a flavor (name or ID).")
@click.option("--image", help="What is on their disk: an image (name or ID).")
@click.option(
    "--network",
    "--nic",
    "networks",
    multiple=True,
    metavar="NETWORK|auto|none|net-id=..,v4-fixed-ip=..",
    help="Network to plug into (may be repeated). Default: auto.",
)
@click.option("--port", "ports", multiple=True, help="Existing port to plug in (may be repeated).")
@click.option("--key-name", help="Key pair whose owner the guest lets in.")
@click.option("--security-group", "groups", multiple=True, help="Rules for what reaches it (may be repeated).")
@click.option("--user-data", type=click.File("rb"), help="File that the guest finds at its first start.")
@property_option
@click.option("--availability-zone", help="Zone to be placed in, or zone:host:node (administrators).")
@click.option(
    "--hint",
    "hints",
    multiple=True,
    metavar="KEY=VALUE",
    callback=many_values,
    help="Wish to the scheduler, such as group=ID; given again, its values make a list.",
)
@click.option("--config-drive", is_flag=True, help="Give the guest what is written about it on a drive, too.")
@click.option(
    "--block-device",
    "devices",
    multiple=True,
    metavar="KEY=VALUE,...",
    help="Disk, in the words of the API: uuid, source_type, destination_type, ...",
)
@click.option(
    "--block-device-mapping",
    "mappings",
    multiple=True,
    metavar="DEVICE=ID[:TYPE[:GIB[:DELETE]]]",
    help="Disk, in the older form.",
)
@click.option(
    "--boot-from-volume", type=click.IntRange(min=1), metavar="GIB", help="Boot from a new volume made from the image."
)
@click.option("--volume", help="Boot from this volume.")
@click.option("--snapshot", help="Boot from a new volume made from this volume snapshot (ID).")
@click.option("--count", type=int, help="How many of each name; they are numbered.")
@click.option("--min", "low", type=int, help="Make at least so many, or none.")
@click.option("--max", "high", type=int, help="Make at most so many, as far as the quota allows.")
@click.option("--description", help="Description.")
@click.option("--hostname", help="Host name of the guest.")
@click.option("--tag", "tags", multiple=True, help="Tag, a word to find it by (may be repeated).")
@click.option("--password", help="Administrator's password; generated and shown once by default.")
@click.option("--host", help="Host to be built on (administrators).")
@click.option("--hypervisor-hostname", help="Hypervisor to be built on (administrators).")
@click.option(
    "--trusted-image-cert",
    "certificates",
    multiple=True,
    help="ID of a certificate that vouches for the image (may be repeated).",
)
@waiting_options
@output_options
@pass_session
def create(session: Session, /, names: tuple[str, ...], timeout: float | None, **options: Any) -> None:
    """
    Make servers. Without --wait the command returns while they are being built.

    Example: novasim create web1 --flavor m1.small --image debian-12 --wait
    """
    body, beside = new_server_body(session, options)
    with ServerRequests(session, "create") as requests:
        for name in names:
            with requests.attempt():
                response = session.request("POST", "/servers", {"server": {"name": name, **body}, **beside})
                requests.accepted += _created(session, response)
        requests.wait(timeout)
        show_current(session, [(each.id, each.response.body["server"]) for each in requests.accepted])


def _created(session: Session, response: Response) -> list[ServerRequest]:
    """All servers that a request created; the response names only the first."""
    from novasim.records import Server

    with session.cloud.reading() as world:
        first = world.tx.get(Server, response.body["server"]["id"])
        servers = world.tx.query(Server, {"reservation_id": first.reservation_id}) if first else []
        return [ServerRequest(session, server.name, server.id, response) for server in servers]
