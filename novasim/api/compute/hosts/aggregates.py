"""/os-aggregates: named sets of hosts; one with an availability zone in its metadata makes its hosts that zone's."""

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
    """All of them."""
    ctx.can(RULE + "index", {})
    return {"aggregates": [_view(ctx, aggregate) for aggregate in ctx.world.tx.query(Aggregate)]}


def show(ctx: Context, id: str) -> dict[str, Any]:
    """One of them."""
    ctx.can(RULE + "show", {})
    return {"aggregate": _view(ctx, _get(ctx, id))}


def create(ctx: Context) -> dict[str, Any]:
    """
    A new one, without hosts; the answer tells neither hosts nor metadata, as Nova's.

    Raises:
        Conflict: the name is taken (409).
    """
    ctx.can(RULE + "create", {})
    asked = ctx.body["aggregate"]
    name, zone = asked["name"].strip(), (asked.get("availability_zone") or "").strip()
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
    Another name or zone.

    Raises:
        Conflict: the name is taken (409). BadRequest: the zone cannot change (400).
    """
    ctx.can(RULE + "update", {})
    aggregate = _get(ctx, id)
    asked = ctx.body["aggregate"]
    name = asked.get("name", aggregate.name).strip()
    if name != aggregate.name:
        _check_name(ctx, name)
    if "availability_zone" in asked:
        zone_rules.check_change(ctx, aggregate, asked["availability_zone"], "Cannot update aggregate")
        aggregate.metadata["availability_zone"] = asked["availability_zone"].strip()
    if "name" in asked:
        aggregate.name, aggregate.updated_at = name, ctx.world.time
    return _save(ctx, aggregate, updated_at=ctx.world.time)


def delete(ctx: Context, id: str) -> Response:
    """
    Remove it.

    Raises:
        BadRequest: it has hosts (400).
    """
    ctx.can(RULE + "delete", {})
    aggregate = _get(ctx, id)
    if aggregate.hosts:
        raise BadRequest(reason=f"Cannot remove host from aggregate {id}. Reason: Host aggregate is not empty.")
    ctx.world.tx.delete(aggregate)
    return Response(200)


def act(ctx: Context, id: str) -> dict[str, Any]:
    """
    add_host, remove_host or set_metadata.

    Raises:
        BadRequest (400): no such action.
    """
    if not isinstance(ctx.body, dict) or len(ctx.body) != 1:
        raise BadRequest(reason="Malformed request body")
    (key,) = ctx.body
    if key not in ACTIONS:
        raise BadRequest(reason=f"There is no such action: {key}")
    schemas.check_body(f"aggregates.{key}", ctx.minor, ctx.body)
    ctx.can(RULE + key, {})
    return ACTIONS[key](ctx, id, ctx.body[key])


def add_host(ctx: Context, id: str, given: dict[str, Any]) -> dict[str, Any]:
    """
    Take a host in.

    Raises:
        NotFound: no such host (404). Conflict: it is in already, or would change its zone although it must not (409).
    """
    name = given["host"]
    if ctx.world.tx.get(Host, name) is None:
        raise NotFound(reason=f"Compute host {name} could not be found.")
    aggregate = _get(ctx, id)
    zone_rules.check_added(ctx, aggregate, name)
    if name in aggregate.hosts:
        raise Conflict(reason=f"Aggregate {id} already has host {name}.")
    aggregate.hosts.append(name)
    return _save(ctx, aggregate)


def remove_host(ctx: Context, id: str, given: dict[str, Any]) -> dict[str, Any]:
    """
    Let a host go.

    Raises:
        NotFound: no such host in it (404). Conflict: servers on it would change their zone (409).
    """
    name, number = given["host"], _number(id)
    aggregate = ctx.world.tx.get(Aggregate, number)
    if aggregate is not None and ctx.world.tx.get(Host, name) is not None:
        zone_rules.check_removed(ctx, aggregate, name)
    if aggregate is None or name not in aggregate.hosts:
        raise NotFound(reason=f"Cannot remove host {name} in aggregate {id}")
    aggregate.hosts.remove(name)
    return _save(ctx, aggregate)


def set_metadata(ctx: Context, id: str, given: dict[str, Any]) -> dict[str, Any]:
    """Add to the metadata, or change it; null removes a key."""
    aggregate = _get(ctx, id)
    changes = given["metadata"]
    if "availability_zone" in changes:
        zone_rules.check_change(ctx, aggregate, changes["availability_zone"], "Cannot update metadata of aggregate")
    merged = aggregate.metadata | changes
    aggregate.metadata = {key: value for key, value in merged.items() if value is not None}
    return _save(ctx, aggregate, updated_at=ctx.world.time)


def cache_images(ctx: Context, id: str) -> Response:
    """
    Fetch images to the hosts beforehand (from 2.81); no build here waits for its image.

    Raises:
        BadRequest: an image is named twice, or does not exist (400).
    """
    ctx.can("compute:aggregates:images", {})
    number = _number(id)
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
    """Above every number there is: a scenario's aggregates were not counted."""
    number = ctx.world.allocate_number("aggregates")
    while ctx.world.tx.get(Aggregate, str(number)):
        number = ctx.world.allocate_number("aggregates")
    return number


def _check_name(ctx: Context, name: str) -> None:
    if ctx.world.tx.query(Aggregate, {"name": name}):
        raise Conflict(reason=f"Aggregate {name} already exists.")


def _number(id: str) -> str:
    if not (id.removeprefix("-").isdecimal() and len(id) <= MAX_DIGITS):
        raise BadRequest(reason="Invalid input received: id must be an integer")
    return str(int(id))


def _get(ctx: Context, id: str) -> Aggregate:
    aggregate = ctx.world.tx.get(Aggregate, _number(id))
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
