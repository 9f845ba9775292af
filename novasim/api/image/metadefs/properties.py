"""/v2/metadefs/namespaces/{namespace}/properties. Source: glance/api/v2/metadef_properties.py."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.api.image.metadefs import bodies, lookup
from novasim.api.image.metadefs.views import View
from novasim.api.request import Response
from novasim.errors import Conflict, NotFound
from novasim.records import MetadefNamespace


def index(ctx: Context, namespace: str) -> View:
    """GET .../properties: the properties of a namespace by name. 404."""
    return {"properties": lookup.get_namespace(ctx, namespace).properties}


def show(ctx: Context, namespace: str, name: str) -> View:
    """GET .../properties/{name}: one; with resource_type, the name begins with its prefix. 404."""
    record = lookup.get_namespace(ctx, namespace)
    if resource_type := ctx.query("resource_type"):
        name = _remove_prefix(record, resource_type, name)
    return _get(record, name)


def _remove_prefix(record: MetadefNamespace, resource_type: str, name: str) -> str:
    association = next((each for each in record.resource_types if each["name"] == resource_type), None)
    if association is None:
        raise NotFound(
            reason="The metadata definition resource-type association of "
            f"resource-type={resource_type} to namespace={record.id}, was not found."
        )
    prefix = association.get("prefix")
    if not prefix or not name.startswith(prefix):
        raise NotFound(
            reason=f"Property {name} does not start with the expected resource type association prefix of '{prefix}'."
        )
    return name.removeprefix(prefix)


def _get(record: MetadefNamespace, name: str) -> View:
    if name not in record.properties:
        raise NotFound(reason=f"Could not find property {name}")
    return {"name": name, **record.properties[name]}


def create(ctx: Context, namespace: str) -> Response:
    """POST .../properties: add a property. 400, 403, 404, 409."""
    bodies.check_writable(ctx.body)
    record = lookup.get_for_change(ctx, namespace, "add_metadef_property")
    name = bodies.check_name(ctx.body["name"])
    if name in record.properties:
        raise Conflict(
            reason=f"A metadata definition property with name={name} already exists in namespace={namespace}."
        )
    record.properties[name] = bodies.read_property(ctx.body)
    lookup.save(ctx, record)
    return Response(201, _get(record, name))


def update(ctx: Context, namespace: str, name: str) -> View:
    """PUT .../properties/{name}: replace or rename a property. 400, 403, 404, 409."""
    bodies.check_writable(ctx.body)
    record = lookup.get_for_change(ctx, namespace, "modify_metadef_property")
    _get(record, name)
    new_name = bodies.check_name(ctx.body["name"])
    if new_name != name and new_name in record.properties:
        raise Conflict(
            reason="Invalid update. It would result in a duplicate metadata definition property with the same "
            f"name={new_name} in namespace={namespace}."
        )
    schema = bodies.read_property(ctx.body)
    items = record.properties.items()
    record.properties = dict((new_name, schema) if key == name else (key, value) for key, value in items)
    lookup.save(ctx, record)
    return _get(record, new_name)


def delete(ctx: Context, namespace: str, name: str) -> Response:
    """DELETE .../properties/{name}: remove a property. 403, 404."""
    record = lookup.get_for_change(ctx, namespace, "remove_metadef_property")
    _get(record, name)
    lookup.check_unprotected(record, f"property {name}")
    del record.properties[name]
    lookup.save(ctx, record)
    return Response(204)
