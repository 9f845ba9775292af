"""Finds documents that refer to a document that does not exist, such as a port in a network that is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from novasim.records import (
    AddressScope,
    Aggregate,
    Allocation,
    Attachment,
    CatalogService,
    Credential,
    Endpoint,
    FloatingIp,
    Host,
    InstanceAction,
    Limit,
    Migration,
    Network,
    Port,
    Record,
    RegisteredLimit,
    Router,
    SecurityGroup,
    Server,
    Subnet,
    SubnetPool,
    Task,
    User,
    Volume,
    VolumeGroup,
    VolumeSnapshot,
    VolumeTransfer,
)

Rows = Mapping[str, Mapping[str, Any]]  # documents by number


class Reference(NamedTuple):
    """
    A field that names documents of a table.

    Args:
        field: It has a value or a list. key: In the objects of such a list, what has the value; "" for plain values.
        name: The field of the other table that has the same value.
    """

    kind: type[Record]
    field: str
    target: type[Record]
    key: str = ""
    name: str = "id"


REFERENCES = (
    Reference(Aggregate, "hosts", Host, name="name"),
    Reference(Allocation, "host", Host, name="name"),
    Reference(Allocation, "server_id", Server),
    Reference(Attachment, "server_id", Server),
    Reference(Attachment, "volume_id", Volume),
    Reference(Credential, "user_id", User),
    Reference(Endpoint, "service_id", CatalogService),
    Reference(FloatingIp, "network_id", Network),
    Reference(FloatingIp, "port_id", Port),
    Reference(InstanceAction, "server_id", Server),
    Reference(Limit, "registered_limit_id", RegisteredLimit),
    Reference(Migration, "server_id", Server),
    Reference(Port, "fixed_ips", Subnet, key="subnet_id"),
    Reference(Port, "network_id", Network),
    Reference(Port, "security_groups", SecurityGroup),
    Reference(Router, "external_network_id", Network),
    Reference(Router, "subnets", Subnet),
    Reference(Server, "host", Host, name="name"),
    Reference(Subnet, "network_id", Network),
    Reference(SubnetPool, "address_scope_id", AddressScope),
    Reference(Task, "server_id", Server),
    Reference(Volume, "group_id", VolumeGroup),
    Reference(VolumeSnapshot, "volume_id", Volume),
    Reference(VolumeTransfer, "volume_id", Volume),
)
"""Those that the services keep: what is referred to cannot be deleted, or takes the reference with it."""


def find_dangling(tables: Mapping[str, Rows]) -> Iterator[tuple[str, str, str]]:
    """Yield the table and the number of each document that names a missing one, and the problem. All are valid."""
    known: dict[tuple[str, str], set[str]] = {}
    for reference in REFERENCES:
        target = (reference.target.table, reference.name)
        if target not in known:
            known[target] = {str(row.get(reference.name)) for row in tables.get(target[0], {}).values()}
        for number, document in tables.get(reference.kind.table, {}).items():
            for value in _values(document, reference):
                if value not in known[target]:
                    yield reference.kind.table, number, _describe(reference, value)


def _values(document: Mapping[str, Any], reference: Reference) -> Iterator[str]:
    """The names in a field. An empty value names nothing."""
    found: Any = document.get(reference.field)
    values: list[Any] = found if isinstance(found, list) else [found]
    for value in values:
        name = value.get(reference.key) if reference.key else value
        if name:
            yield str(name)


def _describe(reference: Reference, value: str) -> str:
    word = reference.target.table.replace("_", " ")
    return f"{reference.field!r} names {value!r}, which is not in the table of {word}"
