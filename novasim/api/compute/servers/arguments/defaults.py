"""Default arguments of actions, with which `why` and plans check them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from novasim.api.compute.references import find_host
from novasim.api.compute.servers.arguments import get_handler
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.interfaces import read_attach_facts as read_port_facts
from novasim.api.compute.servers.lookup import list_ports
from novasim.api.compute.servers.volume_attachments import read_attach_facts, read_detach_facts, read_swap_facts
from novasim.api.context import Context
from novasim.lifecycle.action import Action
from novasim.lifecycle.check import Facts
from novasim.records import Attachment, FloatingIp, Network, SecurityGroup, Server, Volume

# Arguments of the actions whose arguments are checked, but for those that have to be found.
ARGUMENTS: dict[str, Any] = {
    "confirm-resize": None,
    "revert-resize": None,
    "restore": None,
    "unshelve": None,
    "rescue": None,
    "migrate": None,
    "evacuate": {},
    "create-image": {"name": "image"},
    "create-backup": {"name": "backup", "backup_type": "daily", "rotation": 1},
}


def list_default_facts(ctx: Context, action: Action, server: Server) -> list[Facts]:
    """The facts about requests of an action with different arguments, the best first; at least one."""
    if action.name in ARGUMENTS:
        return [_facts_with(ctx, action, server, ARGUMENTS[action.name])]
    choices = _CHOICES[action.name](ctx, action, server) if action.name in _CHOICES else ()
    return list(choices) or [read_facts(ctx, server, source_host=find_host(ctx, server.host))]


def _facts_with(ctx: Context, action: Action, server: Server, arguments: Any) -> Facts:
    return get_handler(action.name).read_request(ctx, server, arguments).facts


def _attach_any_volume(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    for volume in ctx.world.tx.query(Volume, {"project_id": server.project_id}):
        yield read_attach_facts(ctx, server, {"volumeId": volume.id})
    yield read_attach_facts(ctx, server, {"volumeId": "VOLUME"})


def _detach_any_volume(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    for attachment in ctx.world.tx.query(Attachment, {"server_id": server.id}):
        if attachment.volume_id and attachment.boot_index != 0:
            yield read_detach_facts(ctx, server, attachment.volume_id)
    yield read_detach_facts(ctx, server, "VOLUME")


def _swap_any_volume(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    volumes = [volume.id for volume in ctx.world.tx.query(Volume, {"project_id": server.project_id})]
    attached = ctx.world.tx.query(Attachment, {"server_id": server.id})
    for old in [each.volume_id for each in attached if each.volume_id] or ["VOLUME"]:
        for new in [volume for volume in volumes if volume != old] or ["VOLUME"]:
            yield read_swap_facts(ctx, server, old, new)


def _attach_to_any_network(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    yield read_port_facts(ctx, server, {})
    for network in ctx.world.tx.query(Network):
        if network.project_id == server.project_id or network.shared:
            yield read_port_facts(ctx, server, {"net_id": network.id})


def _name_any_group(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    """The default group first, as in a request of a server without groups."""
    groups = ctx.world.tx.query(SecurityGroup, {"project_id": server.project_id})
    for name in ("default", *(group.id for group in groups)):
        yield _facts_with(ctx, action, server, {"name": name})


def _add_any_floating_ip(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    for floating_ip in _list_floating_ips(ctx, server):
        if floating_ip.port_id is None:
            yield _facts_with(ctx, action, server, {"address": floating_ip.address})
    yield _facts_with(ctx, action, server, {"address": "ADDRESS"})


def _remove_any_floating_ip(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    ports = {port.id for port in list_ports(ctx, server)}
    for floating_ip in sorted(_list_floating_ips(ctx, server), key=lambda each: each.port_id not in ports):
        yield _facts_with(ctx, action, server, {"address": floating_ip.address})
    yield _facts_with(ctx, action, server, {"address": "ADDRESS"})


def _list_floating_ips(ctx: Context, server: Server) -> list[FloatingIp]:
    return ctx.world.tx.query(FloatingIp, {"project_id": server.project_id})


def _delete_any_tag(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    for tag in server.tags or ["TAG"]:
        yield read_facts(ctx, server, tag=tag)


def _add_new_tag(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    yield read_facts(ctx, server, tag="TAG")


def _delete_any_metadata_item(ctx: Context, action: Action, server: Server) -> Iterable[Facts]:
    for key in server.metadata or {"KEY": ""}:
        yield read_facts(ctx, server, metadata_key=key)


_CHOICES: dict[str, Callable[[Context, Action, Server], Iterable[Facts]]] = {
    "attach-volume": _attach_any_volume,
    "detach-volume": _detach_any_volume,
    "swap-volume": _swap_any_volume,
    "attach-port": _attach_to_any_network,
    "add-security-group": _name_any_group,
    "remove-security-group": _name_any_group,
    "add-floating-ip": _add_any_floating_ip,
    "remove-floating-ip": _remove_any_floating_ip,
    "tag-add": _add_new_tag,
    "tag-delete": _delete_any_tag,
    "metadata-delete-item": _delete_any_metadata_item,
}
