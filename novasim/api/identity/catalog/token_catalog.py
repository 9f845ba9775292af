"""The service catalog, with the service types that keystoneauth looks for."""

from __future__ import annotations

import hashlib
from typing import Any

from novasim.api.routes import MOUNTS
from novasim.records import CatalogService, Endpoint
from novasim.simulation.world import World

View = dict[str, Any]

URL_FIELDS = ("tenant_id", "project_id", "user_id", "compute_host", "public_endpoint")
"""What the placeholders in the URL of an endpoint can name. Source: keystone/common/utils.py WHITELISTED_PROPERTIES."""

REGION = "RegionOne"
SERVICES = (
    ("identity", "keystone", MOUNTS["identity"]),
    ("compute", "nova", MOUNTS["compute"]),
    ("image", "glance", MOUNTS["image"]),
    ("network", "neutron", MOUNTS["network"]),
    ("block-storage", "cinder", MOUNTS["volume"] + "/v3/{project}"),
    ("volumev3", "cinderv3", MOUNTS["volume"] + "/v3/{project}"),
    ("placement", "placement", MOUNTS["placement"]),
)
"""Type, name and path. The volume service has two types: old and new clients use different ones."""


def catalog(world: World, base: str, project_id: str, user_id: str = "") -> list[View]:
    """
    The catalog of a token. Without a project, endpoints with a project in their URL are left out.

    Args:
        base: The URL of the server. project_id: "" for a token without project scope. user_id: That of the token.
    """
    own = [
        _service_view(kind, name, base + path.format(project=project_id))
        for kind, name, path in SERVICES
        if project_id or "{project}" not in path
    ]
    return own + _list_added(world, project_id, user_id)


def _service_view(kind: str, name: str, url: str) -> View:
    endpoints = [
        {"id": _id(f"{kind} {interface}"), "interface": interface, "region": REGION, "region_id": REGION, "url": url}
        for interface in ("public", "internal", "admin")
    ]
    return {"id": _id(kind), "type": kind, "name": name, "endpoints": endpoints}


def _list_added(world: World, project_id: str, user_id: str) -> list[View]:
    """The enabled services that administrators have added, with their enabled endpoints."""
    endpoints = [each for each in world.tx.query(Endpoint) if each.enabled]
    return [
        {
            "id": service.id,
            "type": service.type,
            "name": service.name,
            "endpoints": [
                view
                for each in endpoints
                if each.service_id == service.id and (view := _endpoint_view(each, project_id, user_id))
            ],
        }
        for service in world.tx.query(CatalogService)
        if service.enabled
    ]


def _endpoint_view(endpoint: Endpoint, project_id: str, user_id: str) -> View | None:
    """
    An endpoint with project and user in its URL.

    Returns:
        None if the URL needs a project and the token has no project, or a value of Keystone's settings.

    Source: keystone/common/utils.py format_url.
    """
    fields = {"user_id": user_id} | ({"tenant_id": project_id, "project_id": project_id} if project_id else {})
    url, region = format_url(endpoint.url, fields), endpoint.region_id
    if url is None:
        return None
    return {"id": endpoint.id, "interface": endpoint.interface, "region": region, "region_id": region, "url": url}


def format_url(url: str, fields: dict[str, str]) -> str | None:
    """The URL of an endpoint with values in place of its placeholders; None if one is invalid, or not in *fields*."""
    try:
        return url.replace("$(", "%(") % fields
    except (KeyError, TypeError, ValueError):
        return None


def _id(name: str) -> str:
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
