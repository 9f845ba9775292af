"""Images."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.collection import create_item, get_item, noun_group
from novasim.cli.files import FileContent
from novasim.cli.lookup import item_path
from novasim.cli.options import output_options, parse_key_values, pass_session
from novasim.cli.session import Session

MAX_DATA = 256 * 2**20  # bytes, as with novasim serve
COLUMNS = {
    "ID": "id",
    "Name": "name",
    "Status": "status",
    "Visibility": "visibility",
    "Min disk": "min_disk",
    "Min RAM": "min_ram",
}

image = noun_group("image", "Images that servers boot from.", COLUMNS, example="cirros", as_admin=("delete",))


@image.command("create")
@click.argument("name")
@click.option("--min-disk", type=int, default=0, show_default=True, help="Minimum disk of the flavor, in GiB.")
@click.option("--min-ram", type=int, default=0, show_default=True, help="Minimum memory of the flavor, in MiB.")
@click.option("--public", is_flag=True, help="Make it visible to all projects (administrators).")
@click.option(
    "--file",
    "content",
    type=FileContent(MAX_DATA),
    help="File with the image data, up to 256 MiB; its size and checksum are stored.",
)
@click.option(
    "--property",
    "properties",
    metavar="KEY=VALUE",
    multiple=True,
    callback=parse_key_values,
    help="Property (may be repeated).",
)
@output_options
@pass_session
def create_image(
    session: Session,
    name: str,
    min_disk: int,
    min_ram: int,
    public: bool,
    content: bytes | None,
    properties: dict[str, str],
) -> None:
    """
    Create an image. Servers can boot from it when it has data (--file).

    Example: novasim image create my-image --file disk.qcow2 --min-disk 1
    """
    body = {
        "name": name,
        "min_disk": min_disk,
        "min_ram": min_ram,
        "container_format": "bare",
        "disk_format": "qcow2",
        **properties,
    }
    body |= {"visibility": "public"} if public else {}
    with session.transaction(writes=True):
        id = create_item(session, "image", body)["id"]
        if content is not None:
            session.request("PUT", f"/v2/images/{id}/file", content, service="image")
    session.show(get_item(session, "image", id))


@image.command("set")
@click.argument("name")
@click.option("--name", "new_name", help="New name.")
@click.option("--min-disk", type=int, help="Minimum disk of the flavor, in GiB.")
@click.option("--min-ram", type=int, help="Minimum memory of the flavor, in MiB.")
@click.option("--protected/--unprotected", default=None, help="Whether it is protected from deletion.")
@click.option(
    "--property",
    "properties",
    metavar="KEY=VALUE",
    multiple=True,
    callback=parse_key_values,
    help="Property (may be repeated).",
)
@output_options
@pass_session
def set_image(
    session: Session, /, name: str, new_name: str | None, properties: dict[str, str], **attributes: Any
) -> None:
    """
    Change the name, requirements, protection or properties of an image.

    Example: novasim image set my-image --min-ram 512 --protected
    """
    changes = {"name": new_name, **attributes, **properties}
    paths = {key: "/" + key.replace("~", "~0").replace("/", "~1") for key in changes}
    steps = [{"op": "add", "path": paths[key], "value": value} for key, value in changes.items() if value is not None]
    session.show(session.request("PATCH", item_path(session, "image", name), steps, service="image").body)
