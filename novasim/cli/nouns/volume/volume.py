"""Volumes."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.lookup import find_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Name": "name", "Status": "status", "Size (GiB)": "size", "Bootable": "bootable"}

volume = noun_group(
    "volume",
    "Volumes: block storage that can be attached to servers.",
    COLUMNS,
    example="data",
    commands=("list", "show", "delete", "set"),
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
