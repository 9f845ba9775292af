"""The commands create-image and create-backup."""

from __future__ import annotations

from typing import Any

import click

from novasim.api.request import Response
from novasim.cli.options import output_options, pass_session, property_option, server_argument, waiting_options
from novasim.cli.servers.requests import ServerRequests, send_action
from novasim.cli.session import Session


@click.command("create-image")
@server_argument
@click.argument("name")
@property_option
@waiting_options
@output_options
@pass_session
def create_image(session: Session, server: str, name: str, properties: dict[str, str], timeout: float | None) -> None:
    """
    Create an image of a server as it is now.

    Example: novasim create-image web1 web1-before-upgrade --wait
    """
    _create_image(session, server, "create-image", {"name": name, "metadata": properties}, timeout)


@click.command("create-backup")
@server_argument
@click.argument("name")
@click.option("--type", "kind", default="daily", show_default=True, help="Type of backup, such as daily or weekly.")
@click.option("--rotation", type=int, default=1, show_default=True, help="How many backups of this type to keep.")
@property_option
@waiting_options
@output_options
@pass_session
def create_backup(
    session: Session,
    server: str,
    name: str,
    kind: str,
    rotation: int,
    properties: dict[str, str],
    timeout: float | None,
) -> None:
    """
    Create a backup image of a server, and delete its oldest backups of the type beyond --rotation.

    Example: novasim create-backup web1 nightly --type daily --rotation 7
    """
    body = {"name": name, "backup_type": kind, "rotation": rotation} | ({"metadata": properties} if properties else {})
    _create_image(session, server, "create-backup", body, timeout)


def _create_image(session: Session, server: str, action: str, body: Any, timeout: float | None) -> None:
    with ServerRequests(session, action) as requests:
        with requests.to(server) as request:
            request.response = send_action(session, action, request.id, body)
        requests.wait(timeout)
        for each in requests.accepted:
            _show_image_id(session, each.response)


def _show_image_id(session: Session, response: Response) -> None:
    """Show the image's id. Before 2.45 it is the end of Location, which a rotation of 0 omits."""
    id = response.body["image_id"] if response.body else response.headers.get("Location", "").rpartition("/")[2]
    if id:
        session.show({"image_id": id}, id_key="image_id")
