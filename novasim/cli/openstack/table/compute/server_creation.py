"""The command `server create`."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, flag, opt
from novasim.cli.openstack.rows import OBJECT, Row
from novasim.cli.openstack.table.compute.server_details import show_server
from novasim.cli.openstack.table.compute.server_disks import list_disks
from novasim.cli.openstack.usage import parse_pairs

RUNNING = ("ACTIVE",)
NIC_KEYS = {"net-id": "uuid", "port-id": "port", "v4-fixed-ip": "fixed_ip", "v6-fixed-ip": "fixed_ip", "tag": "tag"}
NIC_FORM = "net-id=net-uuid,port-id=port-uuid,v4-fixed-ip=ip-addr,v6-fixed-ip=ip-addr,tag=tag"
NO_IMAGE = "No images match the property expected by --image-property"
NOT_ALONE = "Specifying a --nic of auto or none cannot be used with any other --nic, --network or --port value."


def read_encoded(path: str) -> str:
    """
    The content of a file in Base64.

    Raises:
        CommandError: it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return b64encode(file.read()).decode()
    except OSError as error:
        raise CommandError(f"Can't open '{path}': {error}") from None


def create(call: Call) -> Output:
    """Create servers, and show the first one."""
    args = call.args
    image = _find_image(call)
    disks = list_disks(call, image)
    body = {
        "name": args.server_name,
        "imageRef": image["id"] if image and not args.boot_from_volume else "",
        "flavorRef": call.find_id("flavor", args.flavor),
        **_read_counts(call),
        "block_device_mapping_v2": disks,
        "networks": _read_networks(call),
        **build(call, OPTIONS),
        **_read_references(call),
    }
    hints = _read_hints(call)
    data: Item = {"server": body, **({"os:scheduler_hints": hints} if hints else {})}
    server = call.send("POST", "/servers", data, minor=100).body["server"]
    if args.wait:
        call.wait_for_status(server["id"], RUNNING, f"Error creating server: {args.server_name}")
    server["user_data"] = body.get("user_data")
    return show_server(call, server, call.get("server", server["id"]))


OPTIONS = {
    "adminPass": opt("password"),
    "metadata": opt("property"),
    "key_name": opt("key_name"),
    "description": opt("description"),
    "availability_zone": opt("availability_zone"),
    "host": opt("host"),
    "hypervisor_hostname": opt("hypervisor_hostname"),
    "hostname": opt("hostname"),
    "tags": opt("tag"),
    "trusted_image_certificates": opt("trusted_image_cert"),
    "config_drive": flag("use_config_drive"),
}


def _find_image(call: Call) -> Item | None:
    if call.args.image:
        return call.find("image", call.args.image)
    wanted = call.args.image_property
    if not wanted:
        return None
    for image in call.list("image"):
        if all(str(image.get(key)) == value for key, value in wanted.items()):
            return image
    raise CommandError(NO_IMAGE)


def _read_counts(call: Call) -> dict[str, int]:
    least, most = call.args.min or 1, call.args.max or 1
    if least > most:
        raise CommandError("min instances should be <= max instances")
    if least < 1:
        raise CommandError("min instances should be > 0")
    return {"min_count": least, "max_count": most}


def _read_networks(call: Call) -> Any:
    args = call.args
    nics = [*({"net-id": name} for name in args.network or ()), *({"port-id": name} for name in args.port or ())]
    words = [word for word, given in (("none", args.no_network), ("auto", args.auto_network)) if given]
    for text in args.nic or ():
        words.append(text) if text in ("auto", "none") else nics.append(_parse_nic(text))
    if words:
        if len(words) + len(nics) > 1:
            raise CommandError(NOT_ALONE)
        return words[0]
    return [_read_network(call, nic) for nic in nics] or "auto"


def _parse_nic(text: str) -> dict[str, str]:
    pairs = parse_pairs(text)
    if not all(pairs.values()) or not set(pairs) <= set(NIC_KEYS):
        raise CommandError(f"Invalid argument {text}; argument must be of form '{NIC_FORM}'")
    return pairs


def _read_network(call: Call, nic: dict[str, str]) -> dict[str, str]:
    kinds = {"net-id": "network", "port-id": "port"}
    return {NIC_KEYS[key]: call.find_id(kinds[key], value) if key in kinds else value for key, value in nic.items()}


def _read_references(call: Call) -> Item:
    args = call.args
    found: Item = {}
    if args.no_security_group:
        found["security_groups"] = []
    if args.security_group:
        found["security_groups"] = [{"name": call.find_id("security group", each)} for each in args.security_group]
    if args.user_data:
        found["user_data"] = read_encoded(args.user_data)
    return found


def _read_hints(call: Call) -> Item:
    hints: dict[str, Any] = {}
    for text in call.args.hint or ():
        key, _, value = text.partition("=")
        hints.setdefault(key, []).append(value)
    hints = {key: many if len(many) > 1 else many[0] for key, many in hints.items()}
    if call.args.server_group:
        hints["group"] = call.find_id("server group", call.args.server_group)
    return hints


ROWS = (
    Row(
        "server create",
        "<server-name> --flavor <flavor> [--image <image> | --image-property <key=value>... | --volume <volume>"
        " | --snapshot <snapshot>] [--boot-from-volume <#size>] [--delete-on-termination]"
        " [--block-device-mapping <device=id:type:size:delete>]... [--block-device <key=value,...>]..."
        " [--swap <#size>] [--ephemeral <size=size,format=format>]... [--network~--net <network>]..."
        " [--port <port>]... [--no-network] [--auto-network] [--nic <net-id=id,port-id=id,tag=tag>]..."
        " [--password <password>] [--no-security-group | --security-group <security-group>...]"
        " [--key-name <key-name>] [--property <key=value>]... [--user-data <file>] [--description <description>]"
        " [--availability-zone <zone>] [--host <host>] [--hypervisor-hostname <hostname>]"
        " [--server-group <server-group>] [--hint <hint=value>]... [--use-config-drive | --no-config-drive]"
        " [--min <#count>] [--max <#count>] [--tag <tag>]... [--hostname <hostname>] [--wait]"
        " [--trusted-image-cert <certificate>]...",
        "Create servers.",
        create,
        OBJECT,
    ),
)
