"""/v2/schemas: JSON Schemas of images, members, tasks and metadata definitions."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.image.attributes import READ_ONLY, SETTABLE
from novasim.errors import NotFound

SYSTEM_ATTRIBUTES = (*sorted(READ_ONLY), "id", "self", "file", "schema")
MEMBER = ("member_id", "image_id", "status", "created_at", "updated_at", "schema")


def show(ctx: Context, name: str) -> dict[str, Any]:
    """GET /v2/schemas/{name}: the schema of an image, member or task, or of a list of them. 404."""
    return _find(SCHEMAS, name, name.removesuffix("s"))


def show_metadef(ctx: Context, name: str) -> dict[str, Any]:
    """GET /v2/schemas/metadefs/{name}: the schema of a metadata definition, or of a list of them. 404."""
    return _find(METADEFS, name, "property" if name == "properties" else name.removesuffix("s"))


def _find(schemas: dict[str, dict[str, Any]], name: str, singular: str) -> dict[str, Any]:
    if singular not in schemas:
        raise NotFound(reason=f"There is no schema {name}. The schemas are: {', '.join(schemas)}.")
    if singular == name:
        return schemas[name]
    name = "resource_type_associations" if name == "resource_types" else name
    items = {"type": "array", "items": schemas[singular]}
    return {
        "name": name,
        "properties": {
            name: items,
            "first": {"type": "string"},
            "next": {"type": "string"},
            "schema": {"type": "string"},
        },
        "links": [{"rel": "first", "href": "{first}"}, {"rel": "next", "href": "{next}"}],
    }


def _image_schema() -> dict[str, Any]:
    settable = {name: {**a.schema, "description": a.description} for name, a in SETTABLE.items()}
    read_only = {name: {"type": ["null", "string", "integer"], "readOnly": True} for name in SYSTEM_ATTRIBUTES}
    return {
        "name": "image",
        "properties": settable | read_only,
        "additionalProperties": {"type": "string"},
        "links": [{"rel": "self", "href": "{self}"}, {"rel": "describedby", "href": "{schema}"}],
    }


def _schema(name: str, fields: str) -> dict[str, Any]:
    return {"name": name, "properties": {field: {} for field in fields.split()}, "additionalProperties": False}


SCHEMAS: dict[str, dict[str, Any]] = {
    "image": _image_schema(),
    "member": {"name": "member", "properties": {name: {"type": "string"} for name in MEMBER}},
    "task": _schema("task", "id type status owner input result message expires_at created_at updated_at self schema"),
}
METADEFS: dict[str, dict[str, Any]] = {
    "namespace": _schema(
        "namespace",
        "namespace display_name description visibility protected owner properties objects tags "
        "resource_type_associations created_at updated_at self schema",
    ),
    "resource_type": _schema("resource_type_association", "name prefix properties_target created_at updated_at"),
    "property": _schema(
        "property",
        "name title description type operators required readonly minimum maximum enum "
        "pattern minLength maxLength items minItems maxItems uniqueItems additionalItems default",
    ),
    "object": _schema("object", "name description required properties created_at updated_at self schema"),
    "tag": _schema("tag", "name created_at updated_at"),
}
