"""Records that belong to the servers of one response, read together instead of once per server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from novasim.records import Attachment, FloatingIp, Host, Network, Port, Record, SecurityGroup, Server
from novasim.simulation.world import Records

if TYPE_CHECKING:
    from novasim.store.documents import Change

RECORDS_PER_SEARCH = 4  # a search costs about as much as decoding this many records


class Relation(NamedTuple):
    """
    A way to read records: those of a kind with a value in a field.

    Args:
        fields: The names of the fields that are read; all of them if it is empty.
    """

    kind: type[Record]
    field: str
    fields: tuple[str, ...] = ()

    def is_affected(self, change: Change) -> bool:
        """Whether what is read can differ after a change of a document of this kind."""
        if not self.fields or change.before is None or change.after is None:
            return True
        return any(self._get(change.before, name) != self._get(change.after, name) for name in self.fields)

    def list_values(self, change: Change) -> set[Any]:
        """The values of the field before and after a change."""
        return {self._get(document, self.field) for document in (change.before, change.after) if document is not None}

    def _get(self, document: Mapping[str, Any], name: str) -> Any:
        return document.get(name, getattr(self.kind, name, None))


class HostState(NamedTuple):
    """Whether a host's compute service is usable."""

    forced_down: bool
    disabled: bool
    up: bool


PORTS = Relation(Port, "device_id")
ATTACHMENTS = Relation(Attachment, "server_id")
FLOATING_IPS = Relation(FloatingIp, "port_id")
NETWORK_NAME = Relation(Network, "id", ("name",))
GROUP_NAME = Relation(SecurityGroup, "id", ("name",))
HOST_STATE = Relation(Host, "id", HostState._fields)


def record_nothing(server_id: str, relation: Relation, value: str) -> None:
    """Do nothing, for a response that is not kept."""


class Related:
    """
    Ports, floating IPs, block devices and what they refer to. Each kind is read on first use.

    Args:
        servers: The servers of the response.
        record: Called with each read: the id of the server for which it is, the relation and its value.
    """

    def __init__(
        self,
        tx: Records,
        servers: Iterable[Server],
        record: Callable[[str, Relation, str], None] = record_nothing,
    ) -> None:
        self._tx, self._record = tx, record
        self._ids = [server.id for server in servers]
        self._groups: dict[Relation, dict[str, list[Any]]] = {}
        self._values: dict[tuple[Relation, str], tuple[Any, ...] | None] = {}

    def list_ports(self, server: Server) -> list[Port]:
        """The ports of a server."""
        return self._list(server, PORTS, server.id)

    def list_attachments(self, server: Server) -> list[Attachment]:
        """The block devices of a server."""
        return self._list(server, ATTACHMENTS, server.id)

    def list_floating_ips(self, server: Server, port: Port) -> list[FloatingIp]:
        """The floating IPs of a port of a server."""
        return self._list(server, FLOATING_IPS, port.id)

    def find_network_name(self, server: Server, port: Port) -> str:
        """The name of the network of a server's port."""
        values = self._read(server, NETWORK_NAME, port.network_id)
        return values[0] if values else port.network_id

    def list_group_names(self, server: Server) -> list[str]:
        """The names of the security groups of a server's ports, once for each port, as in Nova."""
        ids = [id for port in self.list_ports(server) for id in port.security_groups]
        groups = [(id, self._read(server, GROUP_NAME, id)) for id in ids]
        return [values[0] or id for id, values in groups if values]

    def find_host_state(self, server: Server) -> HostState | None:
        """The state of a server's host; None for a server without a host."""
        values = self._read(server, HOST_STATE, server.host) if server.host else None
        return HostState(*values) if values else None

    def _list(self, server: Server, relation: Relation, value: str) -> list[Any]:
        """The records of a relation with a value."""
        self._record(server.id, relation, value)
        if relation not in self._groups:
            self._groups[relation] = self._group(relation)
        return self._groups[relation].get(value, [])

    def _group(self, relation: Relation) -> dict[str, list[Any]]:
        """The records of a relation that belong to any server of the response, by value."""
        kind, keys = relation.kind, self._ids
        if relation is FLOATING_IPS:
            keys = [port.id for ports in self._groups[PORTS].values() for port in ports]
        groups: dict[str, list[Record]] = {key: [] for key in keys}
        if len(keys) * RECORDS_PER_SEARCH < self._tx.count(kind):
            return {key: self._tx.query(kind, {relation.field: key}) for key in groups}
        for record in self._tx.query(kind):
            if (owner := getattr(record, relation.field)) in groups:
                groups[owner].append(record)
        return groups

    def _read(self, server: Server, relation: Relation, id: str) -> tuple[Any, ...] | None:
        """The values of the fields of a relation that one record has; None if it does not exist."""
        self._record(server.id, relation, id)
        if (relation, id) not in self._values:
            record = self._tx.get(relation.kind, id)
            values = tuple(getattr(record, field) for field in relation.fields) if record else None
            self._values[relation, id] = values
        return self._values[relation, id]
