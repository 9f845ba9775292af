"""Links in representations: where a thing is found with and without the version in the path."""

from __future__ import annotations

from novasim.api.context import Context

VERSION = "v2.1"


def links(ctx: Context, collection: str, id: str) -> list[dict[str, str]]:
    """The two links of a thing of the compute service: to itself, and the one that outlives versions."""
    return [
        {"rel": "self", "href": f"{ctx.request.endpoint}/{VERSION}/{collection}/{id}"},
        bookmark(ctx, collection, id),
    ]


def bookmark(ctx: Context, collection: str, id: str) -> dict[str, str]:
    """The link without a version; things of other services have only this one."""
    return {"rel": "bookmark", "href": f"{ctx.request.endpoint}/{collection}/{id}"}


def reference(ctx: Context, collection: str, id: str) -> dict[str, object]:
    """How one thing refers to another: its id and the link to it."""
    return {"id": id, "links": [bookmark(ctx, collection, id)]}
