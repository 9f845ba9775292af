"""The values that checks compare: of servers, volumes and hosts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from novasim.lifecycle.states import POWER_STATES
from novasim.lifecycle.status import status_of
from novasim.records import Attachment, Host, Image, Port, SecurityGroup, Server, Volume
from novasim.simulation.world import World

METADATA = "metadata."  # before the key of a metadata item
Values = tuple[str, ...]


def _yes_or_no(value: object) -> Values:
    return ("yes" if value else "no",)


def _image_of(world: World, server: Server) -> Values:
    image = world.tx.get(Image, server.image_id) if server.image_id else None
    return (image.name or "" if image else server.image_id,)


def _groups_of(world: World, server: Server) -> Values:
    ports = world.tx.query(Port, {"device_id": server.id})
    ids = dict.fromkeys(id for port in ports for id in port.security_groups)
    groups = (world.tx.get(SecurityGroup, id) for id in ids)
    return tuple(group.name for group in groups if group)


def _addresses_of(world: World, server: Server) -> int:
    return len(world.tx.query(Port, {"device_id": server.id}))


def _volumes_of(world: World, server: Server) -> Values:
    ids = [each.volume_id for each in world.tx.query(Attachment, {"server_id": server.id})]
    volumes = (world.tx.get(Volume, id) for id in ids if id)
    return tuple(volume.name or volume.id for volume in volumes if volume)


SERVER_FACTS: Mapping[str, Callable[[World, Server], Values]] = {
    "status": lambda world, server: (status_of(server.vm_state, server.task_state),),
    "task": lambda world, server: (server.task_state or "",),
    "power": lambda world, server: (POWER_STATES.get(server.power_state, str(server.power_state)),),
    "flavor": lambda world, server: (str(server.flavor.get("name", "")),),
    "image": _image_of,
    "host": lambda world, server: (server.host or "",),
    "zone": lambda world, server: (server.availability_zone or "",),
    "locked": lambda world, server: _yes_or_no(server.locked_by),
    "locked_reason": lambda world, server: (server.locked_reason or "",),
    "description": lambda world, server: (server.description or "",),
    "tag": lambda world, server: tuple(server.tags),
    "group": _groups_of,
    "ports": lambda world, server: (str(_addresses_of(world, server)),),
    "volume": _volumes_of,
}
VOLUME_FACTS: Mapping[str, Callable[[World, Volume], Values]] = {
    "status": lambda world, volume: (volume.status,),
    "size": lambda world, volume: (str(volume.size),),
    "bootable": lambda world, volume: _yes_or_no(volume.bootable),
}
HOST_FACTS: Mapping[str, Callable[[World, Host], Values]] = {
    "state": lambda world, host: ("up" if host.up and not host.forced_down else "down",),
    "status": lambda world, host: ("disabled" if host.disabled else "enabled",),
    "servers": lambda world, host: (str(world.tx.count(Server, {"host": host.name, "deleted": False})),),
}
SERVER_KEYS: Sequence[str] = (*SERVER_FACTS, f"{METADATA}KEY")
VOLUME_KEYS: Sequence[str] = tuple(VOLUME_FACTS)
HOST_KEYS: Sequence[str] = tuple(HOST_FACTS)


def is_known_key(key: str, keys: Sequence[str]) -> bool:
    """Whether checks know a key; of metadata, every key."""
    return key in keys or (f"{METADATA}KEY" in keys and key.startswith(METADATA) and len(key) > len(METADATA))


def find_servers(world: World, name: str) -> list[Server]:
    """The servers of a name that are not deleted, in all projects."""
    return world.tx.query(Server, {"name": name, "deleted": False})


def first_server(world: World, name: str) -> Server | None:
    """The server of a name; None if no server has it."""
    return next(iter(find_servers(world, name)), None)


def server_values(world: World, server: Server, key: str) -> Values:
    """The values of a server for a key of a check: one, or for tag, group and volume any number."""
    if key.startswith(METADATA):
        return (server.metadata.get(key.removeprefix(METADATA), ""),)
    return SERVER_FACTS[key](world, server)
