"""/resource_classes and /traits."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.placement.hosts import check_policy
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound, NotSimulated
from novasim.records import Host
from novasim.simulation.scheduling.traits import HOST_CLASSES, OTHER_CLASSES, list_host_traits, list_standard_traits


def list_classes(ctx: Context) -> dict[str, Any]:
    """GET /resource_classes: all resource classes; hosts have the first three. 403."""
    check_policy(ctx, "resource_classes:list")
    return {"resource_classes": [_class(name) for name in (*HOST_CLASSES, *OTHER_CLASSES)]}


def show_class(ctx: Context, name: str) -> dict[str, Any]:
    """GET /resource_classes/{name}: one resource class. 403, 404."""
    check_policy(ctx, "resource_classes:show")
    if name not in HOST_CLASSES and name not in OTHER_CLASSES:
        raise NotFound(reason=f"No such resource class {name}.")
    return _class(name)


def _class(name: str) -> dict[str, Any]:
    return {"name": name, "links": [{"rel": "self", "href": f"/placement/resource_classes/{name}"}]}


def list_traits(ctx: Context) -> dict[str, Any]:
    """GET /traits: all traits; filters name and associated. 400, 403."""
    check_policy(ctx, "traits:list")
    names = sorted(list_standard_traits())
    associated = (ctx.query("associated") or "false").lower()
    if associated not in ("true", "false"):  # Placement accepts no other words
        raise BadRequest(reason='The query parameter "associated" only accepts "true" or "false"')
    if associated == "true":
        names = sorted({trait for host in ctx.world.tx.query(Host) for trait in list_host_traits(host)})
    return {"traits": [name for name in names if _matches_name(name, ctx.query("name"))]}


def _matches_name(name: str, expression: str | None) -> bool:
    if expression is None:
        return True
    operator, _, operand = expression.partition(":")
    if operator == "in":
        return name in operand.split(",")
    if operator != "startswith":
        raise BadRequest(
            reason="Badly formatted name parameter. Expected name query string parameter in form: "
            f'?name=[in|startswith]:[name1,name2|prefix]. Got: "{expression}"'
        )
    return name.startswith(operand)


def check_trait(ctx: Context, name: str) -> Response:
    """GET /traits/{name}: whether a trait exists. 403, 404."""
    check_policy(ctx, "traits:show")
    if name not in list_standard_traits():
        raise NotFound(reason=f"No such trait(s): {name}.")
    return Response(204)


def refuse_write(ctx: Context, **_: str) -> Response:
    """Refuse a request that writes (501): the hosts, and the servers on them, are the source of all data. 403."""
    check_policy(ctx, "write")
    raise NotSimulated(
        reason="Writing to placement is not simulated: its data follows from the hosts and servers. Change the hosts "
        "with 'novasim host', and the servers."
    )
