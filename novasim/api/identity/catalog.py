"""The service catalog. Source: real-clients, section 1."""

from __future__ import annotations

import hashlib
from typing import Any

from novasim.api.routes import MOUNTS

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


def catalog(base: str, project_id: str) -> list[dict[str, Any]]:
    """
    The catalog of a token. Without a project, services with a project in their path are left out.

    Args:
        base: The URL of the server. project_id: "" for a token without project scope.
    """
    return [
        _service_view(kind, name, base + path.format(project=project_id))
        for kind, name, path in SERVICES
        if project_id or "{project}" not in path
    ]


def _service_view(kind: str, name: str, url: str) -> dict[str, Any]:
    endpoints = [
        {"id": _id(f"{kind} {interface}"), "interface": interface, "region": REGION, "region_id": REGION, "url": url}
        for interface in ("public", "internal", "admin")
    ]
    return {"id": _id(kind), "type": kind, "name": name, "endpoints": endpoints}


def _id(name: str) -> str:
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
