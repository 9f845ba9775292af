"""/v2.0/extensions: which of the network service's optional parts are there."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import NotFound

ALIASES = {
    "external-net": "Neutron external network",
    "router": "Neutron L3 Router",
    "security-group": "security-group",
    "standard-attr-tag": "Tag support for resources with standard attribute",
    "standard-attr-description": "standard-attr-description",
    "standard-attr-timestamp": "Resource timestamps",
}


def index(ctx: Context) -> dict[str, Any]:
    """All of them."""
    return {"extensions": [_view(alias) for alias in ALIASES]}


def show(ctx: Context, alias: str) -> dict[str, Any]:
    """One of them."""
    if alias not in ALIASES:
        raise NotFound(reason=f"Extension with alias {alias} does not exist")
    return {"extension": _view(alias)}


def _view(alias: str) -> dict[str, Any]:
    return {
        "alias": alias,
        "name": ALIASES[alias],
        "description": ALIASES[alias],
        "links": [],
        "updated": "2015-01-01T10:00:00-00:00",
    }
