"""/flavors/{flavor_id}/os-flavor-access and /flavors/{flavor_id}/action: the projects that may use a private flavor."""

from __future__ import annotations

from typing import Any

from novasim.api import schemas
from novasim.api.compute import references
from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Flavor

RULE = "os_compute_api:os-flavor-access"


def index(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """GET /flavors/{flavor_id}/os-flavor-access: the projects that may use a private flavor. 403, 404."""
    ctx.can(RULE, {})
    flavor = references.get_flavor(ctx, flavor_id)
    if flavor.is_public:
        raise NotFound(reason="Access list not available for public flavors.")
    return _view(flavor)


def act(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """
    POST /flavors/{flavor_id}/action: addTenantAccess or removeTenantAccess. 400, 403, 404, 409.

    Raises:
        BadRequest: no such action, or no such project (400). NotFound: the project has no access to remove (404).
        Conflict: the project has access, or the flavor is public (409).
    """
    if not isinstance(ctx.body, dict) or len(ctx.body) != 1:
        raise BadRequest(reason="Malformed request body")
    (key,) = ctx.body
    if key not in ("addTenantAccess", "removeTenantAccess"):
        raise BadRequest(reason=f"There is no such action: {key}")
    verb = "add" if key == "addTenantAccess" else "remove"
    schemas.check_body(f"flavor_access.{verb}", ctx.minor, ctx.body)
    ctx.can(f"{RULE}:{verb}_tenant_access", {})
    project = references.get_project(ctx, ctx.body[key]["tenant"])
    flavor = references.get_flavor(ctx, flavor_id)
    change = _add_project if verb == "add" else _remove_project
    change(ctx, flavor, project.id)
    ctx.world.tx.put(flavor)
    return _view(flavor)


def _add_project(ctx: Context, flavor: Flavor, project_id: str) -> None:
    if flavor.is_public and ctx.minor >= 7:
        raise Conflict(reason="Can not add access to a public flavor.")
    if project_id in flavor.access:
        raise Conflict(
            reason=f"Flavor access already exists for flavor {flavor.id} and project {project_id} combination."
        )
    flavor.access = [*flavor.access, project_id]


def _remove_project(ctx: Context, flavor: Flavor, project_id: str) -> None:
    if project_id not in flavor.access:
        raise NotFound(reason=f"Flavor access not found for {flavor.id} / {project_id} combination.")
    flavor.access = [each for each in flavor.access if each != project_id]


def _view(flavor: Flavor) -> dict[str, Any]:
    return {"flavor_access": [{"flavor_id": flavor.id, "tenant_id": project} for project in flavor.access]}
