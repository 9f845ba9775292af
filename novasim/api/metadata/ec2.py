"""The EC2 tree: latest/meta-data and latest/user-data. Source: nova/api/metadata/base.py, get_ec2_metadata."""

from __future__ import annotations

from typing import Any

from novasim.api.metadata.instance import Instance
from novasim.errors import NotFound

Tree = dict[str, Any]

NAME = "_name"  # of a branch: what a listing calls it
AMI_DIGITS = 8


def build_tree(instance: Instance, version: str, address: str | None = "") -> Tree:
    """
    The tree at a version: `meta-data`, and `user-data` if the server has user data.

    Args:
        address: The local address of a server without a fixed IPv4 address.
    """
    server = instance.server
    data: Tree = {
        "ami-id": _ami_id(server.image_id),
        "ami-launch-index": server.launch_index,
        "ami-manifest-path": "FIXME",
        "instance-id": f"i-{server.number:08x}",
        "hostname": instance.hostname,
        "local-ipv4": next(iter(instance.list_addresses(4)), address),
        "reservation-id": server.reservation_id,
        "security-groups": instance.group_names,
    }
    if server.key_name and instance.keypair:
        key = instance.keypair["public_key"]
        data["public-keys"] = {"0": {NAME: f"0={server.key_name}", "openssh-key": key}}
    data |= {name: value for since, name, value in _newer_items(instance) if version >= since}
    tree: Tree = {"meta-data": data}
    return tree if instance.user_data is None else tree | {"user-data": instance.user_data}


def _newer_items(instance: Instance) -> list[tuple[str, str, Any]]:
    return [
        ("2007-01-19", "local-hostname", instance.hostname),
        ("2007-01-19", "public-hostname", instance.hostname),
        ("2007-01-19", "public-ipv4", next(iter(instance.floating_ips), "")),
        ("2007-08-29", "instance-type", instance.server.flavor["name"]),
        ("2007-12-15", "block-device-mapping", _map_block_devices(instance)),
        ("2008-02-01", "placement", {"availability-zone": instance.server.availability_zone}),
        ("2008-09-01", "instance-action", "none"),
    ]


def _ami_id(image_id: str) -> str | None:
    """
    An id in EC2's form; None for a server that boots from a volume.

    Nova numbers images as guests first ask for them. Here the number is the beginning of the image's id.
    """
    return f"ami-{image_id.replace('-', '')[:AMI_DIGITS].ljust(AMI_DIGITS, '0')}" if image_id else None


def _map_block_devices(instance: Instance) -> Tree:
    """The devices by what they are. Source: nova/block_device.py, instance_block_mapping."""
    root = instance.server.root_device_name
    if root is None:
        return {"ami": "sda1", "root": "/dev/sda1", "ephemeral0": "sda2", "swap": "sda3"}
    volumes = [disk.device for disk in instance.disks if disk.destination_type == "volume"]
    blanks = [disk for disk in instance.disks if disk.destination_type != "volume" and disk.source_type == "blank"]
    swaps = [disk.device for disk in blanks if disk.guest_format == "swap"]
    ephemerals = [disk.device for disk in blanks if disk.guest_format != "swap"]
    mapping: Tree = {"ami": root.removeprefix("/dev/"), "root": root}
    mapping |= {f"ebs{number}": name for number, name in enumerate(sorted(volumes, key=lambda name: name or ""))}
    mapping |= {"swap": swaps[-1]} if swaps else {}
    return mapping | {f"ephemeral{number}": name for number, name in enumerate(ephemerals)}


def find_item(tree: Tree, path: list[str]) -> Any:
    """The branch or value at a path below a version. Raises NotFound (404)."""
    item: Any = tree
    for segment in path:
        if not isinstance(item, dict) or segment not in item:
            raise NotFound(reason=f"There is no metadata at {'/'.join(path)}.")
        item = item[segment]
    return item


def format_item(item: Any) -> bytes:
    """A branch as the list of its keys, those of further branches with a slash; a value as text."""
    if isinstance(item, bytes):
        return item
    if isinstance(item, dict):
        return _encode("\n".join(_key(name, item[name]) for name in sorted(item) if name != NAME))
    return _encode("\n".join(item) if isinstance(item, list) else str(item))


def _encode(text: str) -> bytes:
    """The text in UTF-8; a foreign file may have half a surrogate pair in it."""
    return text.encode("utf-8", "replace")


def _key(name: str, item: Any) -> str:
    if not isinstance(item, dict):
        return name
    return str(item[NAME]) if NAME in item else f"{name}/"
