"""The compute hosts of a cloud."""

from __future__ import annotations

from typing import Any

from novasim.cloud import Cloud
from novasim.control import hosts


class Hosts:
    """The hosts of a cloud, changed as no request of Nova can."""

    def __init__(self, world: Cloud) -> None:
        self._world = world

    def add(self, name: str, **values: Any) -> None:
        """
        Add a host, which is up and enabled.

        Args:
            values: vcpus, ram_mb (MiB), disk_gb (GiB), reserved_..., ..._allocation_ratio, shared_storage,
                hypervisor_type, hypervisor_version.

        Raises:
            UsageError: the name or a value is not valid. Conflict: a host has this name.
        """
        hosts.add_host(self._world, name, **values)

    def set(self, name: str, up: bool | None = None, cell_down: bool | None = None, **values: Any) -> None:
        """
        Change a host; None changes nothing.

        Args:
            up: False cuts its power, True switches it on.
            cell_down: True makes its cell unreachable, so that its servers are UNKNOWN; False ends that.
            values: As for `add`.

        Raises:
            UsageError: a value is not valid. NotFound: there is no such host.
        """
        hosts.change_host(self._world, name, up, cell_down, **values)
