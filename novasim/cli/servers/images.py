"""The commands create-image and create-backup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from novasim.api.request import Response
from novasim.cli.options import LazyCommand, output_options, pass_session, property_option, waiting_options
from novasim.cli.selection.options import selection_options, servers_argument
from novasim.cli.servers.requests import ServerRequest, ServerRequests, send_action
from novasim.cli.session import Session


@click.command("create-image", cls=LazyCommand)
@servers_argument
@click.argument("name")
@property_option
@waiting_options
@output_options
@pass_session
@selection_options("create-image", without=("items",))
def create_image(
    session: Session, servers: tuple[str, ...], name: str, properties: dict[str, str], timeout: float | None
) -> None:
    """
    Create an image of a server as it is now; of several servers, an image of each with the same name.

    Example: novasim create-image web1 web1-before-upgrade --wait
    """
    _create_images(session, servers, "create-image", {"name": name, "metadata": properties}, timeout)


@click.command("create-backup", cls=LazyCommand)
@servers_argument
@click.argument("name")
@click.option("--type", "kind", default="daily", show_default=True, help="Type of backup, such as daily or weekly.")
@click.option("--rotation", type=int, default=1, show_default=True, help="How many backups of this type to keep.")
@property_option
@waiting_options
@output_options
@pass_session
@selection_options("create-backup", without=("items",))
def create_backup(
    session: Session,
    servers: tuple[str, ...],
    name: str,
    kind: str,
    rotation: int,
    properties: dict[str, str],
    timeout: float | None,
) -> None:
    """
    Create a backup image of a server, and delete its oldest backups of the type beyond --rotation.

    Example: novasim create-backup web1 nightly --type daily --rotation 7

    Example: novasim create-backup --all nightly
    """
    body = {"name": name, "backup_type": kind, "rotation": rotation} | ({"metadata": properties} if properties else {})
    _create_images(session, servers, "create-backup", body, timeout)


def _create_images(
    session: Session, servers: Sequence[str], action: str, body: dict[str, Any], timeout: float | None
) -> None:
    with ServerRequests(session, action) as requests:
        for server in servers:
            with requests.to(server) as request:
                request.response = send_action(session, action, request.id, body)
        requests.wait(timeout)
        _show_images(session, requests.accepted)


def _show_images(session: Session, requests: Sequence[ServerRequest]) -> None:
    """Show the ids of new images, with the servers' names if there are several. A rotation of 0 creates no image."""
    images = [(each.name, id) for each in requests if (id := _image_id(each.response))]
    if len(images) == 1:
        session.show({"image_id": images[0][1]}, id_key="image_id")
    elif images:
        rows = [{"server": name, "image_id": id} for name, id in images]
        session.show_list(rows, {"Server": "server", "Image": "image_id"}, id_key="image_id")


def _image_id(response: Response) -> str:
    """The image's id. Before 2.45 it is the end of Location, which a rotation of 0 omits."""
    if response.body:
        return str(response.body["image_id"])
    return response.headers.get("Location", "").rpartition("/")[2]
