"""PATCH /v2/images/{id}: a JSON patch of top-level attributes, in the format of version 2.1 or 2.0."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.image.attributes import SETTABLE, check_settable, image_view, set_attribute
from novasim.api.image.lookup import get_own_image, save
from novasim.errors import BadRequest, Conflict, Forbidden
from novasim.records import Image

OPERATIONS = ("add", "replace", "remove")


def update(ctx: Context, image_id: str) -> dict[str, Any]:
    """
    PATCH /v2/images/{id}: change, add or remove attributes and properties.

    Raises:
        BadRequest: the operation or value is invalid (400). Forbidden: the attribute may not change (403).
        NotFound: the image is not visible (404). Conflict: the property does not exist (409).
    """
    image = get_own_image(ctx, image_id)
    for step in ctx.body:
        _apply_step(ctx, image, *_parse_step(step))
    save(ctx, image)
    return image_view(image)


def _parse_step(step: dict[str, Any]) -> tuple[str, str, Any]:
    """Parse {"op": "add", "path": "/x", "value": 1} or {"add": "/x", "value": 1}: operation, attribute, value."""
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


def _apply_step(ctx: Context, image: Image, operation: str, name: str, value: Any) -> None:
    exists = name in SETTABLE or name in image.properties
    check_settable(name)
    if operation != "add" and not exists:
        raise Conflict(reason=f"Property {name} does not exist.")
    if operation == "remove":
        _remove_property(image, name)
        return
    if name in ("container_format", "disk_format") and image.status != "queued":
        raise Forbidden(reason=f"Attribute {name} can be replaced only for a queued image.")
    set_attribute(ctx, image, name, value)


def _remove_property(image: Image, name: str) -> None:
    if name in SETTABLE:
        raise Forbidden(reason=f"Property {name} may not be removed.")
    del image.properties[name]
