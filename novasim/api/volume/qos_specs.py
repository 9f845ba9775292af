"""
/v3/{project}/qos-specs: limits of throughput, and the volume types that have them.

Source: cinder/api/contrib/qos_specs_manage.py; cinder/volume/qos_specs.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.collections import apply_query, collection_view
from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import read_flag
from novasim.api.volume.types import get_type, list_types
from novasim.api.volume.views import links
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import QosSpecs, VolumeType

CONSUMERS = ("front-end", "back-end", "both")


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/qos-specs: all QoS specs. 400, 403."""
    _require_admin(ctx, "get_all")
    views = [_view(specs) for specs in reversed(ctx.world.tx.query(QosSpecs))]
    return collection_view(ctx, "qos_specs", apply_query(ctx, views))


def _view(specs: QosSpecs) -> dict[str, Any]:
    return {"id": specs.id, "name": specs.name, "consumer": specs.consumer, "specs": specs.specs}


def show(ctx: Context, project: str, qos_specs_id: str) -> dict[str, Any]:
    """GET /v3/{project}/qos-specs/{id}: QoS specs. 403, 404."""
    return _detail(ctx, _get_for(ctx, "get", qos_specs_id))


def _detail(ctx: Context, specs: QosSpecs) -> dict[str, Any]:
    return {"qos_specs": _view(specs), "links": links(ctx, "qos-specs", specs.id)}


def create(ctx: Context, project: str) -> dict[str, Any]:
    """POST /v3/{project}/qos-specs: create QoS specs. 400, 403, 409."""
    _require_admin(ctx, "create")
    body = dict(ctx.body["qos_specs"])
    name = body.pop("name").strip()
    if not name:
        raise BadRequest(reason="The 'name' can not be empty.")
    consumer = body.pop("consumer", None)
    _check_consumer(consumer)
    if any(specs.name == name for specs in ctx.world.tx.query(QosSpecs)):
        raise Conflict(reason=f"QoS Specs {name} already exists.")
    specs = QosSpecs(id=ctx.world.ids.uuid(), name=name, consumer=consumer or QosSpecs.consumer, specs=body)
    ctx.world.tx.put(specs)
    return _detail(ctx, specs)


def _check_consumer(consumer: str | None) -> None:
    if consumer is not None and consumer not in CONSUMERS:
        raise BadRequest(reason=f"Invalid qos specs: Valid consumer of QoS specs are: {', '.join(CONSUMERS)}")


def update(ctx: Context, project: str, qos_specs_id: str) -> Any:
    """PUT /v3/{project}/qos-specs/{id}: add or change specs, and the consumer. 400, 403, 404."""
    specs = _get_for(ctx, "update", qos_specs_id)
    changes = dict(ctx.body["qos_specs"])
    if "consumer" in changes:
        _check_consumer(consumer := changes.pop("consumer"))
        specs.consumer = consumer or QosSpecs.consumer
    specs.specs = {**specs.specs, **changes}
    ctx.world.tx.put(specs)
    return ctx.body


def delete_keys(ctx: Context, project: str, qos_specs_id: str) -> Response:
    """PUT /v3/{project}/qos-specs/{id}/delete_keys: remove specs. 400, 403, 404."""
    specs, keys = _get_for(ctx, "delete", qos_specs_id), ctx.body["keys"]
    for key in keys:
        if key not in specs.specs:
            raise NotFound(reason=f"QoS spec {qos_specs_id} has no spec with key {key}.")
    specs.specs = {key: value for key, value in specs.specs.items() if key not in keys}
    ctx.world.tx.put(specs)
    return Response(202)


def delete(ctx: Context, project: str, qos_specs_id: str) -> Response:
    """DELETE /v3/{project}/qos-specs/{id}: delete QoS specs; `force` also ends their associations. 400, 403, 404."""
    _require_admin(ctx, "delete")
    forced, specs = read_flag(ctx, "force"), _get(ctx, qos_specs_id)
    volume_types = _list_associated(ctx, qos_specs_id)
    if volume_types and not forced:
        raise BadRequest(reason="Qos specs still in use.")
    _associate(ctx, volume_types, None)
    ctx.world.tx.delete(specs)
    return Response(202)


def list_associations(ctx: Context, project: str, qos_specs_id: str) -> dict[str, Any]:
    """GET /v3/{project}/qos-specs/{id}/associations: the volume types with these QoS specs. 403, 404."""
    _get_for(ctx, "get_all", qos_specs_id)
    return {
        "qos_associations": [
            {"association_type": "volume_type", "name": volume_type.name, "id": volume_type.id}
            for volume_type in _list_associated(ctx, qos_specs_id)
        ]
    }


def associate(ctx: Context, project: str, qos_specs_id: str) -> Response:
    """GET /v3/{project}/qos-specs/{id}/associate: give a volume type these QoS specs. 400, 403, 404."""
    volume_type = _find_named_type(ctx, qos_specs_id)
    if volume_type.qos_specs_id not in (None, qos_specs_id):
        raise BadRequest(
            reason=f"Invalid volume type: Type {volume_type.id} is already associated with another qos specs: "
            f"{volume_type.qos_specs_id}"
        )
    _associate(ctx, [volume_type], qos_specs_id)
    return Response(202)


def disassociate(ctx: Context, project: str, qos_specs_id: str) -> Response:
    """GET /v3/{project}/qos-specs/{id}/disassociate: take these QoS specs from a volume type. 400, 403, 404."""
    volume_type = _find_named_type(ctx, qos_specs_id)
    if volume_type.qos_specs_id == qos_specs_id:
        _associate(ctx, [volume_type], None)
    return Response(202)


def disassociate_all(ctx: Context, project: str, qos_specs_id: str) -> Response:
    """GET /v3/{project}/qos-specs/{id}/disassociate_all: take these QoS specs from all volume types. 403, 404."""
    _get_for(ctx, "update", qos_specs_id)
    _associate(ctx, _list_associated(ctx, qos_specs_id), None)
    return Response(202)


def _find_named_type(ctx: Context, id: str) -> VolumeType:
    """Return the volume type that the query names, if the QoS specs with the id exist, too."""
    _require_admin(ctx, "update")
    type_id = ctx.query("vol_type_id")
    if not type_id:
        raise BadRequest(reason="Volume Type id must not be None.")
    _get(ctx, id)
    return get_type(ctx, type_id)


def _list_associated(ctx: Context, id: str) -> list[VolumeType]:
    return [volume_type for volume_type in list_types(ctx.world) if volume_type.qos_specs_id == id]


def _associate(ctx: Context, volume_types: list[VolumeType], id: str | None) -> None:
    for volume_type in volume_types:
        volume_type.qos_specs_id = id
        ctx.world.tx.put(volume_type)


def _get_for(ctx: Context, verb: str, id: str) -> QosSpecs:
    """Return QoS specs that an administrator may use in this way. 403, 404."""
    _require_admin(ctx, verb)
    return _get(ctx, id)


def _get(ctx: Context, id: str) -> QosSpecs:
    if specs := ctx.world.tx.get(QosSpecs, id):
        return specs
    raise NotFound(reason=f"No such QoS spec {id}.")


def _require_admin(ctx: Context, verb: str) -> None:
    require_admin(ctx, f"Policy doesn't allow volume_extension:qos_specs_manage:{verb} to be performed.")
