"""Parameter types that several requests share, with Nova's lengths and patterns."""

from __future__ import annotations

from typing import Any

from novasim.api.schemas.versioned import Property, Schema, Value, object_schema
from novasim.lifecycle.microversions import NEWEST

MAX_INT = 0x7FFFFFFF

TEXT: Schema = {"type": "string"}
NULL: Schema = {"type": "null"}
UUID: Schema = {"type": "string", "format": "uuid"}
TIME: Schema = {"type": "string", "format": "date-time"}
REGEX: Schema = {"type": "string", "format": "regex"}
IPV4: Schema = {"type": "string", "format": "ipv4"}
IPV6: Schema = {"type": "string", "format": "ipv6"}


def text(shortest: int, longest: int, **keywords: Any) -> Schema:
    """A string with a length in characters; further keywords are checked before the length."""
    least = {"minLength": shortest} if shortest else {}
    return {"type": "string", **keywords, **least, "maxLength": longest}


def choice(*values: Any) -> Schema:
    """One of these strings."""
    return {"type": "string", "enum": list(values)}


def array(items: Any, **keywords: Any) -> Schema:
    """A list of *items*; further keywords are checked before the items."""
    return {"type": "array", **keywords, "items": items}


def single_params(schema: Any, *names: str, since: int = 1) -> tuple[Property, ...]:
    """Query parameters with the same schema that may occur only once."""
    return tuple(Property(name, {"type": "array", "items": schema, "maxItems": 1}, since=since) for name in names)


def multi_params(schema: Any, *names: str, since: int = 1, until: int = NEWEST) -> tuple[Property, ...]:
    """Query parameters with the same schema that may occur several times."""
    return tuple(Property(name, array(schema), since=since, until=until) for name in names)


def or_null(schema: Schema) -> Schema:
    """The schema, or null."""
    return {**schema, "type": [schema["type"], "null"]}


MAX_DIGITS = 100  # Python converts at most 4300 digits


def number(smallest: int, pattern: str, **keywords: Any) -> Schema:
    """An integer, or a string that contains one."""
    shape = {"type": ["integer", "string"], "pattern": pattern, "minimum": smallest, "maxLength": MAX_DIGITS}
    return shape | keywords


BOOLEAN_VALUES = [
    *(True, "True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes"),
    *(False, "False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no"),
]
BOOLEAN: Schema = {"type": ["boolean", "string"], "enum": BOOLEAN_VALUES}
BOOLEAN_OR_AUTO: Schema = {"type": ["boolean", "string"], "enum": [*BOOLEAN_VALUES, Value("auto", since=25)]}

NAME = text(1, 255, format="name")
LOOSE_NAME = text(1, 255, format="name_with_leading_trailing_spaces")
NAME_OR_NULL: Schema = {"oneOf": [text(1, 255), NULL]}
# Nova uses a pattern of several thousand characters for descriptions, which error messages should not show.
DESCRIPTION = or_null(text(0, 255, format="printable"))
FLAVOR_DESCRIPTION = or_null({"type": "string", "maxLength": 65535, "format": "printable"})
FQDN = text(1, 255, pattern="^[a-zA-Z0-9-._]*$")
HOSTNAME = text(2, 63, pattern="^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$")

POSITIVE = number(1, "^[0-9]*$", minLength=1)
NOT_NEGATIVE = number(0, "^[0-9]*$", minLength=1)
SIZE = number(1, "^[0-9]+$", maximum=MAX_INT)
SIZE_OR_ZERO = number(0, "^[0-9]+$", maximum=MAX_INT)

UUID_OR_EMPTY: Schema = {"oneOf": [UUID, {"type": "string", "maxLength": 0}]}
IP_ADDRESS: Schema = {"type": "string", "oneOf": [{"format": "ipv4"}, {"format": "ipv6"}]}
FLAVOR_REF: Schema = {"type": ["string", "integer"], "minLength": 1}
DISK_CONFIG = choice("AUTO", "MANUAL")
USER_DATA: Schema = {"type": "string", "format": "base64", "maxLength": 65535}
TAG = text(1, 60, pattern="^[^,/]*$")
TAGS: Schema = {"type": "array", "items": TAG, "maxItems": 50}
DEVICE = or_null({"type": "string", "pattern": "(^/dev/x{0,1}[a-z]{0,1}d{0,1})([a-z]+)[0-9]*$"})

PERSONALITY = array(object_schema(Property("path", TEXT), Property("contents", {"type": "string", "format": "base64"})))
TRUSTED_CERTIFICATES = or_null(array({"type": "string", "minLength": 1}, minItems=1, maxItems=50, uniqueItems=True))


def metadata(*kinds: str, **keywords: Any) -> Schema:
    """An object whose values have one of the types *kinds*; keys and values have at most 255 characters."""
    value = {"type": list(kinds) if len(kinds) > 1 else kinds[0], "maxLength": 255}
    patterns = {"^[a-zA-Z0-9-_:. ]{1,255}$": value}
    return {"type": "object", "patternProperties": patterns, "additionalProperties": False, **keywords}


METADATA = metadata("string")
METADATA_ITEM = metadata("string", minProperties=1, maxProperties=1)


def page_params(since: int = 1, until: int = NEWEST) -> tuple[Property, ...]:
    """The parameters of a list with pages."""
    limit = Property("limit", array(NOT_NEGATIVE), since=since, until=until)
    return limit, Property("marker", array(TEXT), since=since, until=until)


PAGE_BY_OFFSET = multi_params(NOT_NEGATIVE, "limit", "offset")
