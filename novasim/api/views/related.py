"""Records that belong to the servers of one response, read together instead of once per server."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from novasim.records import Attachment, FloatingIp, Network, Port, Record, SecurityGroup, Server
from novasim.simulation.world import Records

R = TypeVar("R", bound=Record)

RECORDS_PER_SEARCH = 4  # a search costs about as much as decoding this many records


class Related:
    """
    Ports, floating IPs and block devices, grouped by the record that they belong to. Each kind is read on first use.

    Args:
        servers: The servers of the response.
    """

    def __init__(self, tx: Records, servers: Iterable[Server]) -> None:
        self._tx = tx
        self._ids = [server.id for server in servers]

    @cached_property
    def ports(self) -> dict[str, list[Port]]:
        """By id of the server."""
        return self._group(Port, "device_id", self._ids)

    @cached_property
    def attachments(self) -> dict[str, list[Attachment]]:
        """By id of the server."""
        return self._group(Attachment, "server_id", self._ids)

    @cached_property
    def floating_ips(self) -> dict[str, list[FloatingIp]]:
        """By id of the port."""
        return self._group(FloatingIp, "port_id", [port.id for ports in self.ports.values() for port in ports])

    def network_name(self, port: Port) -> str:
        """The name of a port's network."""
        network = self._tx.get(Network, port.network_id)
        return network.name if network else port.network_id

    def group_names(self, server: Server) -> list[str]:
        """The names of the security groups of a server's ports, once for each port, as in Nova."""
        ids = [id for port in self.ports.get(server.id, ()) for id in port.security_groups]
        groups = [self._tx.get(SecurityGroup, id) for id in ids]
        return [group.name or group.id for group in groups if group]

    def _group(self, kind: type[R], field: str, keys: list[str]) -> dict[str, list[R]]:
        groups: dict[str, list[R]] = {key: [] for key in keys}
        if len(keys) * RECORDS_PER_SEARCH < self._tx.count(kind):
            return {key: self._tx.query(kind, {field: key}) for key in groups}
        for record in self._tx.query(kind):
            if (owner := getattr(record, field)) in groups:
                groups[owner].append(record)
        return groups
