"""How request schemas are written down: JSON Schema, plus the microversions in which each part of it exists."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

ALWAYS = 9999
"""A last microversion 2.N (as N) beyond every real one."""

ANY: Schema = {}
"""The schema that everything satisfies."""


# Plain classes, as a NamedTuple takes half a millisecond to define and every request comes by here.


class P:
    """
    A property of an object. One name may stand in several lines, with different microversions.

    Args:
        since, until: First and last microversion 2.N (as N) in which it exists.
    """

    __slots__ = ("name", "required", "schema", "since", "until")

    def __init__(
        self, name: str, schema: Any = ANY, required: bool = False, since: int = 1, until: int = ALWAYS
    ) -> None:
        self.name, self.schema, self.required = name, schema, required
        self.since, self.until = since, until


class V:
    """An allowed value that not every microversion has; it stands in a list such as that of "enum"."""

    __slots__ = ("since", "until", "value")

    def __init__(self, value: Any, since: int = 1, until: int = ALWAYS) -> None:
        self.value, self.since, self.until = value, since, until


class Obj:
    """
    An object whose properties depend on the microversion.

    Args:
        open_until: Last microversion in which unknown properties are let through; 0 is never.
        more: Further keywords, which are checked after the properties.
    """

    __slots__ = ("more", "nullable", "open_until", "properties")

    def __init__(self, properties: tuple[P, ...], open_until: int, nullable: bool, more: Schema) -> None:
        self.properties, self.open_until, self.nullable, self.more = properties, open_until, nullable, more


def obj(*properties: P, open_until: int = 0, nullable: bool = False, **more: Any) -> Obj:
    """An object with these properties. Mistakes are found in the order in which they stand here."""
    return Obj(properties, open_until, nullable, more)


def body(key: str, *properties: P, nullable: bool = False) -> Obj:
    """The usual body of a request: an object with a single key, and the properties of what is behind it."""
    return obj(P(key, obj(*properties, nullable=nullable), required=True))


def query(*parameters: P, strict: int = ALWAYS, **more: Any) -> Obj:
    """A query string, as an object of lists. Until the microversion *strict*, what is unknown is ignored."""
    return obj(*parameters, open_until=strict - 1, **more)


def at(schema: Any, minor: int) -> Any:
    """What *schema* is at the microversion 2.*minor*: plain JSON Schema (2020-12), in the order of checking."""
    if isinstance(schema, Obj):
        return _object_at(schema, minor)
    if isinstance(schema, dict):
        return {keyword: at(value, minor) for keyword, value in schema.items()}
    if isinstance(schema, list):
        return [at(_value(item), minor) for item in schema if _exists(item, minor)]
    return schema


def _object_at(form: Obj, minor: int) -> Schema:
    present = [prop for prop in form.properties if _exists(prop, minor)]
    schema: Schema = {"type": ["object", "null"] if form.nullable else "object"}
    schema["properties"] = {prop.name: at(prop.schema, minor) for prop in present}
    if required := [prop.name for prop in present if prop.required]:
        schema["required"] = required
    schema["additionalProperties"] = minor <= form.open_until
    return {**schema, **at(form.more, minor)}


def _exists(item: Any, minor: int) -> bool:
    return not isinstance(item, (P, V)) or item.since <= minor <= item.until


def _value(item: Any) -> Any:
    return item.value if isinstance(item, V) else item
