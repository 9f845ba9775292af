"""The commands rebuild and rescue."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.lookup import find_id
from novasim.cli.options import LazyCommand, output_options, pass_session, property_option, waiting_options
from novasim.cli.selection.options import selection_options, servers_argument
from novasim.cli.servers.new_server import encode_user_data
from novasim.cli.servers.requests import ServerRequests, send_action
from novasim.cli.servers.server_options import (
    PERSONALITY_UNTIL,
    access_ipv4_option,
    access_ipv6_option,
    certificates_option,
    disk_config_option,
    files_option,
    shared_fields,
    user_data_option,
)
from novasim.cli.servers.views import show_current, show_passwords
from novasim.cli.session import Session
from novasim.errors import UsageError


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--image", help="Image to boot from (default: the current one).")
@click.option("--name", help="New name.")
@click.option("--password", help="New administrator password.")
@click.option("--description", help="New description.")
@click.option("--key-name", help="New key pair.")
@click.option("--no-key-name", is_flag=True, help="Remove the key pair.")
@click.option("--hostname", help="New host name.")
@user_data_option
@click.option("--preserve-ephemeral", is_flag=True, help="Keep the ephemeral disk.")
@property_option
@certificates_option
@click.option("--no-trusted-image-certs", is_flag=True, help="Remove the certificates that verify the image.")
@disk_config_option
@access_ipv4_option
@access_ipv6_option
@files_option
@waiting_options
@output_options
@pass_session
@selection_options("rebuild", without=("items", "name_pattern"))
def rebuild(
    session: Session, /, servers: tuple[str, ...], image: str | None, timeout: float | None, **options: Any
) -> None:
    """
    Rebuild servers from an image. They keep their ID, flavor and addresses.

    Example: novasim rebuild web1 --image debian-12 --wait
    """
    body = _rebuild_body(options)
    until = PERSONALITY_UNTIL if "personality" in body else None
    image_ref = None if image is None else find_id(session, "image", image)

    with ServerRequests(session, "rebuild") as requests:
        for server in servers:
            with requests.to(server) as request:
                ref = image_ref or _image_of(session, request.id)
                request.response = send_action(session, "rebuild", request.id, body | {"imageRef": ref}, until)
        requests.wait(timeout)
        show_current(session, [(each.id, each.response.body["server"]) for each in requests.accepted])


def _rebuild_body(options: dict[str, Any]) -> dict[str, Any]:
    """The request's "rebuild" without its image."""
    fields = {
        **{name: options[name] for name in ("name", "description", "key_name", "hostname")},
        "adminPass": options["password"] or None,
        "metadata": options["properties"] or None,
        "user_data": encode_user_data(options["user_data"]) if options["user_data"] else None,
        "preserve_ephemeral": options["preserve_ephemeral"] or None,
    }
    body = {name: value for name, value in fields.items() if value is not None} | shared_fields(options)
    body |= {"key_name": None} if options["no_key_name"] else {}
    return body | ({"trusted_image_certificates": None} if options["no_trusted_image_certs"] else {})


def _image_of(session: Session, id: str) -> str:
    """The id of the server's image."""
    image = session.get(f"/servers/{id}")["server"]["image"]
    if not image:
        raise UsageError(f"Server {id} boots from a volume; give the image to rebuild it from: --image IMAGE")
    return str(image["id"])


@click.command(cls=LazyCommand)
@servers_argument
@click.option("--image", help="Image to boot from.")
@click.option("--password", help="Administrator password of the rescue system.")
@waiting_options
@output_options
@pass_session
@selection_options("rescue")
def rescue(
    session: Session, servers: tuple[str, ...], image: str | None, password: str | None, timeout: float | None
) -> None:
    """
    Boot servers from another image, with their own disk attached for repair. Prints the new password.

    Example: novasim rescue web1 --wait
    """
    body = {"adminPass": password} if password else {}
    body |= {} if image is None else {"rescue_image_ref": find_id(session, "image", image)}

    with ServerRequests(session, "rescue") as requests:
        for server in servers:
            with requests.to(server) as request:
                request.response = send_action(session, "rescue", request.id, body or None)
        requests.wait(timeout)
        show_passwords(session, requests.responses())
