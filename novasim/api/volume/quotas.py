"""/v3/{project}/limits, os-quota-sets and os-quota-class-sets: limits of a project for volumes, gigabytes, ..."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.schemas.validator import first_error
from novasim.api.schemas.volume import LIMIT
from novasim.api.volume.lookup import read_flag
from novasim.errors import BadRequest
from novasim.simulation.volume_quotas import QUOTAS, find_usage

OF_OTHERS = 39  # a microversion 3.N
MAX_ID = 255  # characters
NOT_QUOTAS = ("tenant_id", "id")  # keys of a body that Cinder ignores


def show_limits(ctx: Context, project: str) -> dict[str, Any]:
    """
    GET /v3/{project}/limits: the limits and usage of a project in one flat object.

    From 3.39 on, administrators can name another project. Source: cinder/api/v3/limits.py.
    """
    can_name = ctx.caller.is_admin and ctx.minor >= OF_OTHERS
    named = ctx.query("project_id") or ctx.query("tenant_id") if can_name else None
    target = named or ctx.caller.project_id
    limits, usage = QUOTAS.find_limits(ctx.world, target), find_usage(ctx.world, target)
    absolute = {
        "maxTotalVolumes": limits["volumes"],
        "maxTotalSnapshots": limits["snapshots"],
        "maxTotalVolumeGigabytes": limits["gigabytes"],
        "maxTotalBackups": limits["backups"],
        "maxTotalBackupGigabytes": limits["backup_gigabytes"],
        "totalVolumesUsed": usage["volumes"],
        "totalSnapshotsUsed": usage["snapshots"],
        "totalGigabytesUsed": usage["gigabytes"],
        "totalBackupsUsed": usage["backups"],
        "totalBackupGigabytesUsed": usage["backup_gigabytes"],
    }
    return {"limits": {"rate": [], "absolute": absolute}}


def show(ctx: Context, project: str, target: str) -> dict[str, Any]:
    """GET /v3/{project}/os-quota-sets/{target}: the limits of a project; usage=True adds its usage. 400, 403."""
    if target != ctx.caller.project_id:
        _require_admin(ctx, "show")
    limits, usage = QUOTAS.find_limits(ctx.world, target), find_usage(ctx.world, target)
    if not read_flag(ctx, "usage"):
        return {"quota_set": {"id": target, **limits}}
    details = {name: {"limit": limit, "in_use": usage.get(name, 0), "reserved": 0} for name, limit in limits.items()}
    return {"quota_set": {"id": target, **details}}


def show_defaults(ctx: Context, project: str, target: str) -> dict[str, Any]:
    """GET /v3/{project}/os-quota-sets/{target}/defaults: the default limits. 403."""
    if target != ctx.caller.project_id:
        _require_admin(ctx, "show")
    return {"quota_set": {"id": target, **QUOTAS.find_defaults(ctx.world)}}


def show_class(ctx: Context, project: str, name: str) -> dict[str, Any]:
    """GET /v3/{project}/os-quota-class-sets/{name}: the limits of a class. 403."""
    require_admin(ctx, "Policy doesn't allow volume_extension:quota_classes:get to be performed.")
    return {"quota_class_set": {"id": name, **QUOTAS.find_defaults(ctx.world, name)}}


def update_class(ctx: Context, project: str, name: str) -> dict[str, Any]:
    """PUT /v3/{project}/os-quota-class-sets/{name}: set limits; those of `default` apply to all projects. 400, 403."""
    require_admin(ctx, "Policy doesn't allow volume_extension:quota_classes:update to be performed.")
    limits = _read_limits(ctx, ctx.body["quota_class_set"], "quota class set")
    QUOTAS.set_class_limits(ctx.world, name, limits)
    return {"quota_class_set": QUOTAS.find_defaults(ctx.world, name)}


def update(ctx: Context, project: str, target: str) -> dict[str, Any]:
    """
    PUT /v3/{project}/os-quota-sets/{target}: set limits. 400, 403.

    As in Cinder, only a limit that replaces one of the project's own is compared with the usage, and any id is
    accepted, whether or not a project has it.
    """
    _require_admin(ctx, "update")
    if len(target) > MAX_ID:
        raise BadRequest(reason=f"quota_set_name has {len(target)} characters, more than {MAX_ID}.")
    body = {name: limit for name, limit in ctx.body["quota_set"].items() if name not in NOT_QUOTAS}
    limits, usage = _read_limits(ctx, body, "quota set"), find_usage(ctx.world, target)
    for name, limit in limits.items():
        if QUOTAS.has_own_limit(ctx.world, target, name) and -1 < limit < usage.get(name, 0):
            raise BadRequest(
                reason=f"Quota {name} limit must be equal or greater than existing resources. Current usage is "
                f"{usage[name]} and the requested limit is {limit}."
            )
    QUOTAS.set_limits(ctx.world, target, limits)
    return {"quota_set": QUOTAS.find_limits(ctx.world, target)}


def _read_limits(ctx: Context, body: dict[str, Any], words: str) -> dict[str, int]:
    """
    The limits in a body.

    Raises:
        BadRequest: a resource does not exist, or a limit is not a number from -1 on (400).
    """
    known = QUOTAS.find_defaults(ctx.world)
    if unknown := [name for name in body if name not in known]:
        raise BadRequest(reason=f"Invalid input received: Bad key(s) in {words}: {', '.join(unknown)}")
    for name, limit in body.items():
        if first_error(LIMIT, limit):
            raise BadRequest(reason=f"Invalid input received: {name} must be an integer")
    return {name: int(limit) for name, limit in body.items()}


def delete(ctx: Context, project: str, target: str) -> None:
    """DELETE /v3/{project}/os-quota-sets/{target}: reset the limits to the defaults. 403."""
    _require_admin(ctx, "delete")
    QUOTAS.reset(ctx.world, target)


def _require_admin(ctx: Context, verb: str) -> None:
    require_admin(ctx, f"Policy doesn't allow volume_extension:quotas:{verb} to be performed.")
