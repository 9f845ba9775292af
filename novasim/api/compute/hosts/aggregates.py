"""/os-aggregates: named sets of hosts. The hosts of an aggregate with an availability zone belong to that zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api import schemas
from novasim.api.compute.hosts import zone_rules
from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.api.request import Response
from novasim.api.schemas.types import MAX_DIGITS
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Aggregate, Host

RULE = "os_compute_api:os-aggregates:"


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-aggregates: all aggregates. 403."""
    ctx.can(RULE + "index", {})
    return {"aggregates": [_view(ctx, aggregate) for aggregate in ctx.world.tx.query(Aggregate)]}


def show(ctx: Context, id: str) -> dict[str, Any]:
    """GET /os-aggregates/{id}: one aggregate. 400, 403, 404."""
    ctx.can(RULE + "show", {})
    return {"aggregate": _view(ctx, _get(ctx, id))}


def create(ctx: Context) -> dict[str, Any]:
    """
    POST /os-aggregates: create an aggregate without hosts. 403, 409.

    The response contains neither hosts nor metadata, as in Nova.

    Raises:
        Conflict: another aggregate has the name (409).
    """
    ctx.can(RULE + "create", {})
    body = ctx.body["aggregate"]
    name, zone = body["name"].strip(), (body.get("availability_zone") or "").strip()
    _check_name(ctx, name)
    number = _next_number(ctx)
    aggregate = Aggregate(
        id=str(number),
        name=name,
        number=number,
        uuid=ctx.world.ids.uuid(),
        created_at=ctx.world.time,
        metadata={"availability_zone": zone} if zone else {},
    )
    ctx.world.tx.put(aggregate)
    view = _view(ctx, aggregate)
    return {"aggregate": {key: value for key, value in view.items() if key not in ("hosts", "metadata")}}


def update(ctx: Context, id: str) -> dict[str, Any]:
    """
    PUT /os-aggregates/{id}: change name or zone. 400, 403, 404, 409.

    Raises:
        Conflict: another aggregate has the name (409). BadRequest: the zone cannot change (400).
    """
    ctx.can(RULE + "update", {})
    aggregate = _get(ctx, id)
    body = ctx.body["aggregate"]
    name = body.get("name", aggregate.name).strip()
    if name != aggregate.name:
        _check_name(ctx, name)
    if "availability_zone" in body:
        zone_rules.check_change(ctx, aggregate, body["availability_zone"], "Cannot update aggregate")
        aggregate.metadata["availability_zone"] = body["availability_zone"].strip()
    if "name" in body:
        aggregate.name, aggregate.updated_at = name, ctx.world.time
    return _save(ctx, aggregate, updated_at=ctx.world.time)


def delete(ctx: Context, id: str) -> Response:
    """
    DELETE /os-aggregates/{id}: delete an aggregate. 400, 403, 404.

    Raises:
        BadRequest: the aggregate has hosts (400).
    """
    ctx.can(RULE + "delete", {})
    aggregate = _get(ctx, id)
    if aggregate.hosts:
        raise BadRequest(reason=f"Cannot remove host from aggregate {id}. Reason: Host aggregate is not empty.")
    ctx.world.tx.delete(aggregate)
    return Response(200)


def act(ctx: Context, id: str) -> dict[str, Any]:
    """
    POST /os-aggregates/{id}/action: add_host, remove_host or set_metadata. 400, 403, 404, 409.

    Raises:
        BadRequest: no such action (400).
    """
    if not isinstance(ctx.body, dict) or len(ctx.body) != 1:
        raise BadRequest(reason="Malformed request body")
    (key,) = ctx.body
    if key not in ACTIONS:
        raise BadRequest(reason=f"There is no such action: {key}")
    schemas.check_body(f"aggregates.{key}", ctx.minor, ctx.body)
    ctx.can(RULE + key, {})
    return ACTIONS[key](ctx, id, ctx.body[key])


