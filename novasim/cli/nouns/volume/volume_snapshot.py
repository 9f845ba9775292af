"""Volume snapshots."""

from __future__ import annotations

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.lookup import find_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Name": "name", "Volume": "volume_id", "Size (GiB)": "size", "Status": "status"}

volume_snapshot = noun_group(
    "volume-snapshot",
    "Snapshots of volumes.",
    COLUMNS,
    example="data-monday",
    commands=("list", "show", "delete", "set"),
)


@volume_snapshot.command("create")
@click.argument("name")
@click.option("--volume", required=True, help="Volume (name or ID).")
@click.option("--force", is_flag=True, help="For older scripts: a volume in use needs no force.")
@output_options
@pass_session
def create_snapshot(session: Session, name: str, volume: str, force: bool) -> None:
    """
    Create a snapshot of a volume.

    Example: novasim volume-snapshot create data-monday --volume data
    """
    body = {"name": name, "volume_id": find_id(session, "volume", volume)} | ({"force": True} if force else {})
    session.show(create_item(session, "volume-snapshot", body))
