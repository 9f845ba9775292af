"""The requirements of a server on its host."""

from __future__ import annotations

from typing import NamedTuple

from novasim.records import Server


class RequestSpec(NamedTuple):
    """
    What a server needs from a host.

    Args:
        resources: vCPUs, RAM in MiB, disk in GiB.
        zone: The required availability zone; None for any.
        requested_host: The only host to consider; None for all.
        excluded_hosts: Hosts not to consider.
        forced: Whether to take the requested host without asking the scheduler.
        skips_filters: Whether only Placement filters the requested host, as for zone:host:node.
        requested_node: The only hypervisor to consider; "" for all.
    """

    server: Server
    resources: tuple[int, int, int]
    zone: str | None = None
    requested_host: str | None = None
    excluded_hosts: tuple[str, ...] = ()
    forced: bool = False
    skips_filters: bool = False
    requested_node: str = ""

    @property
    def has_extra_specs(self) -> bool:
        """Whether the flavor has extra specs, which the host may have to match."""
        return bool(self.server.flavor.get("extra_specs"))
