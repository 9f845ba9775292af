"""Checks the fields of records that callers of the library give."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from novasim.errors import UsageError
from novasim.records.base import Record, describe_types, types_of_fields
from novasim.strutils import quote
from novasim.suggestions import suggest_names


def check_arguments(kind: type[Record], values: Mapping[str, Any], names: Collection[str], what: str) -> None:
    """
    Refuse names that are not among *names*, and values of another type than the field of the record.

    Args:
        what: The thing with these fields, such as "a fault".

    Raises:
        UsageError: The message says what is possible.
    """
    types = types_of_fields(kind)
    for name, value in values.items():
        if name not in names:
            raise UsageError(f"There is no field {name!r} of {what}.{suggest_names(name, names)}")
        check_type(name, value, types[name])


def check_type(name: str, value: object, types: Collection[type]) -> None:
    """Raise UsageError for a value of another type. True and False are not numbers."""
    if (isinstance(value, bool) and bool not in types) or not isinstance(value, tuple(types)):
        raise UsageError(f"{name} must be {describe_types(set(types) - {type(None)})}, not {quote(value)}.")
