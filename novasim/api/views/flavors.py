"""Representations of flavors."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.views.links import links
from novasim.records import Flavor


def summary_view(ctx: Context, flavor: Flavor) -> dict[str, Any]:
    """Id, name and links, and the description from 2.55."""
    view: dict[str, Any] = {
        "id": flavor.id,
        "name": flavor.name,
        "links": links(ctx.request.endpoint, "flavors", flavor.id),
    }
    if ctx.minor >= 55:
        view["description"] = flavor.description
    return view


def full_view(ctx: Context, flavor: Flavor) -> dict[str, Any]:
    """
    All attributes of a flavor. Extra specs are included from 2.61, for callers who may read them.

    Source: api-ref 'Flavors'; microversions 2.55 (description), 2.75 (swap 0), 2.102 (no rxtx_factor, disabled).
    """
    view: dict[str, Any] = {
        "id": flavor.id,
        "name": flavor.name,
        "ram": flavor.ram,
        "disk": flavor.disk,
        "swap": flavor.swap if flavor.swap or ctx.minor >= 75 else "",
        "OS-FLV-EXT-DATA:ephemeral": flavor.ephemeral,
        "vcpus": flavor.vcpus,
        "os-flavor-access:is_public": flavor.is_public,
        "links": links(ctx.request.endpoint, "flavors", flavor.id),
    }
    if ctx.minor < 102:
        view |= {"OS-FLV-DISABLED:disabled": flavor.disabled, "rxtx_factor": flavor.rxtx_factor}
    if ctx.minor >= 55:
        view["description"] = flavor.description
    if ctx.minor >= 61 and ctx.is_allowed("os_compute_api:os-flavor-extra-specs:index"):
        view["extra_specs"] = flavor.extra_specs
    return view
