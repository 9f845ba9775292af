"""/resource_classes and /traits: the names that there are."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.placement.hosts import CLASSES, DISABLED, TRAITS, need, traits_of
from novasim.api.placement.queries import OTHER_CLASSES
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound, NotSimulated
from novasim.records import Host


def classes(ctx: Context) -> dict[str, Any]:
    """All resource classes; hosts have the first three."""
    need(ctx, "resource_classes:list")
    return {"resource_classes": [_class(name) for name in (*CLASSES, *OTHER_CLASSES)]}


def one_class(ctx: Context, name: str) -> dict[str, Any]:
    """One of them."""
    need(ctx, "resource_classes:show")
    if name not in CLASSES and name not in OTHER_CLASSES:
        raise NotFound(reason=f"No such resource class {name}.")
    return _class(name)


def _class(name: str) -> dict[str, Any]:
    return {"name": name, "links": [{"rel": "self", "href": f"/placement/resource_classes/{name}"}]}


def traits(ctx: Context) -> dict[str, Any]:
    """All traits, or those that the query asks for by name, or that hosts have."""
    need(ctx, "traits:list")
    names = sorted((*TRAITS, DISABLED))
    associated = (ctx.query("associated") or "false").lower()
    if associated not in ("true", "false"):  # Placement reads no other words
        raise BadRequest(reason='The query parameter "associated" only accepts "true" or "false"')
    if associated == "true":
        names = sorted({trait for host in ctx.world.tx.query(Host) for trait in traits_of(host)})
    return {"traits": [name for name in names if _named(name, ctx.query("name"))]}


def _named(name: str, wanted: str | None) -> bool:
    if wanted is None:
        return True
    how, _, what = wanted.partition(":")
    if how == "in":
        return name in what.split(",")
    if how != "startswith":
        raise BadRequest(
            reason="Badly formatted name parameter. Expected name query string parameter in form: "
            f'?name=[in|startswith]:[name1,name2|prefix]. Got: "{wanted}"'
        )
    return name.startswith(what)


def has_trait(ctx: Context, name: str) -> Response:
    """Whether there is such a trait."""
    need(ctx, "traits:show")
    if name not in (*TRAITS, DISABLED):
        raise NotFound(reason=f"No such trait(s): {name}.")
    return Response(204)


def refuse_to_write(ctx: Context, **_: str) -> Response:
    """Nothing is written here: the hosts and the servers on them are the source."""
    need(ctx, "write")
    raise NotSimulated(
        reason="Writing to placement is not simulated: it shows the hosts and what servers hold of them; change the "
        "hosts themselves with 'novasim host', and the servers."
    )
