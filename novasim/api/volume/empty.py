"""
Resources of the volume service that no simulated cloud has: consistency groups and others.

Their lists are empty, and none can be found by id. Requests that create them are refused (501), see routes.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.errors import NotFound


class Kind(NamedTuple):
    """
    A kind of resource.

    Args:
        message: Cinder's message for an unknown id. key: the key of its list. since: first microversion 3.N.
        rule: The rule that only lets administrators list them; "" for everyone.
    """

    message: str
    key: str
    since: int = 0
    rule: str = ""
    has_detail: bool = True


KINDS = {  # by path
    "consistencygroups": Kind("ConsistencyGroup {} could not be found.", "consistencygroups"),
    "cgsnapshots": Kind("CgSnapshot {} could not be found.", "cgsnapshots"),
    "messages": Kind("Message {} could not be found.", "messages", 3, has_detail=False),
    "clusters": Kind("Cluster {} could not be found.", "clusters", 7, "clusters:get_all"),
    "default-types": Kind(
        "Default type for project {} was not found.",
        "default_types",
        62,
        "volume_extension:default_get_all",
        has_detail=False,
    ),
}
MANAGEABLE = {  # path: key of the list, first microversion
    "os-volume-manage": ("manageable-volumes", 0),
    "manageable_volumes": ("manageable-volumes", 8),
    "os-snapshot-manage": ("manageable-snapshots", 0),
    "manageable_snapshots": ("manageable-snapshots", 8),
}


def _kind(ctx: Context) -> Kind:
    return KINDS[ctx.request.path.split("/")[3]]


def index(ctx: Context, **_: str) -> dict[str, Any]:
    """GET of a list: it is empty. 403."""
    kind = _kind(ctx)
    if kind.rule:
        _require_admin(ctx, kind.rule)
    return {kind.key: []}


def refuse(ctx: Context, id: str, **_: str) -> None:
    """GET, PUT, DELETE or an action of one of them. 404."""
    raise NotFound(reason=_kind(ctx).message.format(id))


def list_manageable(ctx: Context, **_: str) -> dict[str, Any]:
    """GET of the volumes or snapshots of the backend that the service does not know. 403."""
    _require_admin(ctx, "volume_extension:list_manageable")
    return {MANAGEABLE[ctx.request.path.split("/")[3]][0]: []}


def _require_admin(ctx: Context, rule: str) -> None:
    require_admin(ctx, f"Policy doesn't allow {rule} to be performed.")
