"""
Names of the disks of a server, such as /dev/vdb.

Source: nova/compute/utils.py, get_next_device_name; nova/compute/manager.py, _default_block_device_names.
"""

from __future__ import annotations

import itertools
import re

from novasim.lifecycle.volumes import describe_too_many_disks
from novasim.records import Attachment, Server
from novasim.simulation.failures import TaskFailed
from novasim.simulation.volumes import is_volume_backed
from novasim.simulation.world import World

DEFAULT_ROOT_DEVICE = "/dev/vda"
LETTERS = "abcdefghijklmnopqrstuvwxyz"  # importing string would cost each create 1 ms


def set_device_names(world: World, server: Server) -> list[Attachment]:
    """Name the root device of a new server, and every disk that has no name yet, local ones first; return the disks."""
    attachments = world.tx.query(Attachment, {"server_id": server.id})
    root = next((each for each in attachments if each.boot_index == 0), None)
    server.root_device_name = (root.device if root else None) or server.root_device_name or DEFAULT_ROOT_DEVICE
    _drop_repeated_names(world, attachments)
    for attachment in sorted(attachments, key=lambda each: each.destination_type == "volume"):
        set_device_name(world, server, attachment)
    return attachments


def _drop_repeated_names(world: World, attachments: list[Attachment]) -> None:
    """Keep only the first device with a name, so that no two disks are at one name."""
    seen: set[str] = set()
    for attachment in attachments:
        if attachment.device and device_letter(attachment.device) in seen:
            attachment.device = None
            world.tx.put(attachment)
        seen.add(device_letter(attachment.device or ""))


def set_device_name(world: World, server: Server, attachment: Attachment) -> None:
    """Name a volume that has no name yet."""
    if attachment.device is None:
        is_root = attachment.boot_index == 0
        attachment.device = server.root_device_name if is_root else find_next_device(world, server)
        world.tx.put(attachment)


def is_device_used(world: World, server: Server, device: str) -> bool:
    """Whether a disk of the server has the letter of a device name: /dev/sdb and /dev/vdb are the same disk."""
    return device_letter(device) in _used_letters(world, server)


def device_letter(device: str) -> str:
    """The letter of a device name: b of /dev/vdb, vdb or /dev/vdb1. Source: nova/block_device.py, match_device."""
    match = re.match(r"/dev/x?[a-z]?d?([a-z]+)[0-9]*$", "/dev/" + device.removeprefix("/dev/"))
    return match[1] if match else device


def find_next_device(world: World, server: Server) -> str:
    """Find the first free device name, from /dev/vda on if the server boots from a volume, else from /dev/vdb on."""
    used = _used_letters(world, server)
    letters = itertools.chain(LETTERS, map("".join, itertools.product(LETTERS, repeat=2)))
    return next(f"/dev/vd{letter}" for letter in letters if letter not in used)


def count_disks(world: World, server: Server) -> int:
    """How many disks a server has, with those that have no name yet."""
    attachments = world.tx.query(Attachment, {"server_id": server.id})
    return len(_used_letters(world, server)) + sum(attachment.device is None for attachment in attachments)


def check_disk_count(world: World, server: Server) -> None:
    """
    Raises TaskFailed: a server has more disks than the option max_disk_devices_to_attach allows.

    Source: nova/virt/libvirt/blockinfo.py, find_disk_dev_for_disk_bus.
    """
    most = int(world.option("max_disk_devices_to_attach"))
    if 0 <= most < count_disks(world, server):
        raise TaskFailed(describe_too_many_disks(most), code=403)


def _used_letters(world: World, server: Server) -> set[str]:
    attachments = world.tx.query(Attachment, {"server_id": server.id})
    used = {device_letter(attachment.device) for attachment in attachments if attachment.device}
    if is_volume_backed(server) and not server.root_device_name:
        return used
    return used | {device_letter(server.root_device_name or DEFAULT_ROOT_DEVICE)}
