"""The things of a cloud that steps refer to, by kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.lifecycle import states
from novasim.records import (
    Aggregate,
    Attachment,
    Flavor,
    FloatingIp,
    GroupSnapshot,
    GroupType,
    Host,
    Image,
    MetadefNamespace,
    Migration,
    Network,
    Port,
    QosSpecs,
    Record,
    SecurityGroup,
    Server,
    ServerGroup,
    Subnet,
    Volume,
    VolumeBackup,
    VolumeGroup,
    VolumeSnapshot,
    VolumeTransfer,
    VolumeType,
)

List = Callable[[type[Record]], list[Any]]
KINDS: dict[str, type[Record]] = {
    "aggregate": Aggregate,
    "flavor": Flavor,
    "group_snapshot": GroupSnapshot,
    "floating_ip": FloatingIp,
    "host": Host,
    "image": Image,
    "metadef_namespace": MetadefNamespace,
    "migration": Migration,
    "network": Network,
    "port": Port,
    "qos_specs": QosSpecs,
    "security_group": SecurityGroup,
    "server_group": ServerGroup,
    "snapshot": VolumeSnapshot,
    "subnet": Subnet,
    "volume": Volume,
    "volume_backup": VolumeBackup,
    "volume_group": VolumeGroup,
    "volume_transfer": VolumeTransfer,
}
SERVERS: dict[str, tuple[str, ...]] = {  # kinds of servers: their vm_states
    "idle": (states.ACTIVE, states.STOPPED),
    "migrating": (states.ACTIVE, states.PAUSED),
    "paused": (states.PAUSED,),
    "rescued": (states.RESCUED,),
    "resized": (states.RESIZED,),
    "shelved": (states.SHELVED, states.SHELVED_OFFLOADED),
    "soft_deleted": (states.SOFT_DELETED,),
    "stopped": (states.STOPPED,),
    "suspended": (states.SUSPENDED,),
}


def _list_stranded(all: List) -> list[str]:
    """Servers on hosts that are down, or else all servers."""
    down = {host.name for host in all(Host) if host.forced_down or not host.up}
    servers = _list_servers(all)
    return [server.id for server in servers if server.host in down] or [server.id for server in servers]


def _list_attachments(all: List) -> set[str]:
    return {entry["attachment_id"] for volume in all(Volume) for entry in (*volume.attachments, *volume.reserved)}


def _list_servers(all: List) -> list[Server]:
    return [server for server in all(Server) if not server.deleted]


NUMBERED = ("aggregate", "migration")
OTHERS: dict[str, Callable[[List], list[str]]] = {
    "address": lambda all: [floating.address for floating in all(FloatingIp)],
    "attached_server": lambda all: [each.server_id for each in all(Attachment) if each.volume_id],
    "attached_volume": lambda all: [each.volume_id for each in all(Attachment) if each.volume_id],
    "attachment": lambda all: sorted(_list_attachments(all) - {each.attachment_id for each in all(Attachment)}),
    "bootable_volume": lambda all: [volume.id for volume in all(Volume) if volume.bootable],
    "fixed_address": lambda all: [ip["ip_address"] for port in all(Port) for ip in port.fixed_ips],
    "group_type": lambda all: [group_type.name for group_type in all(GroupType)],
    "own_project": lambda all: [],
    "plugged_port": lambda all: [port.id for port in all(Port) if port.device_owner.startswith("compute:")],
    "plugged_server": lambda all: [port.device_id for port in all(Port) if port.device_owner.startswith("compute:")],
    "public_network": lambda all: [network.id for network in all(Network) if network.external],
    "service": lambda all: [host.service_id for host in all(Host)],
    "stranded": _list_stranded,
    "volume_type_id": lambda all: [volume_type.id for volume_type in all(VolumeType)],
    "volume_type": lambda all: [volume_type.name for volume_type in all(VolumeType)],
}


def list_ids(all: List, kind: str) -> list[str]:
    """The ids of the existing things of a kind, or of all servers if there is none of a kind of servers."""
    if kind in OTHERS:
        return OTHERS[kind](all)
    if kind in SERVERS:
        found = [server.id for server in _list_servers(all) if _is_in(server, kind)]
        return found or [server.id for server in _list_servers(all)]
    if kind == "server":
        return [server.id for server in _list_servers(all)]
    return [str(record.number) if kind in NUMBERED else record.id for record in all(KINDS[kind])]


def _is_in(server: Server, kind: str) -> bool:
    return server.vm_state in SERVERS[kind] and (kind != "idle" or server.task_state is None)
