"""What other tables say about the servers of one answer, read in one go instead of once per server."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from novasim.records import Attachment, FloatingIp, Network, Port, Record, SecurityGroup, Server
from novasim.simulation.world import Records

R = TypeVar("R", bound=Record)

PASS_PAYS = 4  # a search costs about as much as decoding so many records


class Related:
    """
    Ports, floating addresses and block devices by what they belong to.

    Args:
        servers: Those that the answer shows; nothing is read before it is asked for.
    """

    def __init__(self, tx: Records, servers: Iterable[Server]) -> None:
        self._tx = tx
        self._ids = [server.id for server in servers]

    @cached_property
    def ports(self) -> dict[str, list[Port]]:
        """By server."""
        return self._grouped(Port, "device_id", self._ids)

    @cached_property
    def attachments(self) -> dict[str, list[Attachment]]:
        """By server."""
        return self._grouped(Attachment, "server_id", self._ids)

    @cached_property
    def floating_ips(self) -> dict[str, list[FloatingIp]]:
        """By port."""
        return self._grouped(FloatingIp, "port_id", [port.id for ports in self.ports.values() for port in ports])

    def label(self, port: Port) -> str:
        """The name of the network that a port belongs to."""
        network = self._tx.get(Network, port.network_id)
        return network.name if network else port.network_id

    def group_names(self, server: Server) -> list[str]:
        """The security groups of a server's ports: a group shows once for every port, as in Nova."""
        ids = [id for port in self.ports.get(server.id, ()) for id in port.security_groups]
        groups = [self._tx.get(SecurityGroup, id) for id in ids]
        return [group.name or group.id for group in groups if group]

    def _grouped(self, kind: type[R], field: str, keys: list[str]) -> dict[str, list[R]]:
        found: dict[str, list[R]] = {key: [] for key in keys}
        if len(keys) * PASS_PAYS < self._tx.count(kind):
            return {key: self._tx.query(kind, {field: key}) for key in found}
        for record in self._tx.query(kind):
            if (owner := getattr(record, field)) in found:
                found[owner].append(record)
        return found
