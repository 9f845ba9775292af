"""/v2/schemas: JSON Schemas of images and members."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.image.attributes import READ_ONLY, SETTABLE
from novasim.errors import NotFound

SYSTEM_ATTRIBUTES = (*sorted(READ_ONLY), "id", "self", "file", "schema")
MEMBER = ("member_id", "image_id", "status", "created_at", "updated_at", "schema")


def show(ctx: Context, name: str) -> dict[str, Any]:
    """GET /v2/schemas/{name}: the schema of image, images, member or members. 404."""
    if name not in SCHEMAS:
        raise NotFound(reason=f"There is no schema {name}. The schemas are: {', '.join(SCHEMAS)}.")
    singular = name.removesuffix("s")
    if singular == name:
        return SCHEMAS[name]
    items = {"type": "array", "items": SCHEMAS[singular]}
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


SCHEMAS: dict[str, dict[str, Any]] = {
    "image": _image_schema(),
    "images": {},
    "member": {"name": "member", "properties": {name: {"type": "string"} for name in MEMBER}},
    "members": {},
}
