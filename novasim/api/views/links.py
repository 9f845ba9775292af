"""Links in representations, with and without the API version in the path."""

from __future__ import annotations

VERSION = "v2.1"


def links(endpoint: str, collection: str, id: str) -> list[dict[str, str]]:
    """The two links of a compute resource: with the API version, and the permanent one without it."""
    return [
        {"rel": "self", "href": f"{endpoint}/{VERSION}/{collection}/{id}"},
        bookmark(endpoint, collection, id),
    ]


def bookmark(endpoint: str, collection: str, id: str) -> dict[str, str]:
    """The link without the API version. Resources of other services have only this one."""
    return {"rel": "bookmark", "href": f"{endpoint}/{collection}/{id}"}


def reference(endpoint: str, collection: str, id: str) -> dict[str, object]:
    """A reference to a resource: its id and link."""
    return {"id": id, "links": [bookmark(endpoint, collection, id)]}
