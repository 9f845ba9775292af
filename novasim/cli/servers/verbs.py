"""The verbs that act on servers. Those without options of their own are made from their rows."""

from __future__ import annotations

import sys
from typing import Any

import click

from novasim.api.request import Response
from novasim.cli.lookup import find_id
from novasim.cli.options import (
    output_options,
    pass_session,
    property_option,
    server_argument,
    servers_argument,
    waiting_options,
)
from novasim.cli.servers.new_server import encoded
from novasim.cli.servers.requests import act, act_on_each, on_each
from novasim.cli.servers.views import show_fresh, show_passwords
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS


def plain_verb(name: str) -> click.Command:
    """The command for a row whose request has no arguments."""

    @click.command(name, help=f"{ACTIONS[name].summary}\n\nExample: novasim {name} web1")
    @servers_argument
    @waiting_options
    @output_options
    @pass_session
    def verb(session: Session, servers: tuple[str, ...], waits: bool, timeout: float) -> None:
        act_on_each(session, servers, name, None, waits, timeout)

    return verb


@click.command()
@servers_argument
@click.option("--force", is_flag=True, help="For good, even where deleted servers can be restored.")
@waiting_options
@output_options
@pass_session
def delete(session: Session, servers: tuple[str, ...], force: bool, waits: bool, timeout: float) -> None:
    """
    Remove servers. Where the option reclaim_instance_interval is set, they can be restored for a while.

    Example: novasim delete web1 web2 --wait
    """
    if force:
        act_on_each(session, servers, "force-delete", None, waits, timeout)
    else:
        on_each(session, servers, "delete", lambda id: session.request("DELETE", f"/servers/{id}"), waits, timeout)


@click.command()
@servers_argument
@click.option("--hard", "kind", flag_value="HARD", help="Cut the power.")
@click.option("--soft", "kind", flag_value="SOFT", default="SOFT", help="Ask the guest (the default).")
@waiting_options
@output_options
@pass_session
def reboot(session: Session, servers: tuple[str, ...], kind: str, waits: bool, timeout: float) -> None:
    """
    Restart servers. Only a running server can be asked softly; a hard reboot helps a stuck one.

    Example: novasim reboot web1 --hard --wait
    """
    name = "hard-reboot" if kind == "HARD" else "reboot"
    act_on_each(session, servers, name, {"type": kind}, waits, timeout)


@click.command()
@servers_argument
@click.option("--flavor", required=True, help="Flavor to change to (name or ID).")
@waiting_options
@output_options
@pass_session
def resize(session: Session, servers: tuple[str, ...], flavor: str, waits: bool, timeout: float) -> None:
    """
    Give servers another size. Then they show VERIFY_RESIZE until confirm-resize keeps it, or revert-resize goes back.

    Example: novasim resize web1 --flavor m1.large --wait
    """
    act_on_each(session, servers, "resize", {"flavorRef": find_id(session, "flavor", flavor)}, waits, timeout)


@click.command()
@servers_argument
@click.option("--image", help="Image to boot from (default: the one it has).")
@click.option("--name", help="New name.")
@click.option("--password", help="New administrator's password.")
@click.option("--description", help="New description.")
@click.option("--key-name", help="New key pair.")
@click.option("--no-key-name", is_flag=True, help="No key pair.")
@click.option("--hostname", help="New host name.")
@click.option("--user-data", type=click.File("rb"), help="File that the guest finds at its first start.")
@click.option("--preserve-ephemeral", is_flag=True, help="Keep the second, ephemeral disk.")
@property_option
@waiting_options
@output_options
@pass_session
def rebuild(  # noqa: PLR0917
    session: Session,
    /,
    servers: tuple[str, ...],
    image: str | None,
    password: str | None,
    no_key_name: bool,
    user_data: Any,
    preserve_ephemeral: bool,
    properties: dict[str, str],
    waits: bool,
    timeout: float,
    **changes: str | None,
) -> None:
    """
    Put a fresh disk from an image under servers; id, flavor and addresses stay.

    Example: novasim rebuild web1 --image debian-12 --wait
    """
    body: dict[str, Any] = {name: value for name, value in changes.items() if value is not None}
    body |= {"adminPass": password} if password else {}
    body |= {"metadata": properties} if properties else {}
    body |= {"key_name": None} if no_key_name else {}
    body |= {"user_data": encoded(user_data)} if user_data else {}
    body |= {"preserve_ephemeral": True} if preserve_ephemeral else {}
    chosen = None if image is None else find_id(session, "image", image)

    on_each(
        session,
        servers,
        "rebuild",
        lambda id: act(session, "rebuild", id, body | {"imageRef": chosen or _image_of(session, id)}),
        waits,
        timeout,
        lambda all: show_fresh(session, [(id, answer.body["server"]) for _, id, answer in all]),
    )


