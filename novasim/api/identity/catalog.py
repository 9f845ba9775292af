"""The catalog: which services there are, and where. Source: real-clients, section 1."""

from __future__ import annotations

import hashlib
from typing import Any

REGION = "RegionOne"
SERVICES = (
    ("identity", "keystone", "/identity"),
    ("compute", "nova", "/compute/v2.1"),
    ("image", "glance", "/image"),
    ("network", "neutron", "/network"),
    ("block-storage", "cinder", "/volume/v3/{project}"),
    ("volumev3", "cinderv3", "/volume/v3/{project}"),
    ("placement", "placement", "/placement"),
)
"""Type, name and path. Volumes have two types, because clients of different ages ask for different ones."""


def catalog(base: str, project_id: str) -> list[dict[str, Any]]:
    """
    What a token lists that is scoped to a project, or to something else: without what needs a project in its path.

    Args:
        base: The address of the server. project_id: "" for another scope.
    """
    return [
        _service(kind, name, base + path.format(project=project_id))
        for kind, name, path in SERVICES
        if project_id or "{project}" not in path
    ]


def _service(kind: str, name: str, url: str) -> dict[str, Any]:
    endpoints = [
        {"id": _id(f"{kind} {interface}"), "interface": interface, "region": REGION, "region_id": REGION, "url": url}
        for interface in ("public", "internal", "admin")
    ]
    return {"id": _id(kind), "type": kind, "name": name, "endpoints": endpoints}


def _id(name: str) -> str:
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
