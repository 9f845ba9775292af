"""The bodies of the identity service that are described by schemas. Source: keystone/limit/schema.py."""

from __future__ import annotations

from typing import Any

from novasim.api.schemas.types import array, or_null, text
from novasim.api.schemas.versioned import Property, object_schema, wrapped_object

LIMIT: dict[str, Any] = {"type": "integer", "minimum": -1, "maximum": 2**31 - 1}
ID = text(1, 64, pattern="^[a-zA-Z0-9-]+$")
DESCRIPTION = Property("description", or_null(text(0, 65535)))
REGION = Property("region_id", or_null(text(0, 255)))
NAME = text(1, 255)


def _list(key: str, *properties: Property) -> Any:
    return object_schema(Property(key, array(object_schema(*properties), minItems=1), required=True))


def _registered(required: bool) -> tuple[Property, ...]:
    """The properties of a registered limit. *required* says whether those that have no default must be given."""
    return (
        Property("service_id", ID, required=required),
        REGION,
        Property("resource_name", NAME, required=required),
        Property("default_limit", LIMIT, required=required),
        DESCRIPTION,
    )


BODIES = {
    "identity.create_registered_limits": _list("registered_limits", *_registered(required=True)),
    "identity.update_registered_limit": wrapped_object("registered_limit", *_registered(required=False)),
    "identity.create_limits": _list(
        "limits",
        Property("service_id", ID, required=True),
        REGION,
        Property("resource_name", NAME, required=True),
        Property("resource_limit", LIMIT, required=True),
        Property("project_id", or_null(ID)),
        Property("domain_id", or_null(ID)),
        DESCRIPTION,
    ),
    "identity.update_limit": wrapped_object("limit", Property("resource_limit", LIMIT), DESCRIPTION),
}
