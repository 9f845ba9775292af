"""/os-quota-class-sets: named sets of limits. Source: nova/api/openstack/compute/quota_classes.py."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.quota_sets import list_quota_names
from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.simulation import quotas

RULE = "os_compute_api:os-quota-class-sets:"
MAX_NAME = 255


def show(ctx: Context, class_name: str) -> dict[str, Any]:
    """GET /os-quota-class-sets/{name}: the limits of a class; an unknown one has Nova's defaults. 403."""
    ctx.can(RULE + "show", {})
    return {"quota_class_set": {"id": class_name, **_limits(ctx, class_name)}}


def update(ctx: Context, class_name: str) -> dict[str, Any]:
    """PUT /os-quota-class-sets/{name}: set limits; those of `default` apply to all projects. 400, 403."""
    ctx.can(RULE + "update", {})
    if len(class_name) > MAX_NAME:
        raise BadRequest(reason=f"quota_class_name has {len(class_name)} characters, more than {MAX_NAME}.")
    classes = ctx.world.settings.quota_classes
    limits = {name: int(value) for name, value in ctx.body["quota_class_set"].items()}
    classes[class_name] = {**classes.get(class_name, {}), **limits}
    ctx.world.tx.put(ctx.world.settings)
    return {"quota_class_set": _limits(ctx, class_name)}


def _limits(ctx: Context, class_name: str) -> dict[str, int]:
    limits = quotas.get_class_limits(ctx.world, class_name)
    names = list_quota_names(ctx, network_until=49)
    return {name: limits[name] for name in names if ctx.minor >= 50 or not name.startswith("server_group")}
