"""Records that belong to the servers of one response, read together instead of once per server."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from novasim.records import Attachment, FloatingIp, Host, Network, Port, Record, SecurityGroup, Server
from novasim.simulation.world import Records

R = TypeVar("R", bound=Record)

RECORDS_PER_SEARCH = 4  # a search costs about as much as decoding this many records


class HostState(NamedTuple):
    """Whether a host's compute service is usable."""

    forced_down: bool
    disabled: bool
    up: bool


class Related:
    """
    Ports, floating IPs, block devices and what they refer to. Each kind is read on first use.

    Args:
        servers: The servers of the response.
    """

    def __init__(self, tx: Records, servers: Iterable[Server]) -> None:
        self._tx = tx
        self._ids = [server.id for server in servers]
        self._known: dict[tuple[type[Record], str], tuple[Any, ...] | None] = {}

    def list_ports(self, server: Server) -> list[Port]:
        """The ports of a server."""
        return self._ports.get(server.id, [])

    def list_attachments(self, server: Server) -> list[Attachment]:
        """The block devices of a server."""
        return self._attachments.get(server.id, [])

    def list_floating_ips(self, server: Server, port: Port) -> list[FloatingIp]:
        """The floating IPs of a port of a server."""
        return self._floating_ips.get(port.id, [])

    def find_network_name(self, server: Server, port: Port) -> str:
        """The name of the network of a server's port."""
        network = self._read(Network, port.network_id, "name")
        return network[0] if network else port.network_id

    def list_group_names(self, server: Server) -> list[str]:
        """The names of the security groups of a server's ports, once for each port, as in Nova."""
        ids = [id for port in self.list_ports(server) for id in port.security_groups]
        groups = [(id, self._read(SecurityGroup, id, "name")) for id in ids]
        return [group[0] or id for id, group in groups if group]

    def find_host_state(self, server: Server) -> HostState | None:
        """The state of a server's host; None for a server without a host."""
        state = self._read(Host, server.host, *HostState._fields) if server.host else None
        return HostState(*state) if state else None

    @cached_property
    def _ports(self) -> dict[str, list[Port]]:
        """By id of the server."""
        return self._group(Port, "device_id", self._ids)

    @cached_property
    def _attachments(self) -> dict[str, list[Attachment]]:
        """By id of the server."""
        return self._group(Attachment, "server_id", self._ids)

    @cached_property
    def _floating_ips(self) -> dict[str, list[FloatingIp]]:
        """By id of the port."""
        return self._group(FloatingIp, "port_id", [port.id for ports in self._ports.values() for port in ports])

    def _group(self, kind: type[R], field: str, keys: list[str]) -> dict[str, list[R]]:
        groups: dict[str, list[R]] = {key: [] for key in keys}
        if len(keys) * RECORDS_PER_SEARCH < self._tx.count(kind):
            return {key: self._tx.query(kind, {field: key}) for key in groups}
        for record in self._tx.query(kind):
            if (owner := getattr(record, field)) in groups:
                groups[owner].append(record)
        return groups

    def _read(self, kind: type[R], id: str, *fields: str) -> tuple[Any, ...] | None:
        """The values of these fields of a record; None if it does not exist."""
        if (kind, id) not in self._known:
            record = self._tx.get(kind, id)
            self._known[kind, id] = tuple(getattr(record, field) for field in fields) if record else None
        return self._known[kind, id]
