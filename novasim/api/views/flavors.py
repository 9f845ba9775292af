"""How a flavor is shown at each microversion."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.views.links import links
from novasim.records import Flavor


def flavor_view(ctx: Context, flavor: Flavor) -> dict[str, Any]:
    """
    All attributes of a flavor, without extra specs.

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
        "links": links(ctx, "flavors", flavor.id),
    }
    if ctx.minor < 102:
        view |= {"OS-FLV-DISABLED:disabled": flavor.disabled, "rxtx_factor": flavor.rxtx_factor}
    if ctx.minor >= 55:
        view["description"] = flavor.description
    return view


def flavor_with_specs(ctx: Context, flavor: Flavor) -> dict[str, Any]:
    """All attributes, extra specs too (from 2.61, for those who may read them)."""
    return {**flavor_view(ctx, flavor), "extra_specs": flavor.extra_specs}
