"""
/v2/metadefs/resource_types, and associations of namespaces with types of resources.

Source: glance/api/v2/metadef_resource_types.py; glance/db/sqlalchemy/metadef_api/resource_type_association.py.
"""

from __future__ import annotations

from novasim.api.context import Context
from novasim.api.image.metadefs import bodies, lookup
from novasim.api.image.metadefs.defaults import list_defaults
from novasim.api.image.metadefs.views import TIMES, View
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import MetadefNamespace, MetadefResourceType
from novasim.strutils import without_fraction


def index(ctx: Context) -> View:
    """GET /v2/metadefs/resource_types: the types of resources of all associations, also of former ones."""
    defaults = [{"name": name, **lookup.SHOWN_TIMES} for name in _default_names()]
    stored = [
        {"name": each.id, **dict.fromkeys(TIMES, without_fraction(each.created_at))}
        for each in ctx.world.tx.query(MetadefResourceType)
    ]
    return {"resource_types": defaults + stored}


def _default_names() -> list[str]:
    return sorted({each["name"] for definition in list_defaults().values() for each in definition.types})


def list_associations(ctx: Context, namespace: str) -> View:
    """GET .../resource_types: the types of resources that a namespace is for. 404."""
    return {"resource_type_associations": lookup.get_namespace(ctx, namespace).resource_types}


def create(ctx: Context, namespace: str) -> Response:
    """POST .../resource_types: associate a namespace with a type of resource. 400, 403, 404, 409."""
    bodies.check_writable(ctx.body)
    record = lookup.get_for_change(ctx, namespace, "add_metadef_resource_type_association")
    association = add_association(ctx, record, ctx.body)
    lookup.save(ctx, record)
    return Response(201, association)


def add_association(ctx: Context, record: MetadefNamespace, body: View) -> View:
    """
    Associate a namespace with the type of resource in a body. A new type is created.

    Raises:
        BadRequest: the name is too long (400). Conflict: the association exists (409).
    """
    association = bodies.read_association(body, lookup.current_time(ctx))
    name = association["name"]
    message = (
        "The metadata definition resource-type association of "
        f"resource-type={name} to namespace={record.id} already exists."
    )
    bodies.check_new_name(name, record.resource_types, message)
    record.resource_types.append(association)
    if name not in _default_names() and ctx.world.tx.get(MetadefResourceType, name) is None:
        ctx.world.tx.put(MetadefResourceType(id=name, created_at=ctx.world.time))
    return association


def delete(ctx: Context, namespace: str, name: str) -> Response:
    """DELETE .../resource_types/{name}: remove an association. The type of resource remains. 403, 404."""
    record = lookup.get_for_change(ctx, namespace, "remove_metadef_resource_type_association")
    found = [each for each in record.resource_types if each["name"] == name]
    if not found:
        raise NotFound(reason=f"Failed to find resource type {name} to delete")
    lookup.check_unprotected(record, f"resource-type-association {name}")
    record.resource_types.remove(found[0])
    lookup.save(ctx, record)
    return Response(204)
