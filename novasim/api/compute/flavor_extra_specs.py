"""/flavors/{flavor_id}/os-extra_specs."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.references import get_flavor
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.records import Flavor

RULE = "os_compute_api:os-flavor-extra-specs:"


def index(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """GET /flavors/{flavor_id}/os-extra_specs: all extra specs. 403, 404."""
    ctx.can(RULE + "index")
    return {"extra_specs": get_flavor(ctx, flavor_id).extra_specs}


def show(ctx: Context, flavor_id: str, key: str) -> dict[str, Any]:
    """GET /flavors/{flavor_id}/os-extra_specs/{key}: one extra spec. 403, 404."""
    ctx.can(RULE + "show")
    return {key: _get_spec(get_flavor(ctx, flavor_id), key)}


def create(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """POST /flavors/{flavor_id}/os-extra_specs: add or change extra specs. 403, 404."""
    ctx.can(RULE + "create", {})
    flavor = get_flavor(ctx, flavor_id)
    flavor.extra_specs |= {name: str(value) for name, value in ctx.body["extra_specs"].items()}
    ctx.world.tx.put(flavor)
    return {"extra_specs": ctx.body["extra_specs"]}


def update(ctx: Context, flavor_id: str, key: str) -> dict[str, Any]:
    """PUT /flavors/{flavor_id}/os-extra_specs/{key}: set one extra spec. 400, 403, 404."""
    ctx.can(RULE + "update", {})
    if key not in ctx.body:
        raise BadRequest(reason="Request body and URI mismatch")
    flavor = get_flavor(ctx, flavor_id)
    flavor.extra_specs[key] = str(ctx.body[key])
    ctx.world.tx.put(flavor)
    return dict(ctx.body)


def delete(ctx: Context, flavor_id: str, key: str) -> Response:
    """DELETE /flavors/{flavor_id}/os-extra_specs/{key}: remove one extra spec. 403, 404."""
    ctx.can(RULE + "delete", {})
    flavor = get_flavor(ctx, flavor_id)
    _get_spec(flavor, key)
    del flavor.extra_specs[key]
    ctx.world.tx.put(flavor)
    return Response(200)


def _get_spec(flavor: Flavor, key: str) -> str:
    if key not in flavor.extra_specs:
        raise NotFound(reason=f"Flavor {flavor.id} has no extra specs with key {key}.")
    return flavor.extra_specs[key]