def add_host(ctx: Context, id: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """
    Add a host.

    Raises:
        NotFound: no such host (404). Conflict: it is in the aggregate, or may not change its zone (409).
    """
    name = arguments["host"]
    if ctx.world.tx.get(Host, name) is None:
        raise NotFound(reason=f"Compute host {name} could not be found.")
    aggregate = _get(ctx, id)
    zone_rules.check_added(ctx, aggregate, name)
    if name in aggregate.hosts:
        raise Conflict(reason=f"Aggregate {id} already has host {name}.")
    aggregate.hosts.append(name)
    return _save(ctx, aggregate)


def remove_host(ctx: Context, id: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """
    Remove a host.

    Raises:
        NotFound: the host is not in the aggregate (404). Conflict: its servers would change their zone (409).
    """
    name, number = arguments["host"], _parse_id(id)
    aggregate = ctx.world.tx.get(Aggregate, number)
    if aggregate is not None and ctx.world.tx.get(Host, name) is not None:
        zone_rules.check_removed(ctx, aggregate, name)
    if aggregate is None or name not in aggregate.hosts:
        raise NotFound(reason=f"Cannot remove host {name} in aggregate {id}")
    aggregate.hosts.remove(name)
    return _save(ctx, aggregate)


def set_metadata(ctx: Context, id: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Add and change metadata; null removes a key."""
    aggregate = _get(ctx, id)
    changes = arguments["metadata"]
    if "availability_zone" in changes:
        zone_rules.check_change(ctx, aggregate, changes["availability_zone"], "Cannot update metadata of aggregate")
    merged = aggregate.metadata | changes
    aggregate.metadata = {key: value for key, value in merged.items() if value is not None}
    return _save(ctx, aggregate, updated_at=ctx.world.time)


def cache_images(ctx: Context, id: str) -> Response:
    """
    POST /os-aggregates/{id}/images (from 2.81): cache images on the hosts, which has no effect here. 400, 403, 404.

    Raises:
        BadRequest: an image is named twice, or does not exist (400).
    """
    ctx.can("compute:aggregates:images", {})
    number = _parse_id(id)
    ids = [image["id"] for image in ctx.body["cache"]]
    if len(set(ids)) < len(ids):
        raise BadRequest(reason="Duplicate images in request")
    _get(ctx, number)
    for image_id in ids:
        if find_image(ctx, image_id) is None:
            raise BadRequest(reason=f"Image {image_id} could not be found.")
    return Response(202)


ACTIONS: dict[str, Callable[[Context, str, dict[str, Any]], dict[str, Any]]] = {
    "add_host": add_host,
    "remove_host": remove_host,
    "set_metadata": set_metadata,
}


def _save(ctx: Context, aggregate: Aggregate, updated_at: str | None = None) -> dict[str, Any]:
    """
    Store an aggregate and show it.

    Args:
        updated_at: The time to show. Nova stores it only if the name is updated.
    """
    ctx.world.tx.put(aggregate)
    ctx.world.lookups.forget_aggregates()
    view = _view(ctx, aggregate)
    return {"aggregate": view | ({"updated_at": updated_at.rstrip("Z")} if updated_at else {})}


def _next_number(ctx: Context) -> int:
    """The next free number. The counter does not include aggregates that a scenario created."""
    number = ctx.world.allocate_number("aggregates")
    while ctx.world.tx.get(Aggregate, str(number)):
        number = ctx.world.allocate_number("aggregates")
    return number


def _check_name(ctx: Context, name: str) -> None:
    if ctx.world.tx.query(Aggregate, {"name": name}):
        raise Conflict(reason=f"Aggregate {name} already exists.")


def _parse_id(id: str) -> str:
    if not (id.removeprefix("-").isdecimal() and len(id) <= MAX_DIGITS):
        raise BadRequest(reason="Invalid input received: id must be an integer")
    return str(int(id))


def _get(ctx: Context, id: str) -> Aggregate:
    aggregate = ctx.world.tx.get(Aggregate, _parse_id(id))
    if aggregate is None:
        raise NotFound(reason=f"Aggregate {id} could not be found.")
    return aggregate


def _view(ctx: Context, aggregate: Aggregate) -> dict[str, Any]:
    view: dict[str, Any] = {
        "availability_zone": aggregate.metadata.get("availability_zone"),
        "created_at": aggregate.created_at.rstrip("Z"),
        "deleted": False,
        "deleted_at": None,
        "hosts": list(aggregate.hosts),
        "id": aggregate.number,
        "metadata": dict(aggregate.metadata),
        "name": aggregate.name,
        "updated_at": aggregate.updated_at and aggregate.updated_at.rstrip("Z"),
    }
    if ctx.minor >= 41:
        view["uuid"] = aggregate.uuid
    return view
