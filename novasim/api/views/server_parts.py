"""The parts of a server's representation that have a shape of their own."""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.views.links import reference
from novasim.api.views.related import Related
from novasim.records import Host, Server, ServerGroup

View = dict[str, Any]

ATTRIBUTES = "OS-EXT-SRV-ATTR:"


class Sight(NamedTuple):
    """What the policy lets the caller see of servers beside the common attributes."""

    attributes: bool
    extra_specs: bool
    host_status: bool
    unknown_hosts: bool


class Answer(NamedTuple):
    """One answer with servers in it, and what is read or asked once for all of them."""

    ctx: Context
    sight: Sight
    related: Related


def flavor(answer: Answer, server: Server) -> View:
    """A reference to the flavor; from 2.47 on what it was when the server took it."""
    kept = server.flavor
    if answer.ctx.minor < 47:
        return reference(answer.ctx, "flavors", kept["id"])
    view = {
        "vcpus": kept["vcpus"],
        "ram": kept["ram"],
        "disk": kept["disk"],
        "ephemeral": kept.get("ephemeral", 0),
        "swap": kept.get("swap", 0),
        "original_name": kept["name"],
    }
    return view | ({"extra_specs": kept.get("extra_specs", {})} if answer.sight.extra_specs else {})


def image(answer: Answer, server: Server) -> View | str:
    """A reference to the image, or "" for a server that boots from a volume."""
    if not server.image_id:
        return ""
    view = reference(answer.ctx, "images", server.image_id)
    return view | ({"properties": server.image.get("properties", {})} if answer.ctx.minor >= 98 else {})


def fault(answer: Answer, kept: View) -> View:
    """Details of an internal fault are for administrators."""
    view = {key: kept[key] for key in ("code", "created", "message")}
    if kept.get("details") and (answer.ctx.caller.is_admin or kept["code"] != 500):
        view["details"] = kept["details"]
    return view


def volumes(answer: Answer, server: Server) -> list[View]:
    """The volumes attached; local disks are not among them."""
    attached = [device for device in answer.related.attachments.get(server.id, ()) if device.volume_id]
    if answer.ctx.minor < 3:
        return [{"id": device.volume_id} for device in attached]
    return [{"id": device.volume_id, "delete_on_termination": device.delete_on_termination} for device in attached]


def groups(answer: Answer, server: Server) -> View:
    """The server groups; lists do not have them."""
    if answer.ctx.minor < 71:
        return {}
    everyone = answer.ctx.world.tx.query(ServerGroup)
    return {"server_groups": [group.id for group in everyone if server.id in group.members]}


def attributes(answer: Answer, server: Server) -> View:
    """For administrators: where the server is and what it was made with."""
    name = instance_name(answer.ctx, server)
    values: View = {"host": server.host, "instance_name": name, "hypervisor_hostname": server.node}
    if answer.ctx.minor >= 3:
        values |= {
            "hostname": server.hostname,
            "kernel_id": "",
            "launch_index": server.launch_index,
            "ramdisk_id": "",
            "reservation_id": server.reservation_id,
            "root_device_name": server.root_device_name,
            "user_data": server.user_data,
        }
    return {ATTRIBUTES + name: value for name, value in values.items()}


def instance_name(ctx: Context, server: Server) -> str:
    """The name of a server on its hypervisor, by the option instance_name_template."""
    template = ctx.world.option("instance_name_template")
    named = {"id": server.number, "uuid": server.id, "hostname": server.hostname}
    return str(template % (named if "%(" in template else server.number))


def host_status(answer: Answer, server: Server) -> View:
    """How the compute service of the server's host is, for those who may know (some only if it is unknown)."""
    status = _status_of_host(answer, server)
    if answer.sight.host_status or (answer.sight.unknown_hosts and status == "UNKNOWN"):
        return {"host_status": status}
    return {}


def _status_of_host(answer: Answer, server: Server) -> str:
    host = answer.ctx.world.tx.get(Host, server.host) if server.host else None
    if host is None:
        return ""
    if host.forced_down:
        return "DOWN"
    if host.disabled:
        return "MAINTENANCE"
    return "UP" if host.up else "UNKNOWN"


def later(answer: Answer, server: Server) -> View:
    """What microversions brought to every representation of a server."""
    hints = {hint: value if isinstance(value, list) else [value] for hint, value in server.scheduler_hints.items()}
    brought = (
        (9, "locked", server.locked_by is not None),
        (19, "description", server.description),
        (26, "tags", sorted(server.tags)),
        (63, "trusted_image_certificates", server.trusted_certs or None),
        (73, "locked_reason", server.locked_reason),
        (90, ATTRIBUTES + "hostname", server.hostname),
        (96, "pinned_availability_zone", server.pinned_availability_zone),
        (100, "scheduler_hints", hints),
    )
    return {name: value for since, name, value in brought if answer.ctx.minor >= since}
