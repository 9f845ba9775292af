"""
Representations of what is in a cell that cannot be reached: the little that is known outside of it.

Source: nova/api/openstack/compute/views/servers.py, basic and _show_from_down_cell; api-guide "Handling Down Cells".
"""

from __future__ import annotations

from collections.abc import Sequence

from novasim.api.context import Context
from novasim.api.views import server_parts as part
from novasim.api.views.links import links
from novasim.api.views.server_parts import View
from novasim.api.views.servers import view_context
from novasim.records import Server
from novasim.strutils import without_fraction

SINCE = 69  # the first microversion with such representations
UNKNOWN = "UNKNOWN"
NO_STATE = 0


def summary(ctx: Context, servers: Sequence[Server]) -> list[View]:
    """The servers of a list without details."""
    return [
        {"id": server.id, "status": UNKNOWN, "links": links(ctx.request.endpoint, "servers", server.id)}
        for server in servers
    ]


def detail(ctx: Context, servers: Sequence[Server]) -> list[View]:
    """The servers of a list with details. The security groups are those of the network service."""
    related = view_context(ctx, servers).related
    views = []
    for server in servers:
        names = related.list_group_names(server)
        groups = {"security_groups": [{"name": name} for name in names]} if names else {}
        views.append(_common(ctx, server) | groups)
    return views


def show_view(ctx: Context, server: Server) -> View:
    """A server, with the attributes of the request that created it."""
    view_ctx = view_context(ctx, [server])
    return {
        **_common(ctx, server),
        "image": part.image(view_ctx, server),
        "flavor": part.flavor(view_ctx, server),
        "OS-EXT-AZ:availability_zone": server.pinned_availability_zone or UNKNOWN,
        "OS-EXT-STS:power_state": NO_STATE,
        "user_id": server.user_id,
        **part.groups(ctx, server),
    }


def _common(ctx: Context, server: Server) -> View:
    return {
        "id": server.id,
        "status": UNKNOWN,
        "tenant_id": server.project_id,
        "created": without_fraction(server.created_at),
        "links": links(ctx.request.endpoint, "servers", server.id),
    }
