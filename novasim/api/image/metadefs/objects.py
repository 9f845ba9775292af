"""/v2/metadefs/namespaces/{namespace}/objects. Source: glance/api/v2/metadef_objects.py."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.api.image.metadefs import bodies, lookup, paging
from novasim.api.image.metadefs.views import View, object_view
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import MetadefNamespace


def index(ctx: Context, namespace: str) -> View:
    """GET .../objects: the objects of a namespace. The limit is checked and has no effect, as in Glance. 400, 404."""
    paging.check_direction(ctx)
    paging.read_limit(ctx, least=1)
    record = lookup.get_namespace(ctx, namespace, lookup.NOT_FOUND)
    return {"objects": [object_view(record, each) for each in record.objects], "schema": "v2/schemas/metadefs/objects"}


def show(ctx: Context, namespace: str, name: str) -> View:
    """GET .../objects/{name}: one object. 404."""
    record = lookup.get_namespace(ctx, namespace, lookup.NOT_FOUND)
    return object_view(record, _get(record, name))


def _get(record: MetadefNamespace, name: str) -> View:
    for item in record.objects:
        if item["name"] == name:
            return item
    raise NotFound(reason=f"Could not find metadata object {name}")


def create(ctx: Context, namespace: str) -> Response:
    """POST .../objects: add an object. 400, 403, 404, 409."""
    bodies.check_writable(ctx.body)
    record = lookup.get_for_change(ctx, namespace, "add_metadef_object")
    item = bodies.read_object(ctx.body, lookup.current_time(ctx))
    message = f"A metadata definition object with name={item['name']} already exists in namespace={namespace}."
    bodies.check_new_name(item["name"], record.objects, message)
    record.objects.append(item)
    lookup.save(ctx, record)
    return Response(201, object_view(record, item))


def update(ctx: Context, namespace: str, name: str) -> View:
    """PUT .../objects/{name}: replace or rename an object. 400, 403, 404, 409."""
    bodies.check_writable(ctx.body)
    record = lookup.get_for_change(ctx, namespace, "modify_metadef_object")
    item = _get(record, name)
    new = bodies.read_object(ctx.body, lookup.current_time(ctx)) | {"created_at": item["created_at"]}
    message = (
        "Invalid update. It would result in a duplicate metadata definition object with the same "
        f"name={new['name']} in namespace={namespace}."
    )
    bodies.check_new_name(new["name"], [each for each in record.objects if each is not item], message)
    item.update(new)
    lookup.save(ctx, record)
    return object_view(record, item)


def delete(ctx: Context, namespace: str, name: str) -> Response:
    """DELETE .../objects/{name}: remove an object. 403, 404."""
    record = lookup.get_for_change(ctx, namespace, "delete_metadef_object")
    item = _get(record, name)
    lookup.check_unprotected(record, f"object {name}")
    record.objects.remove(item)
    lookup.save(ctx, record)
    return Response(204)
