"""
The version documents as keystoneauth reads them. Links lead back to the address that the client used.

Source: real-clients, section 1.
"""

from __future__ import annotations

from typing import Any

from novasim.api import microversions
from novasim.api.context import Context
from novasim.api.request import Response

Document = dict[str, Any]

NEWEST_COMPUTE = f"2.{microversions.NEWEST}"
SERVICES = ("identity", "compute/v2.1", "image", "network", "volume/v3", "placement")


def root(ctx: Context) -> Response:
    """Where the services are."""
    return Response(300, {"choices": [{"id": each, "links": [_self(ctx, f"{each}/")]} for each in SERVICES]})


def openapi(ctx: Context) -> Document:
    """What all services answer, as OpenAPI describes it."""
    from novasim.api.openapi import document

    return {**document(), "servers": [{"url": ctx.request.endpoint}]}


def choices(ctx: Context) -> Response:
    """A path that leads to no service: the same below each version of the compute API, as Nova answers."""
    path = ctx.request.path.removeprefix("/compute").lstrip("/")
    found = [
        {
            "id": version["id"],
            "status": version["status"],
            "links": [_self(ctx, f"{place}/{path}")],
            "media-types": _media_types("compute", number),
        }
        for version, place, number in ((_legacy(ctx), "compute/v2", "2"), (_compute(ctx), "compute/v2.1", "2.1"))
    ]
    return Response(300, {"choices": found})


def identity_versions(ctx: Context) -> Response:
    """The one version of identity."""
    return Response(300, {"versions": {"values": [_identity(ctx)]}})


def identity_version(ctx: Context) -> Document:
    """The document of /identity/v3."""
    return {"version": _identity(ctx)}


def _identity(ctx: Context) -> Document:
    return {
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [_self(ctx, "identity/v3/")],
        "media-types": _media_types("identity", "v3"),
    }


def compute_versions(ctx: Context) -> Document:
    """Both versions of compute."""
    return {"versions": [_legacy(ctx), _compute(ctx)]}


def compute_version(ctx: Context) -> Document:
    """The document of /compute/v2.1."""
    return {"version": _in_full(_compute(ctx), "2.1")}


def compute_legacy_version(ctx: Context) -> Document:
    """The document of /compute/v2."""
    return {"version": _in_full(_legacy(ctx), "2")}


def _in_full(version: Document, number: str) -> Document:
    """What one version's own document has beyond its entry in the list."""
    about = {"rel": "describedby", "type": "text/html", "href": "http://docs.openstack.org/"}
    return version | {"links": [*version["links"], about], "media-types": _media_types("compute", number)}


def _compute(ctx: Context) -> Document:
    return {
        "id": "v2.1",
        "status": "CURRENT",
        "version": NEWEST_COMPUTE,
        "min_version": f"2.{microversions.OLDEST}",
        "updated": "2013-07-23T11:33:21Z",
        "links": [_self(ctx, "compute/v2.1/")],
    }


def _legacy(ctx: Context) -> Document:
    return {
        "id": "v2.0",
        "status": "DEPRECATED",
        "version": "",
        "min_version": "",
        "updated": "2025-07-04T12:00:00Z",
        "links": [_self(ctx, "compute/v2/")],
    }


def image_versions(ctx: Context) -> Response:
    """The versions of image, at its root."""
    return Response(300, image_versions_found(ctx))


def image_versions_found(ctx: Context) -> Document:
    """The same, asked for by name."""
    minors = [16, *range(9, -1, -1)]
    links = [_self(ctx, "image/v2/")]
    return {
        "versions": [
            {"id": f"v2.{minor}", "status": "CURRENT" if minor == minors[0] else "SUPPORTED", "links": links}
            for minor in minors
        ]
    }


def network_versions(ctx: Context) -> Document:
    """The one version of network."""
    return {"versions": [{"id": "v2.0", "status": "CURRENT", "links": [_self(ctx, "network/v2.0/")]}]}


def network_resources(ctx: Context) -> Document:
    """What collections there are; not a version document."""
    names = ("network", "subnet", "port", "router", "floatingip", "security-group", "security-group-rule")
    return {
        "resources": [
            {"name": name, "collection": f"{name}s", "links": [_self(ctx, f"network/v2.0/{name}s")]} for name in names
        ]
    }


def volume_versions(ctx: Context) -> Response:
    """The one version of volume, at its root."""
    return Response(300, volume_versions_found(ctx))


def volume_versions_found(ctx: Context) -> Document:
    """The same, at /volume/v3."""
    version = {
        "id": "v3.0",
        "status": "CURRENT",
        "version": "3.71",
        "min_version": "3.0",
        "updated": "2023-08-31T00:00:00Z",
        "links": [_self(ctx, "volume/v3/")],
        "media-types": _media_types("volume", "3"),
    }
    return {"versions": [version]}


def placement_versions(_: Context) -> Document:
    """The one version of placement."""
    links = [{"rel": "self", "href": ""}]
    version = {"id": "v1.0", "status": "CURRENT", "min_version": "1.0", "max_version": "1.39", "links": links}
    return {"versions": [version]}


def _self(ctx: Context, path: str) -> dict[str, str]:
    return {"rel": "self", "href": f"{ctx.request.endpoint}/{path}"}


def _media_types(service: str, number: str) -> list[dict[str, str]]:
    return [{"base": "application/json", "type": f"application/vnd.openstack.{service}+json;version={number}"}]
