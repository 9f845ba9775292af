"""/flavors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from novasim.api.compute.page_links import next_page_links, read_limit, read_marker, skip_to_marker
from novasim.api.compute.references import get_flavor, is_accessible
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.schemas import drop_unknown_parameters
from novasim.api.views.flavors import full_view, summary_view
from novasim.errors import BadRequest, Conflict
from novasim.records import Flavor
from novasim.strutils import bool_from_string

RULE = "os_compute_api:os-flavor-manage:"
SORT_FIELDS = {  # by sort key: the field of the record, if the names differ
    "flavorid": "id",
    "memory_mb": "ram",
    "root_gb": "disk",
    "ephemeral_gb": "ephemeral",
    "id": "number",
    "created_at": "number",
    "updated_at": "number",
}


def index(ctx: Context) -> dict[str, Any]:
    """GET /flavors: ids and names of one page of flavors. 400."""
    return _list_page(ctx, "flavors.list", "flavors", summary_view)


def detail(ctx: Context) -> dict[str, Any]:
    """GET /flavors/detail: one page of flavors with all attributes. 400."""
    return _list_page(ctx, "flavors.detail", "flavors/detail", full_view)


def show(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """GET /flavors/{flavor_id}: one flavor. 404."""
    return {"flavor": full_view(ctx, get_flavor(ctx, flavor_id))}


def create(ctx: Context) -> dict[str, Any]:
    """
    POST /flavors: create a flavor; without an id it gets a UUID. 403, 409.

    Raises:
        Conflict: another flavor has the name or id (409).
    """
    ctx.can(RULE + "create", {})
    body = ctx.body["flavor"]
    flavor = Flavor(
        id=str(body.get("id") or ctx.world.ids.uuid()).strip(),
        name=body["name"].strip(),
        vcpus=int(body["vcpus"]),
        ram=int(body["ram"]),
        disk=int(body["disk"]),
        ephemeral=int(body.get("OS-FLV-EXT-DATA:ephemeral", 0)),
        swap=int(body.get("swap", 0)),
        rxtx_factor=float(body.get("rxtx_factor", 1.0)),
        description=body.get("description"),
        is_public=bool_from_string(body.get("os-flavor-access:is_public", True)),
    )
    _check_unique(ctx, flavor)
    flavor.number = _allocate_number(ctx)
    ctx.world.tx.put(flavor)
    return {"flavor": full_view(ctx, flavor)}


def _allocate_number(ctx: Context) -> int:
    """A number that no flavor has had. The counter does not include flavors that a scenario created."""
    highest = max((other.number for other in ctx.world.tx.query(Flavor)), default=0)
    number = ctx.world.allocate_number("flavors")
    while number <= highest:
        number = ctx.world.allocate_number("flavors")
    return number


def update(ctx: Context, flavor_id: str) -> dict[str, Any]:
    """PUT /flavors/{flavor_id} (from 2.55): change the description. 403, 404."""
    ctx.can(RULE + "update", {})
    flavor = get_flavor(ctx, flavor_id)
    flavor.description = ctx.body["flavor"]["description"]
    ctx.world.tx.put(flavor)
    return {"flavor": full_view(ctx, flavor)}


def delete(ctx: Context, flavor_id: str) -> Response:
    """DELETE /flavors/{flavor_id}: delete a flavor. Servers keep their copy of it. 403, 404."""
    ctx.can(RULE + "delete", {})
    ctx.world.tx.delete(get_flavor(ctx, flavor_id))
    return Response(202)


def _check_unique(ctx: Context, flavor: Flavor) -> None:
    for other in ctx.world.tx.query(Flavor):
        if other.name == flavor.name:
            raise Conflict(reason=f"Flavor with name {flavor.name} already exists.")
        if other.id == flavor.id:
            raise Conflict(reason=f"Flavor with ID {flavor.id} already exists.")


def _list_page(
    ctx: Context, operation: str, collection: str, view: Callable[[Context, Flavor], dict[str, Any]]
) -> dict[str, Any]:
    pairs = drop_unknown_parameters(operation, ctx.minor, ctx.request.query)
    query = dict(pairs)
    flavors = _sort(ctx.world.tx.query(Flavor), query)
    following = _filter(ctx, skip_to_marker(flavors, read_marker(pairs)), query)
    limit = read_limit(ctx, pairs)
    page = list(islice(following, limit))
    body = {"flavors": [view(ctx, flavor) for flavor in page]}
    has_limit = any(name == "limit" for name, _ in pairs)
    if has_limit and (next_links := next_page_links(ctx, pairs, collection, [flavor.id for flavor in page], limit)):
        body["flavors_links"] = next_links
    return body


def _filter(ctx: Context, flavors: Iterable[Flavor], query: dict[str, str]) -> Iterator[Flavor]:
    """
    Enabled public flavors and the caller's own. Administrators see disabled flavors, too, and may ask for private ones.

    Source: nova/api/openstack/compute/flavors.py _get_flavors; nova/objects/flavor.py _flavor_get_all_from_db.
    """
    is_admin = ctx.caller.is_admin
    is_public = _read_is_public(query["is_public"]) if is_admin and "is_public" in query else True
    min_ram, min_disk = _read_number(query, "minRam"), _read_number(query, "minDisk")
    has_name = _read_name(query)
    for flavor in flavors:
        is_large_enough = flavor.ram >= min_ram and flavor.disk >= min_disk
        is_visible = (is_admin or not flavor.disabled) and _is_selected(flavor, is_public, ctx.caller.project_id)
        if is_visible and is_large_enough and has_name(flavor):
            yield flavor


def _is_selected(flavor: Flavor, is_public: bool | None, project_id: str) -> bool:
    """Whether the filter is_public selects the flavor: None selects all, True those that the project may use."""
    if is_public is None:
        return True
    return is_accessible(flavor, project_id) if is_public else not flavor.is_public


def _read_is_public(text: str) -> bool | None:
    if text.lower() == "none":
        return None
    try:
        return bool_from_string(text, strict=True)
    except ValueError:
        raise BadRequest(reason=f"Invalid is_public filter [{text}]") from None


def _read_number(query: dict[str, str], name: str) -> int:
    text = query.get(name, "0")
    try:
        return int(text)
    except ValueError:
        raise BadRequest(reason=f"Invalid {name} filter [{text}]") from None


def _read_name(query: dict[str, str]) -> Callable[[Flavor], bool]:
    """The filter name (from 2.102) is a regular expression."""
    if "name" not in query:
        return lambda flavor: True
    from novasim.api.compute.servers.listing.conditions import compile_filter

    contains = compile_filter("name", query["name"])
    return lambda flavor: contains(flavor.name)


def _sort(flavors: Iterable[Flavor], query: dict[str, str]) -> list[Flavor]:
    """Sort by a field and, where it is equal, by the number of the flavor, both in one direction."""
    field = SORT_FIELDS.get(query.get("sort_key", "flavorid"), query.get("sort_key", "id"))

    def sort_key(flavor: Flavor) -> tuple[tuple[bool, Any], int]:
        return _sort_value(getattr(flavor, field, None)), flavor.number

    return sorted(flavors, key=sort_key, reverse=query.get("sort_dir") == "desc")


def _sort_value(value: Any) -> tuple[bool, Any]:
    """A key that sorts None first."""
    return (value is not None, value if value is not None else 0)
