"""
The version documents that keystoneauth reads. Links contain the address that the client used.

Source: keystoneauth1/discover.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.lifecycle.microversions import OLDEST, RANGES

Document = dict[str, Any]

NEWEST_COMPUTE, NEWEST_PLACEMENT, NEWEST_VOLUME = (
    f"{RANGES[service][0]}.{RANGES[service][2]}" for service in ("compute", "placement", "volume")
)
SERVICES = ("identity", "compute/v2.1", "image", "network", "volume/v3", "placement")


def list_services(ctx: Context) -> Response:
    """GET /: the services. 300."""
    return Response(300, {"choices": [{"id": each, "links": [_self_link(ctx, f"{each}/")]} for each in SERVICES]})


def show_openapi(ctx: Context) -> Document:
    """GET /openapi.json: the OpenAPI description of all services."""
    from novasim.api.openapi import document

    return {**document(), "servers": [{"url": ctx.request.endpoint}]}


def choose_compute_version(ctx: Context) -> Response:
    """Any unknown path below /compute: the same path in each API version, as Nova answers. 300."""
    path = ctx.request.path.removeprefix("/compute").lstrip("/")
    versions = [
        {
            "id": version["id"],
            "status": version["status"],
            "links": [_self_link(ctx, f"{prefix}/{path}")],
            "media-types": _media_types("compute", number),
        }
        for version, prefix, number in (
            (_legacy_view(ctx), "compute/v2", "2"),
            (_compute_view(ctx), "compute/v2.1", "2.1"),
        )
    ]
    return Response(300, {"choices": versions})


def list_identity_versions(ctx: Context) -> Response:
    """GET /identity: the only version. 300."""
    return Response(300, {"versions": {"values": [_identity_view(ctx)]}})


def show_identity_version(ctx: Context) -> Document:
    """GET /identity/v3: the version document."""
    return {"version": _identity_view(ctx)}


def _identity_view(ctx: Context) -> Document:
    return {
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [_self_link(ctx, "identity/v3/")],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    }


def list_compute_versions(ctx: Context) -> Document:
    """GET /compute: both versions."""
    return {"versions": [_legacy_view(ctx), _compute_view(ctx)]}


def show_compute_version(ctx: Context) -> Document:
    """GET /compute/v2.1: the version document."""
    return {"version": _full_view(_compute_view(ctx), "2.1")}


def show_legacy_compute_version(ctx: Context) -> Document:
    """GET /compute/v2: the version document."""
    return {"version": _full_view(_legacy_view(ctx), "2")}


def _full_view(version: Document, number: str) -> Document:
    """A version as its own document shows it, with more than in the list."""
    about = {"rel": "describedby", "type": "text/html", "href": "http://docs.openstack.org/"}
    return version | {"links": [*version["links"], about], "media-types": _media_types("compute", number)}


def _compute_view(ctx: Context) -> Document:
    return {
        "id": "v2.1",
        "status": "CURRENT",
        "version": NEWEST_COMPUTE,
        "min_version": f"2.{OLDEST}",
        "updated": "2013-07-23T11:33:21Z",
        "links": [_self_link(ctx, "compute/v2.1/")],
    }


def _legacy_view(ctx: Context) -> Document:
    return {
        "id": "v2.0",
        "status": "DEPRECATED",
        "version": "",
        "min_version": "",
        "updated": "2025-07-04T12:00:00Z",
        "links": [_self_link(ctx, "compute/v2/")],
    }


def choose_image_version(ctx: Context) -> Response:
    """GET /image: the versions. 300."""
    return Response(300, list_image_versions(ctx))


def list_image_versions(ctx: Context) -> Document:
    """GET /image/versions: the versions. 200."""
    minors = [16, *range(9, -1, -1)]
    links = [_self_link(ctx, "image/v2/")]
    return {
        "versions": [
            {"id": f"v2.{minor}", "status": "CURRENT" if minor == minors[0] else "SUPPORTED", "links": links}
            for minor in minors
        ]
    }


def list_network_versions(ctx: Context) -> Document:
    """GET /network: the only version."""
    return {"versions": [{"id": "v2.0", "status": "CURRENT", "links": [_self_link(ctx, "network/v2.0/")]}]}


def list_network_collections(ctx: Context) -> Document:
    """GET /network/v2.0: the collections. This is not a version document."""
    names = ("network", "subnet", "port", "router", "floatingip", "security-group", "security-group-rule")
    return {
        "resources": [
            {"name": name, "collection": f"{name}s", "links": [_self_link(ctx, f"network/v2.0/{name}s")]}
            for name in names
        ]
    }


def choose_volume_version(ctx: Context) -> Response:
    """GET /volume: the only version. 300."""
    return Response(300, list_volume_versions(ctx))


def list_volume_versions(ctx: Context) -> Document:
    """GET /volume/v3: the only version. 200."""
    version = {
        "id": "v3.0",
        "status": "CURRENT",
        "version": NEWEST_VOLUME,
        "min_version": "3.0",
        "updated": "2023-08-31T00:00:00Z",
        "links": [_self_link(ctx, "volume/v3/")],
        "media-types": _media_types("volume", "3"),
    }
    return {"versions": [version]}


def list_placement_versions(_: Context) -> Document:
    """GET /placement: the only version."""
    links = [{"rel": "self", "href": ""}]
    version = {"id": "v1.0", "status": "CURRENT", "min_version": "1.0", "max_version": NEWEST_PLACEMENT, "links": links}
    return {"versions": [version]}


def _self_link(ctx: Context, path: str) -> dict[str, str]:
    return {"rel": "self", "href": f"{ctx.request.endpoint}/{path}"}


def _media_types(service: str, number: str) -> list[dict[str, str]]:
    return [{"base": "application/json", "type": f"application/vnd.openstack.{service}+json;version={number}"}]
