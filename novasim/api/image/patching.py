"""PATCH /v2/images/{id}: a JSON patch of top-level attributes, in the form of version 2.1 or of 2.0."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.image.attributes import READ_ONLY, RESERVED, SETTABLE, image_view, set_attribute
from novasim.api.image.lookup import keep, own_image
from novasim.errors import BadRequest, Conflict, Forbidden
from novasim.records import Image

OPERATIONS = ("add", "replace", "remove")


def update(ctx: Context, image_id: str) -> dict[str, Any]:
    """
    Change, add or remove attributes and properties.

    Raises:
        BadRequest: no such operation, or no such value (400). Forbidden: not to be changed (403).
        Conflict: a property to be changed or removed that is not there (409).
    """
    image = own_image(ctx, image_id)
    for step in ctx.body:
        _apply(ctx, image, *_read(step))
    keep(ctx, image)
    return image_view(image)


def _read(step: dict[str, Any]) -> tuple[str, str, Any]:
    """Operation, attribute and value: {"op": "add", "path": "/x", "value": 1}, or {"add": "/x", "value": 1}."""
    operation = step.get("op") or next((name for name in OPERATIONS if name in step), None)
    path = step.get("path", step.get(str(operation)))
    if operation not in OPERATIONS:
        raise BadRequest(reason=f"Operations must be one of {', '.join(OPERATIONS)}, not {operation!r}.")
    if not isinstance(path, str) or not path.startswith("/") or path == "/":
        raise BadRequest(reason=f"Invalid JSON pointer for this resource: '{path}'")
    if operation != "remove" and "value" not in step:
        raise BadRequest(reason="Operation missing member 'value'.")
    name = path[1:]
    if "/" in name:
        raise BadRequest(reason=f"Invalid JSON pointer for this resource: '{path}'")
    return str(operation), name.replace("~1", "/").replace("~0", "~"), step.get("value")


def _apply(ctx: Context, image: Image, operation: str, name: str, value: Any) -> None:
    there = name in SETTABLE or name in image.properties
    if name in READ_ONLY or name in RESERVED:
        raise Forbidden(reason=f"Attribute '{name}' is {'read-only' if name in READ_ONLY else 'reserved'}.")
    if operation != "add" and not there:
        raise Conflict(reason=f"Property {name} does not exist.")
    if operation == "remove":
        _remove(image, name)
        return
    if name in ("container_format", "disk_format") and image.status != "queued":
        raise Forbidden(reason=f"Attribute {name} can be replaced only for a queued image.")
    set_attribute(ctx, image, name, value)


def _remove(image: Image, name: str) -> None:
    if name in SETTABLE:
        raise Forbidden(reason=f"Property {name} may not be removed.")
    del image.properties[name]
