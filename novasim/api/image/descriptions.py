"""/v2/schemas: what images and members look like, as JSON Schema."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.image.attributes import READ_ONLY, SETTABLE
from novasim.errors import NotFound

SHOWN = (*sorted(READ_ONLY), "id", "self", "file", "schema")
MEMBER = ("member_id", "image_id", "status", "created_at", "updated_at", "schema")


def show(ctx: Context, name: str) -> dict[str, Any]:
    """GET /v2/schemas/{name}: image, images, member or members."""
    if name not in SCHEMAS:
        raise NotFound(reason=f"No schema is called {name}; these are: {', '.join(SCHEMAS)}.")
    one = name.removesuffix("s")
    if one == name:
        return SCHEMAS[name]
    items = {"type": "array", "items": SCHEMAS[one]}
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


def _image() -> dict[str, Any]:
    settable = {name: {**a.schema, "description": a.description} for name, a in SETTABLE.items()}
    shown = {name: {"type": ["null", "string", "integer"], "readOnly": True} for name in SHOWN}
    return {
        "name": "image",
        "properties": settable | shown,
        "additionalProperties": {"type": "string"},
        "links": [{"rel": "self", "href": "{self}"}, {"rel": "describedby", "href": "{schema}"}],
    }


SCHEMAS: dict[str, dict[str, Any]] = {
    "image": _image(),
    "images": {},
    "member": {"name": "member", "properties": {name: {"type": "string"} for name in MEMBER}},
    "members": {},
}
