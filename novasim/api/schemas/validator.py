"""
A small JSON Schema validator, with the error messages that Nova shows.

Nova calls the jsonschema library and reports the first error, so the order of the keywords in a schema matters. Only
the keywords of Nova's request schemas are supported. A test compares this module with jsonschema, which is not used
here because importing it would double a command's start-up time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import gt, lt
from typing import Any

from novasim.api.schemas.formats import WHOLE_MESSAGE, has_wrong_format

Schema = dict[str, Any]
Path = tuple[str | int, ...]


class ValidationError:
    """
    An error in a value.

    Args:
        path: Keys and indexes that lead to the value, from the outermost.
        is_whole_message: The message is the complete refusal; Nova adds no location to it.
    """

    __slots__ = ("is_whole_message", "message", "path", "value")

    def __init__(self, path: Path, value: Any, message: str, is_whole_message: bool = False) -> None:
        self.path, self.value, self.message, self.is_whole_message = path, value, message, is_whole_message

    def within(self, key: str | int) -> ValidationError:
        """The error as one in the value that has the present value at *key*."""
        self.path = (key, *self.path)
        return self


def first_error(schema: Schema, value: Any) -> ValidationError | None:
    """Return the error that Nova would report, the first in the order of keywords; None if *value* is valid."""
    for keyword, limit in schema.items():
        if check := SIMPLE.get(keyword):
            if message := check(limit, value):
                return ValidationError((), value, message)
        elif error := NESTED[keyword](schema, value):
            return error
    return None


# Types and values


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
    if isinstance(names, str):
        return "" if TYPES[names](value) else f"{value!r} is not of type {names!r}"
    for name in names:
        if TYPES[name](value):
            return ""
    return f"{value!r} is not of type {', '.join(map(repr, names))}"


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_equal(left[key], right[key]) for key in left)
    # True is 1 in Python, but not in JSON.
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def _enum(values: list[Any], value: Any) -> str:
    return "" if any(_equal(each, value) for each in values) else f"{value!r} is not one of {values!r}"


def _unique_items(is_required: bool, value: Any) -> str:
    if is_required and isinstance(value, list) and len(set(map(_hashable, value))) < len(value):
        return f"{value!r} has non-unique elements"
    return ""


def _hashable(value: Any) -> Any:
    """A value that can be in a set; it equals that of another value if the two are equal in JSON."""
    if isinstance(value, dict):
        return dict, frozenset((name, _hashable(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return list, tuple(map(_hashable, value))
    return (bool, value) if isinstance(value, bool) else value


def _pattern(pattern: str, value: Any) -> str:
    if isinstance(value, str) and not re.search(pattern, value):
        return f"{value!r} does not match {pattern!r}"
    return ""


# Limits


def _number(value: Any) -> float | None:
    """Return the value as a number, even if it is text that contains a number: Nova compares those too."""
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


def _exclusive_minimum(limit: float, value: Any) -> str:
    if TYPES["number"](value) and value <= limit:
        return f"{value!r} is less than or equal to the minimum of {limit!r}"
    return ""


def _length(kind: type[Any], wrong: Callable[[int, int], bool], words: str) -> Callable[[int, Any], str]:
    """Return a check of the length of values of type *kind*; *wrong* compares a length with the limit."""
    special, special_words = (1, "should be non-empty") if wrong is lt else (0, "is expected to be empty")

    def check(limit: int, value: Any) -> str:
        if isinstance(value, kind) and wrong(len(value), limit):
            return f"{value!r} {special_words if limit == special else words}"
        return ""

    return check


SIMPLE: dict[str, Callable[[Any, Any], str]] = {
    "enum": _enum,
    "exclusiveMinimum": _exclusive_minimum,
    "maximum": _maximum,
    "maxItems": _length(list, gt, "is too long"),
    "maxLength": _length(str, gt, "is too long"),
    "maxProperties": _length(dict, gt, "has too many properties"),
    "minimum": _minimum,
    "minItems": _length(list, lt, "is too short"),
    "minLength": _length(str, lt, "is too short"),
    "minProperties": _length(dict, lt, "does not have enough properties"),
    "pattern": _pattern,
    "type": _type,
    "uniqueItems": _unique_items,
}

# Nested values, and checks that need more than one keyword


def _format(schema: Schema, value: Any) -> ValidationError | None:
    if not has_wrong_format(name := schema["format"], value):
        return None
    return ValidationError((), value, WHOLE_MESSAGE.get(name, f"{value!r} is not a {name!r}"), name in WHOLE_MESSAGE)


def _properties(schema: Schema, value: Any) -> ValidationError | None:
    if isinstance(value, dict):
        for name, inner in schema["properties"].items():
            if name in value and (error := first_error(inner, value[name])):
                return error.within(name)
    return None


def _pattern_properties(schema: Schema, value: Any) -> ValidationError | None:
    if isinstance(value, dict):
        for pattern, inner in schema["patternProperties"].items():
            for name in value:
                if re.search(pattern, name) and (error := first_error(inner, value[name])):
                    return error.within(name)
    return None


def _required(schema: Schema, value: Any) -> ValidationError | None:
    if isinstance(value, dict):
        for name in schema["required"]:
            if name not in value:
                return ValidationError((), value, f"{name!r} is a required property")
    return None


def _additional_properties(schema: Schema, value: Any) -> ValidationError | None:
    if schema["additionalProperties"] or not isinstance(value, dict):
        return None
    if unknown := sorted(unknown_names(schema, value)):
        return ValidationError((), value, _unknown_message(unknown, sorted(schema.get("patternProperties", ()))))
    return None


def unknown_names(schema: Schema, names: dict[str, Any]) -> list[str]:
    """Return those of *names* that the schema of an object does not define."""
    patterns = schema.get("patternProperties", ())
    known = schema.get("properties", ())
    return [name for name in names if name not in known and not any(re.search(each, name) for each in patterns)]


def _unknown_message(unknown: list[str], patterns: list[str]) -> str:
    names = ", ".join(map(repr, unknown))
    if patterns:
        verb = "does" if len(unknown) == 1 else "do"
        return f"{names} {verb} not match any of the regexes: {', '.join(map(repr, patterns))}"
    return f"Additional properties are not allowed ({names} {'was' if len(unknown) == 1 else 'were'} unexpected)"


def _items(schema: Schema, value: Any) -> ValidationError | None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            if error := first_error(schema["items"], item):
                return error.within(index)
    return None


def _first_items(schema: Schema, value: Any) -> ValidationError | None:
    if isinstance(value, list):
        for index, (item, inner) in enumerate(zip(value, schema["prefixItems"], strict=False)):
            if error := first_error(inner, item):
                return error.within(index)
    return None


def _all_of(schema: Schema, value: Any) -> ValidationError | None:
    for inner in schema["allOf"]:
        if error := first_error(inner, value):
            return error
    return None


def _any_of(schema: Schema, value: Any) -> ValidationError | None:
    return _check_alternatives(schema["anyOf"], value)


def _one_of(schema: Schema, value: Any) -> ValidationError | None:
    # The alternatives in Nova's schemas exclude each other, so "oneOf" is the same as "anyOf".
    return _check_alternatives(schema["oneOf"], value)


def _check_alternatives(schemas: list[Schema], value: Any) -> ValidationError | None:
    for inner in schemas:
        if first_error(inner, value) is None:
            return None
    return ValidationError((), value, f"{value!r} is not valid under any of the given schemas")


NESTED: dict[str, Callable[[Schema, Any], ValidationError | None]] = {
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
