"""/flavors/{flavor_id}/os-extra_specs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.api.compute.references import get_flavor
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.records import Flavor

RULE = "os_compute_api:os-flavor-extra-specs:"
MAX_LENGTH = 255


def index(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """GET /flavors/{flavor_id}/os-extra_specs: all extra specs. 403, 404."""
    ctx.can(RULE + "index")
    return {"extra_specs": get_flavor(ctx, flavor_id).extra_specs}


def show(ctx: Context, flavor_id: str, key: str) -> dict[str, Any]:
    """GET /flavors/{flavor_id}/os-extra_specs/{key}: one extra spec. 403, 404."""
    ctx.can(RULE + "show")
    return {key: _get_spec(get_flavor(ctx, flavor_id), key)}


def create(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """POST /flavors/{flavor_id}/os-extra_specs: add or change extra specs. 400, 403, 404."""
    ctx.can(RULE + "create", {})
    _check_specs(ctx, ctx.body["extra_specs"])
    flavor = get_flavor(ctx, flavor_id)
    flavor.extra_specs |= {name: str(value) for name, value in ctx.body["extra_specs"].items()}
    ctx.world.tx.put(flavor)
    return {"extra_specs": ctx.body["extra_specs"]}


def update(ctx: Context, flavor_id: str, key: str) -> dict[str, Any]:
    """PUT /flavors/{flavor_id}/os-extra_specs/{key}: set one extra spec. 400, 403, 404."""
    ctx.can(RULE + "update", {})
    _check_specs(ctx, ctx.body)
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


def _check_specs(ctx: Context, specs: Mapping[str, Any]) -> None:
    """Refuse (400) values of more than 255 characters and, from 2.86, extra specs that Nova rejects."""
    from novasim.api.compute.extra_specs.validation import check_extra_spec

    for name, value in specs.items():
        if len(text := str(value)) > MAX_LENGTH:
            raise BadRequest(reason=f"extra_specs value has {len(text)} characters, more than {MAX_LENGTH}.")
        if ctx.minor >= 86:
            check_extra_spec(name, text)


def _get_spec(flavor: Flavor, key: str) -> str:
    if key not in flavor.extra_specs:
        raise NotFound(reason=f"Flavor {flavor.id} has no extra specs with key {key}.")
    return flavor.extra_specs[key]
