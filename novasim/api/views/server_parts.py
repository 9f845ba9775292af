"""Parts of the representation of a server."""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.views.links import reference
from novasim.api.views.related import Related
from novasim.lifecycle.images import find_kernel_and_ramdisk
from novasim.records import Server, ServerGroup

View = dict[str, Any]

ATTRIBUTES = "OS-EXT-SRV-ATTR:"


class Perspective(NamedTuple):
    """
    Everything by which representations of the same server differ. Callers of one kind have the same perspective.

    Args:
        minor: The minor number of the microversion.
        endpoint: The URL with which links begin.
        is_admin: Whether the caller is an administrator.
        attributes, extra_specs, host_status, unknown_hosts: What the policy allows the caller to see besides the common
            attributes.
        instance_name_template: Nova's option of that name.
    """

    minor: int
    endpoint: str
    is_admin: bool
    attributes: bool
    extra_specs: bool
    host_status: bool
    unknown_hosts: bool
    instance_name_template: str


class ViewContext(NamedTuple):
    """All that representations of servers can read besides the server itself."""

    perspective: Perspective
    related: Related


def flavor(view_ctx: ViewContext, server: Server) -> View:
    """A reference to the flavor, or from 2.47 the copy that the server keeps."""
    copy = server.flavor
    if view_ctx.perspective.minor < 47:
        return reference(view_ctx.perspective.endpoint, "flavors", copy["id"])
    view = {
        "vcpus": copy["vcpus"],
        "ram": copy["ram"],
        "disk": copy["disk"],
        "ephemeral": copy.get("ephemeral", 0),
        "swap": copy.get("swap", 0),
        "original_name": copy["name"],
    }
    return view | ({"extra_specs": copy.get("extra_specs", {})} if view_ctx.perspective.extra_specs else {})


def image(view_ctx: ViewContext, server: Server) -> View | str:
    """A reference to the image, or "" for a server that boots from a volume and named no image."""
    if not (id := server.image_id or server.image_ref):
        return ""
    view = reference(view_ctx.perspective.endpoint, "images", id)
    return view | ({"properties": server.image.get("properties", {})} if view_ctx.perspective.minor >= 98 else {})


def fault(view_ctx: ViewContext, stored: View) -> View:
    """The fault of a server. Only administrators see the details of an internal fault."""
    view = {key: stored[key] for key in ("code", "created", "message")}
    if stored.get("details") and (view_ctx.perspective.is_admin or stored["code"] != 500):
        view["details"] = stored["details"]
    return view


def volumes(view_ctx: ViewContext, server: Server) -> list[View]:
    """The attached volumes, without local disks."""
    attached = [device for device in view_ctx.related.list_attachments(server) if device.volume_id]
    if view_ctx.perspective.minor < 3:
        return [{"id": device.volume_id} for device in attached]
    return [{"id": device.volume_id, "delete_on_termination": device.delete_on_termination} for device in attached]


def groups(ctx: Context, server: Server) -> View:
    """The server groups of a server. Lists do not show them."""
    if ctx.minor < 71:
        return {}
    all_groups = ctx.world.tx.query(ServerGroup)
    return {"server_groups": [group.id for group in all_groups if server.id in group.members]}


def attributes(view_ctx: ViewContext, server: Server) -> View:
    """Attributes for administrators: the host, and what the server was created with."""
    name = instance_name(view_ctx.perspective.instance_name_template, server)
    values: View = {"host": server.host, "instance_name": name, "hypervisor_hostname": server.node}
    if view_ctx.perspective.minor >= 3:
        kernel, ramdisk = find_kernel_and_ramdisk(server.image.get("properties", {}))
        values |= {
            "hostname": server.hostname,
            "kernel_id": kernel,
            "launch_index": server.launch_index,
            "ramdisk_id": ramdisk,
            "reservation_id": server.reservation_id,
            "root_device_name": server.root_device_name,
            "user_data": server.user_data,
        }
    return {ATTRIBUTES + name: value for name, value in values.items()}


def instance_name(template: str, server: Server) -> str:
    """The name of a server on its hypervisor, by the option instance_name_template."""
    named = {"id": server.number, "uuid": server.id, "hostname": server.hostname}
    return str(template % (named if "%(" in template else server.number))


def host_status(view_ctx: ViewContext, server: Server) -> View:
    """The state of the host's compute service, for callers who may see it (some only see UNKNOWN)."""
    status = _status_of_host(view_ctx, server)
    if view_ctx.perspective.host_status or (view_ctx.perspective.unknown_hosts and status == "UNKNOWN"):
        return {"host_status": status}
    return {}


def _status_of_host(view_ctx: ViewContext, server: Server) -> str:
    host = view_ctx.related.find_host_state(server)
    if host is None:
        return ""
    if host.forced_down:
        return "DOWN"
    if host.disabled:
        return "MAINTENANCE"
    return "UP" if host.up else "UNKNOWN"


def newer_attributes(view_ctx: ViewContext, server: Server) -> View:
    """Attributes that microversions have added to every representation of a server."""
    hints = {hint: value if isinstance(value, list) else [value] for hint, value in server.scheduler_hints.items()}
    added = (
        (9, "locked", server.locked_by is not None),
        (19, "description", server.description),
        (26, "tags", sorted(server.tags)),
        (63, "trusted_image_certificates", server.trusted_certs or None),
        (73, "locked_reason", server.locked_reason),
        (90, ATTRIBUTES + "hostname", server.hostname),
        (96, "pinned_availability_zone", server.pinned_availability_zone),
        (100, "scheduler_hints", hints),
    )
    return {name: value for since, name, value in added if view_ctx.perspective.minor >= since}
