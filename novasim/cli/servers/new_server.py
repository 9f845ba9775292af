"""The body of the request for a new server, from the options of `create`."""

from __future__ import annotations

from typing import Any

from novasim.cli.lookup import find_id
from novasim.cli.servers.server_options import shared_fields
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.strutils import bool_from_string

Options = dict[str, Any]

NIC_KEYS = {
    "net-id": "uuid",
    "net-name": "uuid",
    "v4-fixed-ip": "fixed_ip",
    "v6-fixed-ip": "fixed_ip",
    "port-id": "port",
    "tag": "tag",
}
DEVICE_KEYS = (
    "uuid",
    "source_type",
    "destination_type",
    "boot_index",
    "volume_size",
    "delete_on_termination",
    "tag",
    "volume_type",
    "disk_bus",
    "device_type",
    "device_name",
    "guest_format",
    "no_device",
)
NUMBERS = ("boot_index", "volume_size")
MAX_USER_DATA = 49_149  # bytes; they take 65,532 characters in base64, and the API accepts 65,535
NETWORKS_REQUIRED = 37  # since this microversion


def new_server_body(session: Session, options: Options) -> tuple[Options, Options]:
    """
    The request's "server" without its name, and the keys next to "server".

    Raises:
        NotFound: a flavor, image, network, port or volume does not exist. UsageError: options contradict each other.
    """
    body: Options = {"flavorRef": find_id(session, "flavor", options["flavor"])}
    image = find_id(session, "image", options["image"]) if options["image"] else ""
    if devices := _devices(session, image, options):
        body["block_device_mapping_v2"] = devices
    if image and not options["boot_from_volume"]:
        body["imageRef"] = image
    before = session.pinned is not None and session.pinned < NETWORKS_REQUIRED
    if options["networks"] or options["ports"] or not before:
        body["networks"] = _networks(session, options["networks"], options["ports"])
    return body | _plain_fields(options), ({"os:scheduler_hints": options["hints"]} if options["hints"] else {})


def _plain_fields(options: Options) -> Options:
    """The fields that are copied from options."""
    count = options["count"]
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
        "return_reservation_id": options["return_reservation_id"] or None,
        "security_groups": [{"name": group} for group in options["groups"]] or None,
        "user_data": encode_user_data(options["user_data"]) if options["user_data"] else None,
        "min_count": options["low"] if options["low"] is not None else count,
        "max_count": options["high"] if options["high"] is not None else count,
    }
    return {name: value for name, value in fields.items() if value is not None} | shared_fields(options)


def encode_user_data(content: bytes) -> str:
    """A file's content in base64, as the API takes user data. If it is too long, one byte too many."""
    import base64

    return base64.b64encode(content[: MAX_USER_DATA + 1]).decode()


def _networks(session: Session, networks: tuple[str, ...], ports: tuple[str, ...]) -> Any:
    if not networks and not ports:
        return "auto"
    if networks in (("auto",), ("none",)) and not ports:
        return networks[0]
    if "auto" in networks or "none" in networks:
        raise UsageError("'auto' and 'none' cannot be combined with other networks or ports.")
    return [*(_nic(session, text) for text in networks), *({"port": find_id(session, "port", port)} for port in ports)]


def _nic(session: Session, text: str) -> dict[str, str]:
    """A network of the request, from NETWORK or KEY=VALUE,... as in OpenStack's client."""
    if "=" not in text:
        return {"uuid": find_id(session, "network", text)}
    nic = {}
    for key, value in _parse_pairs("--network", text, NIC_KEYS):
        noun = {"net-id": "network", "net-name": "network", "port-id": "port"}.get(key)
        nic[NIC_KEYS[key]] = find_id(session, noun, value) if noun else value
    return nic


def _parse_pairs(option: str, text: str, known: Any) -> list[tuple[str, str]]:
    pairs = []
    for part in text.split(","):
        key, sign, value = part.partition("=")
        if not sign or key not in known:
            raise UsageError(
                f"{option} does not accept {part!r}. It takes KEY=VALUE with these keys: {', '.join(known)}."
            )
        pairs.append((key, value))
    return pairs


def _devices(session: Session, image: str, options: Options) -> list[Options]:
    """The block devices. The boot device is the first."""
    others = [_device(text) for text in options["devices"]]
    others += [_mapping(session, text) for text in options["mappings"]]
    boot = _boot_volume(session, image, options)
    if boot is None and others and image:
        boot = {
            "uuid": image,
            "source_type": "image",
            "destination_type": "local",
            "boot_index": 0,
            "delete_on_termination": True,
        }
    return [boot, *others] if boot else others


def _boot_volume(session: Session, image: str, options: Options) -> Options | None:
    size, volume, snapshot = options["boot_from_volume"], options["volume"], options["snapshot"]
    if sum(map(bool, (size, volume, snapshot))) > 1:
        raise UsageError("Give only one of --boot-from-volume, --volume and --snapshot.")
    if size and not image:
        raise UsageError("--boot-from-volume creates a volume from an image: give --image, too.")
    if (volume or snapshot) and image:
        raise UsageError("A server boots either from an image or from a volume: leave out --image.")
    for source, ref in (
        ("image", size and image),
        ("volume", volume and find_id(session, "volume", volume)),
        ("snapshot", snapshot),
    ):
        if ref:
            device = {"uuid": ref, "source_type": source, "destination_type": "volume", "boot_index": 0}
            return device | ({"volume_size": size} if size else {})
    return None


def _device(text: str) -> Options:
    """--block-device uuid=..,source_type=..,..."""
    pairs = _parse_pairs("--block-device", text, DEVICE_KEYS)
    return {key: int(value) if key in NUMBERS and _is_number(value) else value for key, value in pairs}


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()


def _mapping(session: Session, text: str) -> Options:
    """--block-device-mapping DEVICE=ID[:TYPE[:SIZE[:DELETE]]], the older form."""
    name, sign, rest = text.partition("=")
    ref, kind, size, delete, *more = [*rest.split(":"), "", "", ""]
    if not sign or not name or not ref or any(more) or kind not in ("", "volume", "snapshot", "image"):
        raise UsageError(f"{text!r} is not of the form DEVICE=ID[:volume|snapshot|image[:GIB[:true|false]]].")
    device: Options = {
        "uuid": ref if kind == "snapshot" else find_id(session, kind or "volume", ref),
        "source_type": kind or "volume",
        "destination_type": "volume",
        "device_name": name.removeprefix("/dev/"),
    }
    device |= {"volume_size": int(size) if _is_number(size) else size} if size else {}
    return device | ({"delete_on_termination": bool_from_string(delete)} if delete else {})
