"""/flavors: sizes of servers, who may use them, and their extra specs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from novasim.api.compute import references
from novasim.api.compute.paging import limit_asked, marker_asked, next_links
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.schemas import drop_unknown_parameters
from novasim.api.views.flavors import flavor_view, flavor_with_specs
from novasim.api.views.links import links
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Flavor
from novasim.strutils import bool_from_string

MANAGE = "os_compute_api:os-flavor-manage:"
ACCESS = "os_compute_api:os-flavor-access"
SPECS = "os_compute_api:os-flavor-extra-specs:"
SORT_FIELDS = {
    "flavorid": "id",
    "memory_mb": "ram",
    "root_gb": "disk",
    "ephemeral_gb": "ephemeral",
    "id": "number",
    "created_at": "number",
    "updated_at": "number",
}


def index(ctx: Context) -> dict[str, Any]:
    """Ids and names (and descriptions from 2.55)."""
    return _listed(ctx, "flavors.list", "flavors", lambda flavor: _short_view(ctx, flavor))


def detail(ctx: Context) -> dict[str, Any]:
    """All attributes."""
    with_specs = ctx.minor >= 61 and ctx.is_allowed(SPECS + "index")
    return _listed(
        ctx,
        "flavors.detail",
        "flavors/detail",
        lambda flavor: flavor_with_specs(ctx, flavor) if with_specs else flavor_view(ctx, flavor),
    )


def show(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """One flavor."""
    flavor = get_flavor(ctx, flavor_id)
    with_specs = ctx.minor >= 61 and ctx.is_allowed(SPECS + "index")
    return {"flavor": flavor_with_specs(ctx, flavor) if with_specs else flavor_view(ctx, flavor)}


def create(ctx: Context) -> dict[str, Any]:
    """
    A new flavor; without an id it gets a UUID.

    Raises:
        Conflict: name or id is taken (409).
    """
    ctx.can(MANAGE + "create", {})
    asked = ctx.body["flavor"]
    flavor = Flavor(
        id=str(asked.get("id") or ctx.world.ids.uuid()).strip(),
        name=asked["name"].strip(),
        vcpus=int(asked["vcpus"]),
        ram=int(asked["ram"]),
        disk=int(asked["disk"]),
        ephemeral=int(asked.get("OS-FLV-EXT-DATA:ephemeral", 0)),
        swap=int(asked.get("swap", 0)),
        rxtx_factor=float(asked.get("rxtx_factor", 1.0)),
        description=asked.get("description"),
        is_public=bool_from_string(asked.get("os-flavor-access:is_public", True)),
        number=_next_number(ctx),
    )
    _check_free(ctx, flavor)
    ctx.world.tx.put(flavor)
    with_specs = ctx.minor >= 61 and ctx.is_allowed(SPECS + "index")
    return {"flavor": flavor_with_specs(ctx, flavor) if with_specs else flavor_view(ctx, flavor)}


def update(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """Only the description can change (from 2.55)."""
    ctx.can(MANAGE + "update", {})
    flavor = get_flavor(ctx, flavor_id)
    flavor.description = ctx.body["flavor"]["description"]
    ctx.world.tx.put(flavor)
    with_specs = ctx.minor >= 61 and ctx.is_allowed(SPECS + "index")
    return {"flavor": flavor_with_specs(ctx, flavor) if with_specs else flavor_view(ctx, flavor)}


def delete(ctx: Context, flavor_id: str) -> Response:
    """Remove a flavor; servers keep what they remember of it."""
    ctx.can(MANAGE + "delete", {})
    ctx.world.tx.delete(get_flavor(ctx, flavor_id))
    return Response(202)


def get_flavor(ctx: Context, flavor_id: str) -> Flavor:
    """A flavor that the caller may see (404 otherwise)."""
    flavor = references.find_flavor(ctx, flavor_id)
    if flavor is None:
        raise NotFound(reason=f"Flavor {flavor_id} could not be found.")
    return flavor


def access_index(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """The projects that may use a private flavor."""
    ctx.can(ACCESS, {})
    flavor = get_flavor(ctx, flavor_id)
    if flavor.is_public:
        raise NotFound(reason="Access list not available for public flavors.")
    return _access_view(flavor)


def act(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """Give a private flavor to a project, or take it away."""
    from novasim.api import schemas

    if not isinstance(ctx.body, dict) or len(ctx.body) != 1:
        raise BadRequest(reason="Malformed request body")
    key = next(iter(ctx.body))
    if key not in ("addTenantAccess", "removeTenantAccess"):
        raise BadRequest(reason=f"There is no such action: {key}")
    adds = key == "addTenantAccess"
    schemas.check_body("flavor_access.add" if adds else "flavor_access.remove", ctx.minor, ctx.body)
    ctx.can(f"{ACCESS}:{'add' if adds else 'remove'}_tenant_access", {})
    project = references.get_project(ctx, ctx.body[key]["tenant"])
    flavor = get_flavor(ctx, flavor_id)
    _change_access(ctx, flavor, project.id, adds)
    ctx.world.tx.put(flavor)
    return _access_view(flavor)


def specs_index(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """All extra specs."""
    ctx.can(SPECS + "index")
    return {"extra_specs": get_flavor(ctx, flavor_id).extra_specs}


def specs_show(ctx: Context, flavor_id: str, key: str) -> dict[str, Any]:
    """One extra spec."""
    ctx.can(SPECS + "show")
    return {key: _spec(get_flavor(ctx, flavor_id), key)}


def specs_create(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """Add extra specs, or change those that are there."""
    ctx.can(SPECS + "create", {})
    flavor = get_flavor(ctx, flavor_id)
    flavor.extra_specs |= {name: str(value) for name, value in ctx.body["extra_specs"].items()}
    ctx.world.tx.put(flavor)
    return {"extra_specs": ctx.body["extra_specs"]}


def specs_update(ctx: Context, flavor_id: str, key: str) -> dict[str, Any]:
    """Change one extra spec, named alike in path and body."""
    ctx.can(SPECS + "update", {})
    if key not in ctx.body:
        raise BadRequest(reason="Request body and URI mismatch")
    flavor = get_flavor(ctx, flavor_id)
    flavor.extra_specs[key] = str(ctx.body[key])
    ctx.world.tx.put(flavor)
    return dict(ctx.body)


def specs_delete(ctx: Context, flavor_id: str, key: str) -> Response:
    """Remove one extra spec."""
    ctx.can(SPECS + "delete", {})
    flavor = get_flavor(ctx, flavor_id)
    _spec(flavor, key)
    del flavor.extra_specs[key]
    ctx.world.tx.put(flavor)
    return Response(200)


def _spec(flavor: Flavor, key: str) -> str:
    if key not in flavor.extra_specs:
        raise NotFound(reason=f"Flavor {flavor.id} has no extra specs with key {key}.")
    return flavor.extra_specs[key]


def _access_view(flavor: Flavor) -> dict[str, Any]:
    return {"flavor_access": [{"flavor_id": flavor.id, "tenant_id": project} for project in flavor.access]}


def _change_access(ctx: Context, flavor: Flavor, project: str, adds: bool) -> None:
    if adds and flavor.is_public and ctx.minor >= 7:
        raise Conflict(reason="Can not add access to a public flavor.")
    if adds and project in flavor.access:
        raise Conflict(reason=f"Flavor access already exists for flavor {flavor.id} and project {project} combination.")
    if not adds and project not in flavor.access:
        raise NotFound(reason=f"Flavor access not found for {flavor.id} / {project} combination.")
    flavor.access = [*flavor.access, project] if adds else [each for each in flavor.access if each != project]


def _next_number(ctx: Context) -> int:
    return max((flavor.number for flavor in ctx.world.tx.query(Flavor)), default=0) + 1


def _check_free(ctx: Context, flavor: Flavor) -> None:
    for other in ctx.world.tx.query(Flavor):
        if other.name == flavor.name:
            raise Conflict(reason=f"Flavor with name {flavor.name} already exists.")
        if other.id == flavor.id:
            raise Conflict(reason=f"Flavor with ID {flavor.id} already exists.")


def _listed(ctx: Context, operation: str, collection: str, view: Any) -> dict[str, Any]:
    pairs = drop_unknown_parameters(operation, ctx.minor, ctx.request.query)
    found = _sorted(_chosen(ctx, dict(pairs)), dict(pairs))
    if marker := marker_asked(pairs):
        ids = [flavor.id for flavor in found]
        if marker not in ids:
            raise BadRequest(reason=f"marker [{marker}] not found")
        found = found[ids.index(marker) + 1 :]
    limit = limit_asked(ctx, pairs)
    page = found[:limit]
    answer = {"flavors": [view(flavor) for flavor in page]}
    if any(name == "limit" for name, _ in pairs) and (following := next_links(ctx, pairs, collection, page, limit)):
        answer["flavors_links"] = following
    return answer


def _chosen(ctx: Context, asked: dict[str, str]) -> Iterable[Flavor]:
    """Public flavors and the caller's own; an administrator may ask for private ones, or for all (is_public=None)."""
    public = _tri_state(asked.get("is_public")) if ctx.caller.is_admin and "is_public" in asked else True
    ram, disk = _number(asked, "minRam"), _number(asked, "minDisk")
    for flavor in ctx.world.tx.query(Flavor):
        own = ctx.caller.project_id in flavor.access
        visible = public is None or flavor.is_public == public or own
        large_enough = flavor.ram >= ram and flavor.disk >= disk
        if visible and large_enough and not flavor.disabled and asked.get("name", "") in flavor.name:
            yield flavor


def _tri_state(text: str | None) -> bool | None:
    if (text or "").lower() in ("none", "all"):
        return None
    try:
        return bool_from_string(text, strict=True)
    except ValueError:
        raise BadRequest(reason=f"Invalid is_public filter [{text}]") from None


def _number(asked: dict[str, str], name: str) -> int:
    text = asked.get(name, "0")
    try:
        return int(text)
    except ValueError:
        raise BadRequest(reason=f"Invalid {name} filter [{text}]") from None


def _sorted(found: Iterable[Flavor], asked: dict[str, str]) -> list[Flavor]:
    field = SORT_FIELDS.get(asked.get("sort_key", "flavorid"), asked.get("sort_key", "id"))
    ordered = sorted(found, key=lambda flavor: flavor.id)
    ordered.sort(key=lambda flavor: _sortable(getattr(flavor, field, None)), reverse=asked.get("sort_dir") == "desc")
    return ordered


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


def _short_view(ctx: Context, flavor: Flavor) -> dict[str, Any]:
    view: dict[str, Any] = {"id": flavor.id, "name": flavor.name, "links": links(ctx, "flavors", flavor.id)}
    if ctx.minor >= 55:
        view["description"] = flavor.description
    return view
