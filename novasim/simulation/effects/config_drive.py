"""The config drive of a server, which is written when its guest is created on a host, and not changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.records import Server


def requires_drive(properties: Mapping[str, Any]) -> bool:
    """Whether an image with these properties requires a config drive. Source: nova/virt/configdrive.py, required_by."""
    return properties.get("img_config_drive") == "mandatory"


def write_drive(server: Server, keeps_files: bool = True) -> None:
    """
    Write the config drive of a server that has one, or whose image requires one.

    Args:
        keeps_files: Whether the drive gets the files of the last request, as in a build, but not in an evacuation.

    Source: nova/compute/manager.py, _update_instance_after_spawn; nova/virt/libvirt/driver.py, _create_configdrive.
    """
    if requires_drive(server.image.get("properties", {})):
        server.config_drive = "True"
    if not server.config_drive:
        return
    server.drive = {"name": server.name, "metadata": dict(server.metadata)}
    if server.personality and not keeps_files:
        server.personality = None
