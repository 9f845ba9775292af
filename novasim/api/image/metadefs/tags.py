"""/v2/metadefs/namespaces/{namespace}/tags. Source: glance/api/v2/metadef_tags.py."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.api.image.metadefs import bodies, lookup, paging
from novasim.api.image.metadefs.views import View
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import MetadefNamespace
from novasim.strutils import bool_from_string


def index(ctx: Context, namespace: str) -> View:
    """GET .../tags: the tags of a namespace, by default the newest first. 400, 404."""
    limit = paging.read_limit(ctx) or None
    record = lookup.get_namespace(ctx, namespace)
    if marker := ctx.query("marker"):
        _get(record, marker)
    tags = paging.sort(ctx, record.tags, ("name", "created_at", "updated_at"))
    return {"tags": [{"name": tag["name"]} for tag in paging.cut_page(tags, "name", marker, limit)]}


def show(ctx: Context, namespace: str, name: str) -> View:
    """GET .../tags/{name}: one tag. 404."""
    return _get(lookup.get_namespace(ctx, namespace), name)


def _get(record: MetadefNamespace, name: str) -> View:
    for tag in record.tags:
        if tag["name"] == name:
            return tag
    raise NotFound(reason=f"The metadata definition tag with name={name} was not found in namespace={record.id}.")


def create(ctx: Context, namespace: str, name: str) -> Response:
    """POST .../tags/{name}: add a tag. 400, 403, 404, 409."""
    record = lookup.get_for_change(ctx, namespace, "add_metadef_tag")
    tag = _add(ctx, record, name)
    lookup.save(ctx, record)
    return Response(201, tag)


def create_all(ctx: Context, namespace: str) -> Response:
    """POST .../tags: replace all tags, or add to them with the header X-Openstack-Append. 400, 403, 404, 409."""
    bodies.check_writable(ctx.body)
    record = lookup.get_for_change(ctx, namespace, "add_metadef_tags")
    names = [tag["name"] for tag in ctx.body.get("tags") or ()]
    if names and not bool_from_string(ctx.request.headers.get("x-openstack-append", "")):
        record.tags = []
    for name in names:
        _add(ctx, record, name)
    lookup.save(ctx, record)
    return Response(201, {"tags": [{"name": name} for name in names]})


def _add(ctx: Context, record: MetadefNamespace, name: str) -> View:
    tag = bodies.read_tag(name, lookup.current_time(ctx))
    bodies.check_new_name(name, record.tags, _duplicate(record, name))
    record.tags.append(tag)
    return tag


def _duplicate(record: MetadefNamespace, name: str) -> str:
    return (
        f"A metadata tag with name={name} already exists in namespace={record.id}. (Please note that metadata tag "
        "names are case insensitive)."
    )


def update(ctx: Context, namespace: str, name: str) -> View:
    """PUT .../tags/{name}: rename a tag. 400, 403, 404, 409."""
    bodies.check_writable(ctx.body)
    record = lookup.get_for_change(ctx, namespace, "modify_metadef_tag")
    tag = _get(record, name)
    new_name = bodies.check_name(ctx.body["name"])
    bodies.check_new_name(new_name, [each for each in record.tags if each is not tag], _duplicate(record, new_name))
    tag.update(name=new_name, updated_at=lookup.current_time(ctx))
    lookup.save(ctx, record)
    return tag


def delete(ctx: Context, namespace: str, name: str) -> Response:
    """DELETE .../tags/{name}: remove a tag. 403, 404."""
    record = lookup.get_for_change(ctx, namespace, "delete_metadef_tag")
    tag = _get(record, name)
    lookup.check_unprotected(record, f"tag {name}")
    record.tags.remove(tag)
    lookup.save(ctx, record)
    return Response(204)
