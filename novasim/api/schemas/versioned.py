"""Schemas that depend on the microversion: JSON Schema, plus the range in which each property and value exists."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.microversions import NEWEST

Schema = dict[str, Any]

ANY: Schema = {}
"""The schema that every value satisfies."""


# Plain classes: defining a NamedTuple takes half a millisecond, and every command imports this module.


class Property:
    """
    A property of an object. A name may occur several times, with different ranges of microversions.

    Args:
        since, until: First and last microversion 2.N (as N) in which it exists.
    """

    __slots__ = ("name", "required", "schema", "since", "until")

    def __init__(
        self, name: str, schema: Any = ANY, required: bool = False, since: int = 1, until: int = NEWEST
    ) -> None:
        self.name, self.schema, self.required = name, schema, required
        self.since, self.until = since, until


class Value:
    """An item of a list such as that of "enum" that exists only in the microversions 2.*since* to 2.*until*."""

    __slots__ = ("since", "until", "value")

    def __init__(self, value: Any, since: int = 1, until: int = NEWEST) -> None:
        self.value, self.since, self.until = value, since, until


class ObjectSchema:
    """
    An object whose properties depend on the microversion.

    Args:
        extra_until: Last microversion in which unknown properties are accepted; 0 is never.
        keywords: Further JSON Schema keywords, which are checked after the properties.
    """

    __slots__ = ("extra_until", "keywords", "nullable", "properties")

    def __init__(self, properties: tuple[Property, ...], extra_until: int, nullable: bool, keywords: Schema) -> None:
        self.properties, self.extra_until = properties, extra_until
        self.nullable, self.keywords = nullable, keywords


def object_schema(*properties: Property, extra_until: int = 0, nullable: bool = False, **keywords: Any) -> ObjectSchema:
    """An object with these properties, which are checked in this order."""
    return ObjectSchema(properties, extra_until, nullable, keywords)


def wrapped_object(key: str, *properties: Property, nullable: bool = False) -> ObjectSchema:
    """The usual request body: an object with the single key *key*, whose value is an object with these properties."""
    return object_schema(Property(key, object_schema(*properties, nullable=nullable), required=True))


def query_schema(*parameters: Property, strict_since: int = NEWEST + 1, **keywords: Any) -> ObjectSchema:
    """A query string, as an object of lists. Before *strict_since*, unknown parameters are ignored."""
    return object_schema(*parameters, extra_until=strict_since - 1, **keywords)


def schema_at(schema: Any, minor: int) -> Any:
    """Return *schema* at the microversion 2.*minor* as plain JSON Schema (2020-12), in the order of checking."""
    if isinstance(schema, ObjectSchema):
        return _object_at(schema, minor)
    if isinstance(schema, dict):
        return {keyword: schema_at(value, minor) for keyword, value in schema.items()}
    if isinstance(schema, list):
        return [schema_at(_plain_value(item), minor) for item in schema if _exists(item, minor)]
    return schema


def _object_at(schema: ObjectSchema, minor: int) -> Schema:
    present = [prop for prop in schema.properties if _exists(prop, minor)]
    plain: Schema = {"type": ["object", "null"] if schema.nullable else "object"}
    plain["properties"] = {prop.name: schema_at(prop.schema, minor) for prop in present}
    if required := [prop.name for prop in present if prop.required]:
        plain["required"] = required
    plain["additionalProperties"] = minor <= schema.extra_until
    return {**plain, **schema_at(schema.keywords, minor)}


def _exists(item: Any, minor: int) -> bool:
    return not isinstance(item, (Property, Value)) or item.since <= minor <= item.until


def _plain_value(item: Any) -> Any:
    return item.value if isinstance(item, Value) else item
