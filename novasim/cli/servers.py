"""create, show, set, unset."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.acting import on_each
from novasim.cli.lookup import flavor_id, image_id, network_id, port_id, server_id, volume_id
from novasim.cli.options import (
    key_values,
    output_options,
    pass_session,
    property_option,
    server_argument,
    servers_argument,
    waiting_options,
)
from novasim.cli.session import Session
from novasim.cli.verbs import encoded
from novasim.cli.waiting import after_action
from novasim.errors import UsageError

PLUGS = {"net-id": "uuid", "v4-fixed-ip": "fixed_ip", "v6-fixed-ip": "fixed_ip", "port-id": "port", "tag": "tag"}
DEVICE_KEYS = {"uuid", "source_type", "destination_type", "boot_index", "volume_size", "delete_on_termination", "tag",
               "volume_type", "disk_bus", "device_type", "device_name", "guest_format"}  # fmt: skip


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--flavor", required=True, help="Flavor (name or ID).")
@click.option("--image", help="Image to boot from (name or ID).")
@click.option(
    "--network",
    "--nic",
    "networks",
    multiple=True,
    metavar="NETWORK|auto|none|net-id=..,v4-fixed-ip=..",
    help="Network to plug into (may be repeated). Default: auto.",
)
@click.option("--port", "ports", multiple=True, help="Existing port to plug in (may be repeated).")
@click.option("--key-name", help="Key pair.")
@click.option("--security-group", "groups", multiple=True, help="Security group (may be repeated).")
@click.option("--user-data", type=click.File("rb"), help="File for the guest to find.")
@property_option
@click.option("--availability-zone", help="Zone, or zone:host:node (administrators).")
@click.option("--hint", "hints", multiple=True, metavar="KEY=VALUE", callback=key_values, help="Scheduler hint.")
@click.option("--config-drive", is_flag=True, help="Give the guest a config drive.")
@click.option("--block-device", "devices", multiple=True, metavar="KEY=VALUE,...", help="Block device (see the API).")
@click.option("--boot-from-volume", type=int, metavar="GIB", help="Boot from a new volume made from the image.")
@click.option("--volume", help="Boot from this volume.")
@click.option("--snapshot", help="Boot from a new volume made from this volume snapshot (ID).")
@click.option("--count", type=int, default=1, help="How many of each name.")
@click.option("--min", "low", type=int, help="At least so many.")
@click.option("--max", "high", type=int, help="At most so many, as the quota allows.")
@click.option("--description", help="Description.")
@click.option("--hostname", help="Host name of the guest.")
@click.option("--tag", "tags", multiple=True, help="Tag (may be repeated).")
@click.option("--password", help="Administrator's password; generated and shown once by default.")
@click.option("--host", help="Host to go to (administrators).")
@click.option("--hypervisor-hostname", help="Hypervisor to go to (administrators).")
@click.option("--trusted-image-cert", "certificates", multiple=True, help="Trusted image certificate (ID).")
@waiting_options
@output_options
@pass_session
def create(session: Session, /, names: tuple[str, ...], waits: bool, timeout: float, **options: Any) -> None:
    """
    Make servers. Without --wait the command returns while they are being built.

    Example: novasim create web1 --flavor m1.small --image debian-12 --wait
    """
    body, more = _body(session, options)
    made = [_create(session, name, body, more) for name in names]
    if waits:
        for name, server in made:
            after_action(session, server["id"], name, "create", timeout)
    if len(made) == 1:
        session.show(_fresh(session, made[0][1]))
    else:
        session.show_list([_fresh(session, server) for _, server in made],
                          {"ID": "id", "Name": "name", "Status": "status"})  # fmt: skip


def _create(session: Session, name: str, body: dict[str, Any], more: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    answer = session.ask("POST", "/servers", {"server": {"name": name, **body}, **more}).body
    return name, answer["server"]


def _fresh(session: Session, server: dict[str, Any]) -> dict[str, Any]:
    """The server as it is now, with the password that was shown once."""
    now: dict[str, Any] = session.get(f"/servers/{server['id']}")["server"]
    return now | ({"adminPass": server["adminPass"]} if "adminPass" in server else {})


def _body(session: Session, options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    body: dict[str, Any] = {"flavorRef": flavor_id(session, options["flavor"])}
    image = image_id(session, options["image"]) if options["image"] else ""
    devices = _devices(session, image, options)
    body |= {"block_device_mapping_v2": devices} if devices else {}
    if image and not options["boot_from_volume"]:
        body["imageRef"] = image
    if options["networks"] or options["ports"] or not _pinned_before(session, 37):
        body["networks"] = _networks(session, options["networks"], options["ports"])
    body |= _plain_fields(options)
    return body, ({"os:scheduler_hints": options["hints"]} if options["hints"] else {})


def _pinned_before(session: Session, minor: int) -> bool:
    return session.pinned is not None and session.pinned < minor


def _plain_fields(options: dict[str, Any]) -> dict[str, Any]:
    """What goes into the request as it stands, where it was given."""
    low, high = options["low"], options["high"]
    fields = {
        "key_name": options["key_name"],
        "availability_zone": options["availability_zone"],
        "description": options["description"],
        "hostname": options["hostname"],
        "adminPass": options["password"],
        "host": options["host"],
        "hypervisor_hostname": options["hypervisor_hostname"],
        "config_drive": options["config_drive"] or None,
        "metadata": options["properties"] or None,
        "tags": list(options["tags"]) or None,
        "trusted_image_certificates": list(options["certificates"]) or None,
        "security_groups": [{"name": group} for group in options["groups"]] or None,
        "user_data": encoded(options["user_data"]) if options["user_data"] else None,
        "min_count": low if low is not None else (options["count"] if options["count"] != 1 else None),
        "max_count": high if high is not None else (options["count"] if options["count"] != 1 else None),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _networks(session: Session, networks: tuple[str, ...], ports: tuple[str, ...]) -> Any:
    if not networks and not ports:
        return "auto"
    if networks in (("auto",), ("none",)) and not ports:
        return networks[0]
    return [*(_plug(session, text) for text in networks), *({"port": port_id(session, port)} for port in ports)]


def _plug(session: Session, text: str) -> dict[str, str]:
    if "=" not in text:
        return {"uuid": network_id(session, text)}
    plug = {}
    for part in text.split(","):
        key, _, value = part.partition("=")
        if key not in PLUGS:
            raise UsageError(f"--nic knows no {key!r}; it takes: {', '.join(PLUGS)}.")
        plug[PLUGS[key]] = network_id(session, value) if key == "net-id" else value
    return plug


def _devices(session: Session, image: str, options: dict[str, Any]) -> list[dict[str, Any]]:
    devices = [_device(text) for text in options["devices"]]
    if options["boot_from_volume"]:
        if not image:
            raise UsageError("--boot-from-volume makes a volume from an image: give --image, too.")
        devices.insert(0, {"uuid": image, "source_type": "image", "destination_type": "volume", "boot_index": 0,
                           "volume_size": options["boot_from_volume"]})  # fmt: skip
    if options["volume"]:
        ref = volume_id(session, options["volume"])
        devices.insert(0, {"uuid": ref, "source_type": "volume", "destination_type": "volume", "boot_index": 0})
    if options["snapshot"]:
        ref = options["snapshot"]
        devices.insert(0, {"uuid": ref, "source_type": "snapshot", "destination_type": "volume", "boot_index": 0})
    if devices and image and not options["boot_from_volume"] and not options["volume"]:
        own = {"uuid": image, "source_type": "image", "destination_type": "local", "boot_index": 0,
               "delete_on_termination": True}  # fmt: skip
        return [own, *devices]
    return devices


def _device(text: str) -> dict[str, Any]:
    device: dict[str, Any] = {}
    for part in text.split(","):
        key, sign, value = part.partition("=")
        if not sign or key not in DEVICE_KEYS:
            raise UsageError(f"--block-device knows no {part!r}; it takes KEY=VALUE with: {', '.join(DEVICE_KEYS)}.")
        device[key] = int(value) if key in ("boot_index", "volume_size") and value.lstrip("-").isdigit() else value
    return device


@click.command()
@servers_argument
@output_options
@pass_session
def show(session: Session, servers: tuple[str, ...]) -> None:
    """
    Show servers in full.

    Example: novasim show web1 -f json
    """
    on_each(session, servers, "show", lambda id: session.show(session.get(f"/servers/{id}")["server"]))


@click.command("set")
@server_argument
@click.option("--name", help="New name.")
@click.option("--description", help="New description.")
@click.option("--hostname", help="New host name.")
@click.option("--access-ipv4", help="Address to show as IPv4 access address.")
@click.option("--access-ipv6", help="Address to show as IPv6 access address.")
@click.option("--tag", "tags", multiple=True, help="Tag to add (may be repeated).")
@property_option
@output_options
@pass_session
def set_server(
    session: Session, /, server: str, access_ipv4: str | None, access_ipv6: str | None, tags: tuple[str, ...],
    properties: dict[str, str], **changes: str | None,
) -> None:  # fmt: skip
    """
    Change what is written about a server.

    Example: novasim set web1 --name web2 --property role=web --tag prod
    """
    body = {name: value for name, value in changes.items() if value is not None}
    body |= {"accessIPv4": access_ipv4} if access_ipv4 is not None else {}
    body |= {"accessIPv6": access_ipv6} if access_ipv6 is not None else {}
    id = server_id(session, server)
    if body:
        session.ask("PUT", f"/servers/{id}", {"server": body})
    if properties:
        session.ask("POST", f"/servers/{id}/metadata", {"metadata": properties})
    for tag in tags:
        session.ask("PUT", f"/servers/{id}/tags/{tag}")


@click.command("unset")
@server_argument
@click.option("--property", "keys", multiple=True, help="Metadata item to remove (may be repeated).")
@click.option("--tag", "tags", multiple=True, help="Tag to remove (may be repeated).")
@click.option("--description", is_flag=True, help="Remove the description.")
@output_options
@pass_session
def unset_server(
    session: Session, server: str, keys: tuple[str, ...], tags: tuple[str, ...], description: bool
) -> None:
    """
    Remove what is written about a server.

    Example: novasim unset web1 --property role --tag prod
    """
    id = server_id(session, server)
    if description:
        session.ask("PUT", f"/servers/{id}", {"server": {"description": None}})
    for key in keys:
        session.ask("DELETE", f"/servers/{id}/metadata/{key}")
    for tag in tags:
        session.ask("DELETE", f"/servers/{id}/tags/{tag}")
