"""The bodies of the image service. Image attributes are validated in api/image, because its errors name them."""

from __future__ import annotations

from typing import Any

from novasim.api.schemas.types import array, text
from novasim.api.schemas.versioned import Property, object_schema
from novasim.lifecycle.microversions import NEWEST

STEP: dict[str, Any] = {"type": "object", "minProperties": 1}
METHOD = object_schema(Property("name", text(1, 255), required=True), extra_until=NEWEST)

BODIES = {
    "image.create": {"type": "object"},
    "image.patch": array(STEP),
    "image.import": object_schema(Property("method", METHOD, required=True), extra_until=NEWEST),
    "image.create_member": object_schema(Property("member", text(1, 255), required=True), extra_until=NEWEST),
    "image.update_member": object_schema(
        Property("status", {"enum": ["pending", "accepted", "rejected"]}, required=True), extra_until=NEWEST
    ),
}
