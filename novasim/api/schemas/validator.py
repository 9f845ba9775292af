"""
The first mistake in a value, by a JSON Schema, in the words in which Nova reports it.

Nova asks the jsonschema library and shows the first error it meets, so the order of the keywords in a schema decides.
Only the keywords that the schemas of Nova's requests use exist here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import gt, lt
from typing import Any

from novasim.api.schemas.formats import WHOLE_MESSAGE, problem

Schema = dict[str, Any]
Path = tuple[str | int, ...]


class Mistake:
    """
    What is wrong with a value.

    Args:
        path: Keys and indexes that lead to the value, from the outermost one.
        alone: The message is the whole refusal, and does not say where the value stood.
    """

    __slots__ = ("alone", "message", "path", "value")

    def __init__(self, path: Path, value: Any, message: str, alone: bool = False) -> None:
        self.path, self.value, self.message, self.alone = path, value, message, alone


def first_mistake(schema: Schema, value: Any) -> Mistake | None:
    """The mistake that Nova would report, or None if *value* is as *schema* says."""
    return next(mistakes(schema, value), None)


def mistakes(schema: Schema, value: Any, path: Path = ()) -> Iterator[Mistake]:
    """All mistakes, in the order of the schema's keywords."""
    for keyword, limit in schema.items():
        if keyword in SIMPLE:
            if message := SIMPLE[keyword](limit, value):
                yield Mistake(path, value, message)
        else:
            yield from NESTED[keyword](schema, value, path)


# What a value is


def _is_integer(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


TYPES: dict[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}


def _type(names: str | list[str], value: Any) -> str:
    names = [names] if isinstance(names, str) else names
    if any(TYPES[name](value) for name in names):
        return ""
    return f"{value!r} is not of type {', '.join(map(repr, names))}"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    # True is 1 in Python, but not in JSON.
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _enum(values: list[Any], value: Any) -> str:
    return "" if any(_same(each, value) for each in values) else f"{value!r} is not one of {values!r}"


def _unique(wanted: bool, value: Any) -> str:
    if wanted and isinstance(value, list) and any(_same(one, two) for n, one in enumerate(value) for two in value[:n]):
        return f"{value!r} has non-unique elements"
    return ""


def _pattern(pattern: str, value: Any) -> str:
    if isinstance(value, str) and not re.search(pattern, value):
        return f"{value!r} does not match {pattern!r}"
    return ""


# How much of it there is


def _number(value: Any) -> float | None:
    """The number in *value*, also where it is written as text: Nova compares those too."""
    for kind in (int, float):
        try:
            return kind(value)
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _minimum(limit: float, value: Any) -> str:
    number = _number(value)
    return f"{number!r} is less than the minimum of {limit!r}" if number is not None and number < limit else ""


def _maximum(limit: float, value: Any) -> str:
    number = _number(value)
    return f"{number!r} is greater than the maximum of {limit!r}" if number is not None and number > limit else ""


def _above(limit: float, value: Any) -> str:
    if TYPES["number"](value) and value <= limit:
        return f"{value!r} is less than or equal to the minimum of {limit!r}"
    return ""


def _size(kind: type[Any], wrong: Callable[[int, int], bool], words: str) -> Callable[[int, Any], str]:
    """A check of the length of values of a *kind*: *wrong* compares it with the limit."""
    special, special_words = (1, "should be non-empty") if wrong is lt else (0, "is expected to be empty")

    def check(limit: int, value: Any) -> str:
        if isinstance(value, kind) and wrong(len(value), limit):
            return f"{value!r} {special_words if limit == special else words}"
        return ""

    return check


SIMPLE: dict[str, Callable[[Any, Any], str]] = {
    "enum": _enum,
    "exclusiveMinimum": _above,
    "maximum": _maximum,
    "maxItems": _size(list, gt, "is too long"),
    "maxLength": _size(str, gt, "is too long"),
    "maxProperties": _size(dict, gt, "has too many properties"),
    "minimum": _minimum,
    "minItems": _size(list, lt, "is too short"),
    "minLength": _size(str, lt, "is too short"),
    "minProperties": _size(dict, lt, "does not have enough properties"),
    "pattern": _pattern,
    "type": _type,
    "uniqueItems": _unique,
}

# What is inside it, and what refers to more than one keyword


def _format(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    if problem(name := schema["format"], value):
        yield Mistake(path, value, WHOLE_MESSAGE.get(name, f"{value!r} is not a {name!r}"), name in WHOLE_MESSAGE)


def _properties(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    if isinstance(value, dict):
        for name, inner in schema["properties"].items():
            if name in value:
                yield from mistakes(inner, value[name], (*path, name))


def _pattern_properties(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    if isinstance(value, dict):
        for pattern, inner in schema["patternProperties"].items():
            for name in value:
                if re.search(pattern, name):
                    yield from mistakes(inner, value[name], (*path, name))


def _required(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    if isinstance(value, dict):
        for name in schema["required"]:
            if name not in value:
                yield Mistake(path, value, f"{name!r} is a required property")


def _additional_properties(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    if schema["additionalProperties"] or not isinstance(value, dict):
        return
    if unknown := sorted(unknown_names(schema, value)):
        yield Mistake(path, value, _unknown_message(unknown, sorted(schema.get("patternProperties", ()))))


def unknown_names(schema: Schema, names: dict[str, Any]) -> list[str]:
    """Those of *names* that the schema of an object does not know."""
    patterns = schema.get("patternProperties", ())
    known = schema.get("properties", ())
    return [name for name in names if name not in known and not any(re.search(each, name) for each in patterns)]


def _unknown_message(unknown: list[str], patterns: list[str]) -> str:
    names = ", ".join(map(repr, unknown))
    if patterns:
        verb = "does" if len(unknown) == 1 else "do"
        return f"{names} {verb} not match any of the regexes: {', '.join(map(repr, patterns))}"
    return f"Additional properties are not allowed ({names} {'was' if len(unknown) == 1 else 'were'} unexpected)"


def _items(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from mistakes(schema["items"], item, (*path, index))


def _first_items(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    if isinstance(value, list):
        for index, (item, inner) in enumerate(zip(value, schema["prefixItems"], strict=False)):
            yield from mistakes(inner, item, (*path, index))


def _all_of(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    for inner in schema["allOf"]:
        yield from mistakes(inner, value, path)


def _any_of(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    yield from _none_fits(schema["anyOf"], value, path)


def _one_of(schema: Schema, value: Any, path: Path) -> Iterator[Mistake]:
    # No two alternatives in Nova's schemas fit the same value, so that this is "any of" in other words.
    yield from _none_fits(schema["oneOf"], value, path)


def _none_fits(schemas: list[Schema], value: Any, path: Path) -> Iterator[Mistake]:
    if all(first_mistake(inner, value) for inner in schemas):
        yield Mistake(path, value, f"{value!r} is not valid under any of the given schemas")


NESTED: dict[str, Callable[[Schema, Any, Path], Iterator[Mistake]]] = {
    "additionalProperties": _additional_properties,
    "allOf": _all_of,
    "anyOf": _any_of,
    "format": _format,
    "items": _items,
    "oneOf": _one_of,
    "patternProperties": _pattern_properties,
    "prefixItems": _first_items,
    "properties": _properties,
    "required": _required,
}
