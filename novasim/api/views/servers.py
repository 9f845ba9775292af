"""
Representations of servers: which attributes, for whom, from which microversion.

The functions return the value of the key "server", or the list under "servers".

Source: the keys and values recorded from Nova for each kind of view, caller and microversion.
"""

from __future__ import annotations

from collections.abc import Sequence

from novasim.api.context import Context
from novasim.api.views import server_parts as part
from novasim.api.views.addresses import addresses_by_network
from novasim.api.views.links import links
from novasim.api.views.related import Related
from novasim.api.views.server_parts import ATTRIBUTES, Perspective, View, ViewContext
from novasim.lifecycle.status import ADDRESSLESS_STATUSES, FAULT_STATUSES, PROGRESS_STATUSES, status_of
from novasim.records import Server
from novasim.simulation.hosts.host_id import host_id
from novasim.strutils import without_fraction

FULL_RESPONSES_SINCE = 75  # the responses to update and rebuild are then those of show
POLICY = "os_compute_api:"


def summary(endpoint: str, server: Server) -> View:
    """A server in a list without details."""
    return {"id": server.id, "name": server.name, "links": links(endpoint, "servers", server.id)}


def show_view(ctx: Context, server: Server) -> View:
    """A server with all attributes."""
    view_ctx = view_context(ctx, [server])
    return list_entry(view_ctx, server) | part.groups(ctx, server)


def updated_view(ctx: Context, server: Server) -> View:
    """The server in the response to an update. Before 2.75 it has fewer attributes than in show."""
    if ctx.minor >= FULL_RESPONSES_SINCE:
        return show_view(ctx, server)
    view_ctx = view_context(ctx, [server])
    return (
        _common(view_ctx, server, extended=False) | part.newer_attributes(view_ctx, server) | part.groups(ctx, server)
    )


def rebuilt_view(ctx: Context, server: Server, admin_pass: str | None) -> View:
    """
    The server in the response to a rebuild: as after an update, with the new password and the user data.

    Args:
        admin_pass: The new password; None if the cloud does not return passwords.
    """
    view = updated_view(ctx, server)
    view.pop(ATTRIBUTES + "user_data", None)
    if ctx.minor >= 54:
        view["key_name"] = server.key_name
    if admin_pass is not None:
        view["adminPass"] = admin_pass
    if ctx.minor >= 57:
        view["user_data"] = server.user_data
    return view


def created_view(ctx: Context, server: Server, admin_pass: str | None) -> View:
    """The server in the response to a create. It has no ports yet, so the security groups are the requested ones."""
    view = {
        "id": server.id,
        "links": links(ctx.request.endpoint, "servers", server.id),
        "OS-DCF:diskConfig": server.disk_config,
        "security_groups": ctx.body["server"].get("security_groups", [{"name": "default"}]),
    }
    return view if admin_pass is None else view | {"adminPass": admin_pass}


def view_context(ctx: Context, servers: Sequence[Server]) -> ViewContext:
    """The perspective of the request, and the records that belong to the servers."""
    return ViewContext(perspective_of(ctx), Related(ctx.world.tx, servers))


def perspective_of(ctx: Context) -> Perspective:
    """The perspective of a request."""
    return Perspective(
        minor=ctx.minor,
        endpoint=ctx.request.endpoint,
        is_admin=ctx.caller.is_admin,
        attributes=ctx.is_allowed(POLICY + "os-extended-server-attributes"),
        extra_specs=ctx.is_allowed(POLICY + "servers:show:flavor-extra-specs"),
        host_status=ctx.is_allowed(POLICY + "servers:show:host_status"),
        unknown_hosts=ctx.is_allowed(POLICY + "servers:show:host_status:unknown-only"),
        instance_name_template=ctx.world.option("instance_name_template"),
    )


def list_entry(view_ctx: ViewContext, server: Server) -> View:
    """A server in a list with details: as in show, without server groups."""
    view = _common(view_ctx, server, extended=True) | _usage(server)
    if names := view_ctx.related.list_group_names(server):
        view["security_groups"] = [{"name": name} for name in names]
    if view_ctx.perspective.attributes:
        view |= part.attributes(view_ctx, server)
    view |= {f"OS-EXT-STS:{field}": getattr(server, field) for field in ("task_state", "vm_state", "power_state")}
    view["os-extended-volumes:volumes_attached"] = part.volumes(view_ctx, server)
    if view_ctx.perspective.minor >= 16:
        view |= part.host_status(view_ctx, server)
    return view | part.newer_attributes(view_ctx, server)


def _common(view_ctx: ViewContext, server: Server, extended: bool) -> View:
    """The attributes that the short responses to update and rebuild have, too."""
    status = status_of(server.vm_state, server.task_state)
    hides_addresses = status in ADDRESSLESS_STATUSES
    view: View = {
        "accessIPv4": server.access_ip_v4 or "",
        "accessIPv6": server.access_ip_v6 or "",
        "addresses": {} if hides_addresses else addresses_by_network(view_ctx.related, server, extended),
        "created": without_fraction(server.created_at),
        "flavor": part.flavor(view_ctx, server),
        "hostId": host_id(server.project_id, server.host),
        "id": server.id,
        "image": part.image(view_ctx, server),
        "links": links(view_ctx.perspective.endpoint, "servers", server.id),
        "metadata": dict(server.metadata),
        "name": server.name,
        "status": status,
        "tenant_id": server.project_id,
        "user_id": server.user_id,
        "updated": without_fraction(server.updated_at),
        "OS-DCF:diskConfig": server.disk_config,
    }
    if server.fault and status in FAULT_STATUSES:
        view["fault"] = part.fault(view_ctx, server.fault)
    if status in PROGRESS_STATUSES:
        view["progress"] = server.progress
    return view


def _usage(server: Server) -> View:
    return {
        "OS-EXT-AZ:availability_zone": server.availability_zone or "",
        "config_drive": server.config_drive,
        "key_name": server.key_name,
        "OS-SRV-USG:launched_at": _without_zone(server.launched_at),
        "OS-SRV-USG:terminated_at": _without_zone(server.terminated_at),
    }


def _without_zone(time: str | None) -> str | None:
    """A time for `launched_at` and `terminated_at`: without a zone."""
    return time and time.removesuffix("Z")