def _image_of(session: Session, id: str) -> str:
    """The image that the server was made from."""
    image = session.get(f"/servers/{id}")["server"]["image"]
    if not image:
        raise UsageError(f"Server {id} boots from a volume; say what to rebuild it from: --image IMAGE")
    return str(image["id"])


@click.command()
@servers_argument
@click.option("--image", help="Image to boot from.")
@click.option("--password", help="Administrator's password of the rescue system.")
@waiting_options
@output_options
@pass_session
def rescue(
    session: Session, servers: tuple[str, ...], image: str | None, password: str | None, waits: bool, timeout: float
) -> None:
    """
    Boot servers from another image, to repair their own disk, which is attached. Prints the password to get in.

    Example: novasim rescue web1 --wait
    """
    body = {"adminPass": password} if password else {}
    body |= {} if image is None else {"rescue_image_ref": find_id(session, "image", image)}

    on_each(
        session,
        servers,
        "rescue",
        lambda id: act(session, "rescue", id, body or None),
        waits,
        timeout,
        lambda answers: show_passwords(session, answers),
    )


@click.command()
@servers_argument
@click.option("--availability-zone", help="Zone to come back to; the server is pinned to it.")
@click.option("--no-availability-zone", is_flag=True, help="Any zone; a pinned server is unpinned.")
@click.option("--host", help="Host to come back to (administrators).")
@waiting_options
@output_options
@pass_session
def unshelve(
    session: Session,
    servers: tuple[str, ...],
    availability_zone: str | None,
    no_availability_zone: bool,
    host: str | None,
    waits: bool,
    timeout: float,
) -> None:
    """
    Bring shelved servers back. For those that have left their host, zone and host can be chosen.

    Example: novasim unshelve web1 --wait
    """
    body: dict[str, Any] = {"host": host} if host else {}
    if availability_zone or no_availability_zone:
        body["availability_zone"] = None if no_availability_zone else availability_zone
    act_on_each(session, servers, "unshelve", body or None, waits, timeout)


@click.command()
@servers_argument
@click.option("--reason", help="Why, for those who run into the lock.")
@output_options
@pass_session
def lock(session: Session, servers: tuple[str, ...], reason: str | None) -> None:
    """
    Protect servers: changes are refused until unlock, except to administrators.

    Example: novasim lock web1 --reason "backup running"
    """
    body = None if reason is None else {"locked_reason": reason}
    act_on_each(session, servers, "lock", body, wait=False, timeout=0)


def asked_for(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    """A password: the one given, or what is typed without being shown, or the first line that is piped in."""
    if value is not None:
        return value
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    if not (line := sys.stdin.readline().rstrip("\n")):
        raise click.MissingParameter(ctx=ctx, param=param)
    return line


@click.command("change-password")
@server_argument
@click.option("--password", callback=asked_for, help="The new password; asked for by default.")
@waiting_options
@output_options
@pass_session
def change_password(session: Session, server: str, password: str, waits: bool, timeout: float) -> None:
    """
    Set the administrator's password of a guest.

    Example: novasim change-password web1 --wait
    """
    act_on_each(session, [server], "change-password", {"adminPass": password}, waits, timeout)


@click.command("create-image")
@server_argument
@click.argument("name")
@property_option
@waiting_options
@output_options
@pass_session
def create_image(
    session: Session, server: str, name: str, properties: dict[str, str], waits: bool, timeout: float
) -> None:
    """
    Make an image of a server as it is now, from which others can be made.

    Example: novasim create-image web1 web1-before-upgrade --wait
    """
    _image(session, server, "create-image", {"name": name, "metadata": properties}, waits, timeout)


@click.command("create-backup")
@server_argument
@click.argument("name")
@click.option("--type", "kind", default="daily", show_default=True, help="Type, such as daily or weekly.")
@click.option("--rotation", type=int, default=1, show_default=True, help="How many of the type to keep.")
@waiting_options
@output_options
@pass_session
def create_backup(
    session: Session, server: str, name: str, kind: str, rotation: int, waits: bool, timeout: float
) -> None:
    """
    Make an image of a server as its backup, and remove its oldest backups of the type beyond --rotation.

    Example: novasim create-backup web1 nightly --type daily --rotation 7
    """
    body = {"name": name, "backup_type": kind, "rotation": rotation}
    _image(session, server, "create-backup", body, waits, timeout)


def _image(session: Session, server: str, action: str, body: Any, waits: bool, timeout: float) -> None:
    on_each(
        session,
        [server],
        action,
        lambda id: act(session, action, id, body),
        waits,
        timeout,
        lambda answers: _show_image(session, answers[0][2]),
    )


def _show_image(session: Session, answer: Response) -> None:
    """The image's id; before 2.45 it is told as the last part of an address, and a rotation of 0 makes no image."""
    id = answer.body["image_id"] if answer.body else answer.headers.get("Location", "").rpartition("/")[2]
    if id:
        session.show({"id": id, "image_id": id})
