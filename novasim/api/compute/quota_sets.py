"""/os-quota-sets: the quotas of a project and of its users. Source: nova/api/openstack/compute/quota_sets.py."""

from __future__ import annotations

import math
from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest
from novasim.records import Project
from novasim.simulation import quotas
from novasim.simulation.options import NETWORK_PROXY_QUOTAS, QUOTAS
from novasim.strutils import bool_from_string

RULE = "os_compute_api:os-quota-sets:"
NETWORK = tuple(NETWORK_PROXY_QUOTAS)
FILES = ("injected_file_content_bytes", "injected_file_path_bytes", "injected_files")  # until 2.56


def show(ctx: Context, project_id: str) -> dict[str, Any]:
    """GET /os-quota-sets/{project_id}?user_id=: the limits of a project or of one user in it. 400, 403."""
    _authorize(ctx, "show", project_id)
    return {"quota_set": {"id": project_id, **_limits(ctx, project_id, _user(ctx))}}


def detail(ctx: Context, project_id: str) -> dict[str, Any]:
    """GET /os-quota-sets/{project_id}/detail?user_id=: limits and usage. 400, 403."""
    _authorize(ctx, "detail", project_id)
    user_id = ctx.query("user_id") or None  # the last value; other requests use the first
    used = quotas.count_usage(ctx.world, project_id, user_id)
    figures = {
        name: {"in_use": used.get(name, 0), "limit": limit, "reserved": 0}
        for name, limit in _limits(ctx, project_id, user_id).items()
    }
    return {"quota_set": {"id": project_id, **figures}}


def defaults(ctx: Context, project_id: str) -> dict[str, Any]:
    """GET /os-quota-sets/{project_id}/defaults: the limits of a project without its own. 400, 403."""
    _authorize(ctx, "defaults", project_id)
    limits = quotas.get_class_limits(ctx.world)
    return {"quota_set": {"id": project_id, **{name: limits[name] for name in list_quota_names(ctx)}}}


def update(ctx: Context, project_id: str) -> dict[str, Any]:
    """
    PUT /os-quota-sets/{project_id}?user_id=: set limits of a project or of one user in it.

    Raises:
        BadRequest: without `force`, a limit below what is used or above what the project has left; an unknown
            project (400).
    """
    _authorize(ctx, "update", project_id)
    user_id = _user(ctx)
    body = dict(ctx.body["quota_set"])
    is_forced = bool_from_string(body.pop("force", False))
    limits = {name: int(value) for name, value in body.items() if value not in (None, "")}
    if not is_forced:
        used = quotas.count_usage(ctx.world, project_id, user_id)
        for name, limit in limits.items():
            _check_range(ctx, project_id, user_id, name, limit, used.get(name, 0))
    _store(ctx, project_id, user_id, limits)
    return {"quota_set": _limits(ctx, project_id, user_id)}


def delete(ctx: Context, project_id: str) -> Response:
    """DELETE /os-quota-sets/{project_id}?user_id=: back to the defaults, for all users or for one. 403."""
    ctx.can(RULE + "delete", {"project_id": project_id})
    project = ctx.world.tx.get(Project, project_id)
    if project is not None:
        user_id = _user(ctx)
        if user_id is None:
            project.quotas = {name: limit for name, limit in project.quotas.items() if name not in quotas.DEFAULTS}
            project.user_quotas = {}
        else:
            project.user_quotas.pop(user_id, None)
        ctx.world.tx.put(project)
    return Response(202)


def list_quota_names(ctx: Context, network_until: int = 35) -> list[str]:
    """The quotas that a response at this microversion has."""
    names = [name for name in QUOTAS if ctx.minor < 57 or name not in FILES]
    return names + list(NETWORK) if ctx.minor <= network_until else names


def _authorize(ctx: Context, verb: str, project_id: str) -> None:
    """
    Check the policy, and that the project exists.

    Nova asks Keystone with the caller's own token. To a caller who may not see projects Keystone answers 403, and Nova
    then takes any id. Source: nova/api/openstack/identity.py, verify_project_id.
    """
    ctx.can(RULE + verb, {"project_id": project_id})
    if ctx.caller.is_admin and ctx.world.tx.get(Project, project_id) is None:
        raise BadRequest(reason=f"Project ID {project_id} is not a valid project.")


def _user(ctx: Context) -> str | None:
    """The requested user: the first value of user_id, as in Nova."""
    return next(filter(None, ctx.queries("user_id")), None)


def _limits(ctx: Context, project_id: str, user_id: str | None) -> dict[str, int]:
    return {name: quotas.get_limit(ctx.world, project_id, name, user_id) for name in list_quota_names(ctx)}


def _check_range(ctx: Context, project_id: str, user_id: str | None, name: str, limit: int, used: int) -> None:
    least, most = (
        _project_range(ctx, project_id, name, used)
        if user_id is None
        else _user_range(ctx, project_id, user_id, name, used)
    )
    if _finite(limit) < _finite(least):
        raise BadRequest(
            reason=f"Quota limit {limit} for {name} must be greater than or equal to already used and reserved {least}."
        )
    if _finite(limit) > _finite(most):
        raise BadRequest(reason=f"Quota limit {limit} for {name} must be less than or equal to {most}.")


def _project_range(ctx: Context, project_id: str, name: str, used: int) -> tuple[int, int]:
    """The allowed range of a project's limit: at least its usage and the limits of its users."""
    user_limits = quotas.sum_user_limits(ctx.world, project_id, name)
    limit = quotas.get_limit(ctx.world, project_id, name)
    is_unlimited = limit <= quotas.UNLIMITED or limit - user_limits <= quotas.UNLIMITED
    return max(quotas.UNLIMITED if is_unlimited else user_limits, used), quotas.UNLIMITED


def _user_range(ctx: Context, project_id: str, user_id: str, name: str, used: int) -> tuple[int, int]:
    """The allowed range of a user's limit: at most the present limit plus what is unallocated in the project."""
    remaining = quotas.get_limit(ctx.world, project_id, name) - quotas.sum_user_limits(ctx.world, project_id, name)
    project = ctx.world.tx.get(Project, project_id)
    own = project.user_quotas.get(user_id, {}).get(name, 0) if project else 0
    is_unlimited = remaining <= quotas.UNLIMITED or own <= quotas.UNLIMITED
    return used, quotas.UNLIMITED if is_unlimited else remaining + own


def _finite(limit: int) -> float:
    return math.inf if limit == quotas.UNLIMITED else limit


def _store(ctx: Context, project_id: str, user_id: str | None, limits: dict[str, int]) -> None:
    project = ctx.world.tx.get(Project, project_id)
    if project is None:  # only with a custom policy: the caller cannot see the project
        return
    for name, limit in limits.items():
        if user_id is None or name in quotas.PER_PROJECT:
            project.quotas[name] = limit
        else:
            project.user_quotas.setdefault(user_id, {})[name] = limit
    ctx.world.tx.put(project)
