"""
Block devices that the properties of an image define. Anybody can write them, so that their form is checked here.

Source: nova/block_device.py, BlockDeviceDict._validate.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim import jsonutils
from novasim.errors import BadRequest

INVALID = "Block Device Mapping is Invalid: "
SOURCES = ("blank", "image", "snapshot", "volume")
TARGETS = (None, "", "local", "volume")
TEXTS = ("virtual_name", "snapshot_id", "volume_id", "image_id", "guest_format", "disk_bus", "volume_type", "tag")
HIGHEST = 2**31 - 1  # in Nova's database


def list_entries(mapping: Any, is_current: bool) -> list[dict[str, Any]]:
    """
    The entries of the property block_device_mapping, without removed devices; [] if it is no list.

    Args:
        is_current: Whether they are in the second version of the mapping.

    Raises:
        BadRequest: an entry is not possible (400).
    """
    if isinstance(mapping, str):
        try:
            mapping = jsonutils.decode_request(mapping)
        except ValueError:
            mapping = None
    listed = mapping if isinstance(mapping, list) else []
    entries = [raw for raw in listed if isinstance(raw, dict) and not raw.get("no_device")]
    for raw in entries:
        for problem in _find_problems(raw, is_current):
            raise BadRequest(reason=INVALID + problem)
    return entries


def _find_problems(raw: dict[str, Any], is_current: bool) -> Iterator[str]:
    if is_current and "source_type" not in raw:
        yield "Some required fields are missing"
    source = raw.get("source_type")
    if is_current and (source not in SOURCES or raw.get("destination_type") not in TARGETS):
        yield "Some fields are invalid."
    if is_current and source in ("image", "snapshot", "volume") and not raw.get(f"{source}_id"):
        yield "Missing device UUID."
    if any(not isinstance(raw.get(name) or "", str) for name in TEXTS):
        yield "Some fields are invalid."
    name = raw.get("device_name")
    if name is not None and not (isinstance(name, str) and 0 < len(name) <= 255):
        yield "Device name empty or too long."
    if " " in (name or ""):
        yield "Device name contains spaces."
    if not _is_number(raw.get("volume_size"), 0):
        yield "Invalid volume_size."
    if not _is_number(raw.get("boot_index"), -HIGHEST):
        yield "Boot index is invalid."


def _is_number(value: Any, lowest: int) -> bool:
    """Whether a value is left out or a number."""
    try:
        return value in (None, "") or (isinstance(value, int | str) and lowest <= int(value) <= HIGHEST)
    except ValueError:
        return False
