"""Volumes."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.collection import change_item, create_item, get_item, noun_group
from novasim.cli.lookup import find_id, item_path
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Name": "name", "Status": "status", "Size (GiB)": "size", "Bootable": "bootable"}

volume = noun_group(
    "volume",
    "Volumes: block storage that can be attached to servers.",
    COLUMNS,
    example="data",
)


@volume.command("create")
@click.argument("name")
@click.option("--size", type=int, help="Size in GiB.")
@click.option("--image", help="Image to copy (name or ID).")
@click.option("--snapshot", help="Volume snapshot to copy (ID).")
@click.option("--multiattach", is_flag=True, help="Allow attachments to several servers.")
@output_options
@pass_session
def create_volume(
    session: Session, name: str, size: int | None, image: str | None, snapshot: str | None, multiattach: bool
) -> None:
    """
    Create a volume, empty or from an image or a snapshot.

    Example: novasim volume create data --size 10
    """
    body: dict[str, Any] = {"name": name} | ({"size": size} if size is not None else {})
    body |= {"imageRef": find_id(session, "image", image)} if image else {}
    body |= {"snapshot_id": snapshot} if snapshot else {}
    body |= {"multiattach": True} if multiattach else {}
    session.show(create_item(session, "volume", body))


@volume.command("set")
@click.argument("name")
@click.option("--name", "new_name", help="New name.")
@click.option("--description", help="New description.")
@click.option("--state", help="Recorded status, such as available or in-use (for administrators).")
@output_options
@pass_session
def set_volume(session: Session, name: str, new_name: str | None, description: str | None, state: str | None) -> None:
    """
    Change the name, description or recorded status of a volume.

    Example: novasim volume set data --description mine
    """
    body = {"name": new_name, "description": description}
    if state is None:
        return session.show(change_item(session, "volume", name, body))
    path = item_path(session, "volume", name)
    session.request("POST", f"{path}/action", {"os-reset_status": {"status": state}}, service="volume")
    if any(value is not None for value in body.values()):
        change_item(session, "volume", name, body)
    session.show(get_item(session, "volume", name))
