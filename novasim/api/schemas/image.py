"""The bodies of the image service. Image attributes are validated in api/image, because its errors name them."""

from __future__ import annotations

from typing import Any

from novasim.api.schemas.types import TEXT, array, choice, text
from novasim.api.schemas.versioned import Property, object_schema
from novasim.lifecycle.microversions import NEWEST

STEP: dict[str, Any] = {"type": "object", "minProperties": 1}
METHOD = object_schema(Property("name", text(1, 255), required=True), extra_until=NEWEST)

# Of metadata definitions. The attributes of READ_ONLY are refused (403) in api/image/metadefs.
SHORT_NAME, PLAIN_BOOLEAN = text(1, 80), {"type": "boolean"}
INTEGER, COUNT = {"type": "integer"}, {"type": "integer", "minimum": 0}
NAMES = array(TEXT, uniqueItems=True)
TYPE = choice("array", "boolean", "integer", "number", "object", "string")
READ_ONLY = tuple(Property(name) for name in ("self", "schema", "created_at", "updated_at"))
PROPERTY_FIELDS = (
    Property("title", TEXT, required=True),
    Property("type", TYPE, required=True),
    Property("description", TEXT),
    Property("operators", array(TEXT)),
    Property("default", {"type": ["string", "number", "boolean"]}),
    Property("readonly", PLAIN_BOOLEAN),
    Property("minimum", INTEGER),
    Property("maximum", INTEGER),
    Property("enum", array(TEXT)),
    Property("pattern", TEXT),
    Property("minLength", COUNT),
    Property("maxLength", COUNT),
    Property("confidential", PLAIN_BOOLEAN),
    Property("items", object_schema(Property("type", TYPE, required=True), Property("enum", array(TEXT)))),
    Property("uniqueItems", PLAIN_BOOLEAN),
    Property("minItems", COUNT),
    Property("maxItems", COUNT),
    Property("additionalItems", PLAIN_BOOLEAN),
)
PROPERTIES = {
    "type": "object",
    "patternProperties": {"^.{1,80}$": object_schema(Property("name", TEXT), *PROPERTY_FIELDS)},
    "additionalProperties": False,
}
OBJECT = object_schema(
    Property("name", SHORT_NAME, required=True),
    Property("description", TEXT),
    Property("required", NAMES),
    Property("properties", PROPERTIES),
    *READ_ONLY,
)
TAG = object_schema(Property("name", SHORT_NAME, required=True), *READ_ONLY[2:])
ASSOCIATION = object_schema(
    Property("name", SHORT_NAME, required=True),
    Property("prefix", text(0, 80)),
    Property("properties_target", text(0, 80)),
    *READ_ONLY[2:],
)
NAMESPACE = object_schema(
    Property("namespace", SHORT_NAME, required=True),
    Property("display_name", text(0, 80)),
    Property("description", text(0, 500)),
    Property("visibility", choice("public", "private")),
    Property("protected", PLAIN_BOOLEAN),
    Property("owner", text(0, 255)),
    Property("resource_type_associations", array(ASSOCIATION)),
    Property("properties", PROPERTIES),
    Property("objects", array(OBJECT)),
    Property("tags", array(TAG)),
    *READ_ONLY,
)

BODIES = {
    "image.namespace": NAMESPACE,
    "image.association": ASSOCIATION,
    "image.property": object_schema(Property("name", SHORT_NAME, required=True), *PROPERTY_FIELDS, *READ_ONLY[2:]),
    "image.object": OBJECT,
    "image.tag": TAG,
    "image.tags": object_schema(Property("tags", array(TAG))),
    "image.create": {"type": "object"},
    "image.patch": array(STEP),
    "image.import": object_schema(Property("method", METHOD, required=True), extra_until=NEWEST),
    "image.create_member": object_schema(Property("member", text(1, 255), required=True), extra_until=NEWEST),
    "image.update_member": object_schema(
        Property("status", {"enum": ["pending", "accepted", "rejected"]}, required=True), extra_until=NEWEST
    ),
}
