"""The requirements of a server on its host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

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
        flavor: The flavor that the server will have; None for its present one.
    """

    server: Server
    resources: tuple[int, int, int]
    zone: str | None = None
    requested_host: str | None = None
    excluded_hosts: tuple[str, ...] = ()
    forced: bool = False
    skips_filters: bool = False
    requested_node: str = ""
    flavor: Mapping[str, Any] | None = None

    @property
    def extra_specs(self) -> Mapping[str, Any]:
        """Those of the flavor."""
        specs: Mapping[str, Any] = (self.flavor or self.server.flavor).get("extra_specs", {})
        return specs

    @property
    def image_properties(self) -> Mapping[str, Any]:
        """Those of the server's image."""
        properties: Mapping[str, Any] = self.server.image.get("properties", {})
        return properties
