"""The disks of a new server: the options of `server create` as block_device_mapping_v2."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.usage import parse_pairs
from novasim.strutils import bool_from_string

NO_DISK = "An image (--image, --image-property) or bootable volume (--volume, --snapshot, --block-device) is required"
KINDS = {"volume": "volume", "snapshot": "volume snapshot", "image": "image"}


def list_disks(call: Call, image: Item | None) -> list[Item]:
    """
    The disks of a new server.

    Raises:
        CommandError: options exclude each other, or there is no disk to boot from.
    """
    disks = [*_root_disk(call, image), *_local_disks(call)]
    disks += [_read_mapping(call, text) for text in call.args.block_device_mapping or ()]
    disks += [_read_device(text) for text in call.args.block_device or ()]
    if not any(disk.get("boot_index") == 0 for disk in disks):
        raise CommandError(NO_DISK)
    return disks


def _root_disk(call: Call, image: Item | None) -> list[Item]:
    args = call.args
    if args.delete_on_termination and not args.boot_from_volume:
        raise CommandError("--delete-on-termination can only be used with --boot-from-volume")
    for name in ("volume", "snapshot"):
        if args.boot_from_volume and getattr(args, name):
            raise CommandError(f"--{name} is not allowed with --boot-from-volume")
    if args.boot_from_volume:
        if image is None:
            words = "An image (--image or --image-property) is required to support --boot-from-volume option"
            raise CommandError(words)
        size = {"volume_size": args.boot_from_volume, "delete_on_termination": args.delete_on_termination}
        return [_boot_from(image["id"], "image", "volume") | size]
    if image is not None:
        return [_boot_from(image["id"], "image", "local") | {"delete_on_termination": True}]
    if args.volume:
        return [_boot_from(call.find_id("volume", args.volume), "volume", "volume")]
    if args.snapshot:
        id = call.find_id("volume snapshot", args.snapshot)
        return [_boot_from(id, "snapshot", "volume") | {"delete_on_termination": False}]
    return []


def _boot_from(id: str, source: str, destination: str) -> Item:
    return {"uuid": id, "boot_index": 0, "source_type": source, "destination_type": destination}


def _local_disks(call: Call) -> list[Item]:
    blank = {"boot_index": -1, "source_type": "blank", "destination_type": "local", "delete_on_termination": True}
    disks = [{**blank, "guest_format": "swap", "volume_size": call.args.swap}] if call.args.swap else []
    for text in call.args.ephemeral or ():
        pairs = parse_pairs(text)
        form = {"guest_format": pairs["format"]} if "format" in pairs else {}
        disks.append({**blank, "volume_size": pairs.get("size"), **form})
    return disks


def _read_mapping(call: Call, text: str) -> Item:
    """A disk from DEVICE=ID:TYPE:SIZE:DELETE."""
    device, _, rest = text.partition("=")
    id, kind, size, delete, *_ = [*rest.split(":"), "", "", ""]
    kind = kind or "volume"
    if not device or not id or kind not in KINDS:
        words = "argument must be of form 'dev-name=id[:type[:size[:delete-on-terminate]]]'"
        raise CommandError(f"Invalid argument {text}; {words}")
    disk: Item = {"device_name": device, "uuid": call.find_id(KINDS[kind], id), "source_type": kind}
    disk["destination_type"] = "volume"
    disk |= {"volume_size": size} if size else {}
    return disk | ({"delete_on_termination": delete} if delete else {})


def _read_device(text: str) -> Item:
    """A disk from KEY=VALUE,..."""
    disk: Item = {**parse_pairs(text)}
    if "boot_index" in disk:
        disk["boot_index"] = int(disk["boot_index"])
    source = disk.setdefault("source_type", "blank")
    place = disk.setdefault("destination_type", "local" if source == "blank" else "volume")
    if "delete_on_termination" in disk:
        disk["delete_on_termination"] = bool_from_string(disk["delete_on_termination"])
    elif place == "local":
        disk["delete_on_termination"] = True
    return disk
