"""Nova's column names for the attributes of servers, with the values that list queries compare."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from novasim.lifecycle.images import find_kernel_and_ramdisk
from novasim.records import Server

Column = Callable[[Server], Any]


def _time_column(field: str) -> Column:
    """A time as Nova's database stores it: with a space instead of the T, and without a zone."""

    def column(server: Server) -> str | None:
        time: str | None = getattr(server, field)
        return time and time.removesuffix("Z").replace("T", " ")

    return column


COLUMNS: dict[str, Column] = {
    "access_ip_v4": attrgetter("access_ip_v4"),
    "access_ip_v6": attrgetter("access_ip_v6"),
    "auto_disk_config": lambda server: int(server.disk_config == "AUTO"),
    "availability_zone": attrgetter("availability_zone"),
    "config_drive": attrgetter("config_drive"),
    "created_at": _time_column("created_at"),
    "display_description": attrgetter("description"),
    "display_name": attrgetter("name"),
    "host": attrgetter("host"),
    "hostname": attrgetter("hostname"),
    "image_ref": lambda server: server.image_id or server.image_ref,
    "kernel_id": lambda server: find_kernel_and_ramdisk(server.image.get("properties", {}))[0],
    "key_name": attrgetter("key_name"),
    "launch_index": attrgetter("launch_index"),
    "launched_at": _time_column("launched_at"),
    "locked": lambda server: server.locked_by is not None,
    "locked_by": attrgetter("locked_by"),
    "node": attrgetter("node"),
    "power_state": attrgetter("power_state"),
    "progress": attrgetter("progress"),
    "project_id": attrgetter("project_id"),
    "ramdisk_id": lambda server: find_kernel_and_ramdisk(server.image.get("properties", {}))[1],
    "reservation_id": attrgetter("reservation_id"),
    "root_device_name": attrgetter("root_device_name"),
    "task_state": attrgetter("task_state"),
    "terminated_at": _time_column("terminated_at"),
    "updated_at": _time_column("updated_at"),
    "user_id": attrgetter("user_id"),
    "uuid": attrgetter("id"),
    "vm_state": attrgetter("vm_state"),
}
"""By column name. "instance_type_id" is missing because a server does not keep the number of its flavor."""
