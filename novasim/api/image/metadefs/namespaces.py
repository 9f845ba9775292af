"""
/v2/metadefs/namespaces: list, show, create, change and delete namespaces.

Source: glance/api/v2/metadef_namespaces.py; glance/db/sqlalchemy/metadef_api/namespace.py.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from novasim.api.collections import PAGE_SIZES
from novasim.api.context import Context
from novasim.api.image.metadefs import bodies, lookup, paging
from novasim.api.image.metadefs.resource_types import add_association
from novasim.api.image.metadefs.views import FIELDS, PATH, View, association_views, full_view, namespace_view
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict
from novasim.records import MetadefNamespace

SORT_KEYS = ("namespace", *FIELDS)
PARTS = (  # field in a body, policy
    ("resource_type_associations", "add_metadef_resource_type_association"),
    ("objects", "add_metadef_object"),
    ("properties", "add_metadef_property"),
    ("tags", "add_metadef_tag"),
)


def index(ctx: Context) -> View:
    """GET /v2/metadefs/namespaces: the visible namespaces; filters resource_types and visibility. 400, 404."""
    default, most = PAGE_SIZES["image"]
    limit = min(default if (asked := paging.read_limit(ctx)) is None else asked, most)
    _check_visibility(ctx)
    if marker := ctx.query("marker"):
        lookup.get_namespace(ctx, marker, lookup.NOT_FOUND)
    listed = [each for each in lookup.list_namespaces(ctx) if _matches(ctx, each)]
    views = [namespace_view(each) | association_views(each) for each in listed]
    page = paging.cut_page(paging.sort(ctx, views, SORT_KEYS), "namespace", marker, limit)
    body = {"namespaces": page, "first": _link(ctx), "schema": "/v2/schemas/metadefs/namespaces"}
    if page and len(page) == limit:
        body["next"] = _link(ctx, page[-1]["namespace"])
    return body


def _link(ctx: Context, marker: str = "") -> str:
    """The path and query of the same list, from a marker on."""
    query = [(name, value) for name, value in ctx.request.query if name != "marker"]
    query += [("marker", marker)] if marker else []
    return PATH + (f"?{urlencode(query, errors='replace')}" if query else "")


def _check_visibility(ctx: Context) -> None:
    if (visibility := ctx.query("visibility")) and visibility not in ("public", "private"):
        raise BadRequest(reason=f"Invalid visibility value: {visibility}")


def _matches(ctx: Context, record: MetadefNamespace) -> bool:
    types = ctx.query("resource_types")
    names = set() if types is None else set(types.split(","))
    is_of_type = types is None or any(each["name"] in names for each in record.resource_types)
    return is_of_type and (ctx.query("visibility") or record.visibility) == record.visibility


def show(ctx: Context, namespace: str) -> View:
    """GET /v2/metadefs/namespaces/{namespace}: one with its parts; resource_type adds its prefix. 400, 404."""
    _check_visibility(ctx)
    return full_view(lookup.get_namespace(ctx, namespace, lookup.NOT_FOUND), ctx.query("resource_type"))


def create(ctx: Context) -> Response:
    """POST /v2/metadefs/namespaces: create a namespace, with its parts. 400, 403, 409."""
    body = ctx.body
    bodies.check_writable(body)
    actions = ["add_metadef_namespace", *(action for name, action in PARTS if body.get(name))]
    for action in actions:
        require_admin(ctx, f"You are not authorized to complete {action} action.")
    name = bodies.check_name(body["namespace"])
    if lookup.find_namespace(ctx, name):
        raise Conflict(reason=f"The metadata definition namespace={name} already exists.")
    record = _new_record(ctx, body)
    lookup.save(ctx, record)
    location = f"{ctx.request.endpoint}/image{PATH}/{quote(name, errors='replace')}"
    return Response(201, full_view(record), {"Location": location})


def _new_record(ctx: Context, body: View) -> MetadefNamespace:
    now, time = ctx.world.time, lookup.current_time(ctx)
    record = MetadefNamespace(id=body["namespace"], created_at=now, updated_at=now, **_read_fields(ctx, body))
    record.properties = bodies.read_properties(body)
    for item in body.get("objects") or ():
        message = f"A metadata definition object with name={item['name']} already exists in namespace={record.id}."
        bodies.check_new_name(item["name"], record.objects, message)
        record.objects.append(bodies.read_object(item, time))
    for item in body.get("tags") or ():
        bodies.check_new_name(item["name"], record.tags, f"A metadata tag with name={item['name']} already exists.")
        record.tags.append(bodies.read_tag(item["name"], time))
    for item in body.get("resource_type_associations") or ():
        add_association(ctx, record, item)
    return record


def _read_fields(ctx: Context, body: View) -> dict[str, Any]:
    """The fields of a namespace: those that a body leaves out get their defaults, also in an update."""
    return {
        "display_name": body.get("display_name"),
        "description": body.get("description"),
        "visibility": body.get("visibility") or "private",
        "protected": bool(body.get("protected")),
        "owner": body.get("owner") or ctx.caller.project_id,
    }


def update(ctx: Context, namespace: str) -> View:
    """PUT /v2/metadefs/namespaces/{namespace}: replace the fields of a namespace, not its parts. 400, 403, 404, 409."""
    body = ctx.body
    bodies.check_writable(body)
    record = lookup.get_for_change(ctx, namespace, "modify_metadef_namespace")
    name = bodies.check_name(body["namespace"])
    if name != namespace:
        _rename(ctx, record, name)
    for field, value in _read_fields(ctx, body).items():
        setattr(record, field, value)
    record.updated_at = ctx.world.time
    lookup.save(ctx, record)
    return namespace_view(record)


def _rename(ctx: Context, record: MetadefNamespace, name: str) -> None:
    if lookup.find_namespace(ctx, name):
        raise Conflict(
            reason="Invalid update. It would result in a duplicate metadata definition namespace with the same name of "
            f"{name}"
        )
    lookup.remove(ctx, record)
    record.id = name


def delete(ctx: Context, namespace: str) -> Response:
    """DELETE /v2/metadefs/namespaces/{namespace}: delete a namespace that is not protected. 403, 404."""
    record = lookup.get_for_change(ctx, namespace, "delete_metadef_namespace")
    lookup.check_unprotected(record)
    lookup.remove(ctx, record)
    return Response(204)


def delete_properties(ctx: Context, namespace: str) -> Response:
    """DELETE .../properties: delete all properties. 403, 404."""
    return _delete_parts(ctx, namespace, "properties", {})


def delete_objects(ctx: Context, namespace: str) -> Response:
    """DELETE .../objects: delete all objects. 403, 404."""
    return _delete_parts(ctx, namespace, "objects", [])


def delete_tags(ctx: Context, namespace: str) -> Response:
    """DELETE .../tags: delete all tags. 403, 404."""
    return _delete_parts(ctx, namespace, "tags", [])


def _delete_parts(ctx: Context, namespace: str, field: str, empty: Any) -> Response:
    record = lookup.get_for_change(ctx, namespace, "delete_metadef_namespace")
    lookup.check_unprotected(record)
    setattr(record, field, empty)
    lookup.save(ctx, record)
    return Response(204)
