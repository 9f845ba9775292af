"""
How servers are shown: which attributes, to whom, since which microversion.

All functions give what stands behind the key "server", or in the list behind "servers".

Source: the key sets and samples recorded per kind of answer, caller and microversion (views).
"""

from __future__ import annotations

from collections.abc import Sequence

from novasim.api.context import Context
from novasim.api.views import server_parts as part
from novasim.api.views.addresses import addresses_of
from novasim.api.views.links import links
from novasim.api.views.related import Related
from novasim.api.views.server_parts import ATTRIBUTES, Answer, Sight, View
from novasim.lifecycle.status import ADDRESSLESS_STATUSES, FAULT_STATUSES, PROGRESS_STATUSES, shown_status
from novasim.records import Server
from novasim.simulation.hosts.host_id import host_id

FULL_ANSWERS = 75  # from here on update and rebuild answer with all that show does
POLICY = "os_compute_api:"


def summary(ctx: Context, servers: Sequence[Server]) -> list[View]:
    """The servers of a list without details."""
    return [{"id": server.id, "name": server.name, "links": links(ctx, "servers", server.id)} for server in servers]


def detail(ctx: Context, servers: Sequence[Server]) -> list[View]:
    """The servers of a list with details: as in show, but without their server groups."""
    answer = _answer(ctx, servers)
    return [_full(answer, server) for server in servers]


def show_view(ctx: Context, server: Server) -> View:
    """One server in full."""
    answer = _answer(ctx, [server])
    return _full(answer, server) | part.groups(answer, server)


def updated_view(ctx: Context, server: Server) -> View:
    """The answer to an update: less than show before 2.75."""
    if ctx.minor >= FULL_ANSWERS:
        return show_view(ctx, server)
    answer = _answer(ctx, [server])
    return _common(answer, server, extended=False) | part.later(answer, server) | part.groups(answer, server)


def rebuilt_view(ctx: Context, server: Server, admin_pass: str | None) -> View:
    """
    The answer to a rebuild: that of an update, the new password and user data.

    Args:
        admin_pass: Shown this once; None where passwords are not returned.
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
    """The answer to a create. The security groups are those asked for, since ports come only later."""
    view = {
        "id": server.id,
        "links": links(ctx, "servers", server.id),
        "OS-DCF:diskConfig": server.disk_config,
        "security_groups": ctx.body["server"].get("security_groups", [{"name": "default"}]),
    }
    return view if admin_pass is None else view | {"adminPass": admin_pass}


def _answer(ctx: Context, servers: Sequence[Server]) -> Answer:
    sight = Sight(
        attributes=ctx.is_allowed(POLICY + "os-extended-server-attributes"),
        extra_specs=ctx.is_allowed(POLICY + "servers:show:flavor-extra-specs"),
        host_status=ctx.is_allowed(POLICY + "servers:show:host_status"),
        unknown_hosts=ctx.is_allowed(POLICY + "servers:show:host_status:unknown-only"),
    )
    return Answer(ctx, sight, Related(ctx.world.tx, servers))


def _full(answer: Answer, server: Server) -> View:
    """All that show and detail have in common."""
    view = _common(answer, server, extended=True) | _usage(server)
    if names := answer.related.group_names(server):
        view["security_groups"] = [{"name": name} for name in names]
    if answer.sight.attributes:
        view |= part.attributes(answer, server)
    view |= {f"OS-EXT-STS:{field}": getattr(server, field) for field in ("task_state", "vm_state", "power_state")}
    view["os-extended-volumes:volumes_attached"] = part.volumes(answer, server)
    if answer.ctx.minor >= 16:
        view |= part.host_status(answer, server)
    return view | part.later(answer, server)


def _common(answer: Answer, server: Server, extended: bool) -> View:
    """What also the short answers to update and rebuild have."""
    status = shown_status(server.vm_state, server.task_state)
    hidden = status in ADDRESSLESS_STATUSES
    view: View = {
        "accessIPv4": server.access_ip_v4 or "",
        "accessIPv6": server.access_ip_v6 or "",
        "addresses": {} if hidden else addresses_of(answer.related, server, extended),
        "created": _seconds(server.created_at),
        "flavor": part.flavor(answer, server),
        "hostId": host_id(server),
        "id": server.id,
        "image": part.image(answer, server),
        "links": links(answer.ctx, "servers", server.id),
        "metadata": dict(server.metadata),
        "name": server.name,
        "status": status,
        "tenant_id": server.project_id,
        "user_id": server.user_id,
        "updated": _seconds(server.updated_at),
        "OS-DCF:diskConfig": server.disk_config,
    }
    if server.fault and status in FAULT_STATUSES:
        view["fault"] = part.fault(answer, server.fault)
    if status in PROGRESS_STATUSES:
        view["progress"] = server.progress
    return view


def _usage(server: Server) -> View:
    return {
        "OS-EXT-AZ:availability_zone": server.availability_zone or "",
        "config_drive": server.config_drive,
        "key_name": server.key_name,
        "OS-SRV-USG:launched_at": _precise(server.launched_at),
        "OS-SRV-USG:terminated_at": _precise(server.terminated_at),
    }


def _seconds(time: str) -> str:
    """A record's time as `created` and `updated` show it: without a fraction."""
    return time[:19] + "Z"


def _precise(time: str | None) -> str | None:
    """A record's time as `launched_at` and `terminated_at` show it: without a zone."""
    return time and time.removesuffix("Z")
