"""
Names and values of extra specs, as Nova validates them from 2.86.

A name in a known namespace must be known. Names in other namespaces, and unknown names without one, are free.

Source: nova/api/validation/extra_specs/validators.py and base.py.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from novasim.errors import BadRequest
from novasim.strutils import bool_from_string

PLACEHOLDERS = {
    "number": r"\d+",
    "path": r"(:\w+)*",
    "any": ".+",
    "group": "([a-zA-Z0-9_-]{1,64})?",
    "name": "[A-Z0-9_]+",
}


class Spec(NamedTuple):
    """
    One known extra spec.

    Args:
        name: A regular expression for the name. value: The constraint on the value, in the notation of known.txt.
    """

    name: str
    value: str


def check_extra_spec(name: str, value: str) -> None:
    """
    Check one extra spec.

    Raises:
        BadRequest: an unknown name in a known namespace, or a value of the wrong kind (400).
    """
    spec = _find_spec(name)
    if spec is not None:
        kind, _, rest = spec.value.partition(" ")
        if problem := _CHECKS[kind](value, rest):
            raise BadRequest(reason=f"Validation failed; '{value}' {problem}")
    elif ":" in name and any(re.fullmatch(known, name.split(":", 1)[0]) for known in _namespaces()):
        raise BadRequest(reason=f"Validation failed; extra spec '{name}' does not appear to be a valid extra spec.")


@cache
def _specs() -> dict[str, Spec]:
    """All known extra specs, by their names in known.txt."""
    lines = files(__package__).joinpath("known.txt").read_text("utf-8").splitlines()
    pairs = [re.split(" {2,}", line, maxsplit=1) for line in lines if not line.startswith("#")]
    return {name: Spec(_expression(name), value) for name, value in pairs}


def _expression(name: str) -> str:
    parts = re.split(r"<(\w+)>", name)
    return "".join(PLACEHOLDERS[part] if number % 2 else re.escape(part) for number, part in enumerate(parts))


@cache
def _namespaces() -> frozenset[str]:
    """Expressions for the known namespaces. Names without a namespace have none."""
    return frozenset(_expression(name.split(":", 1)[0]) for name in _specs() if ":" in name)


def _find_spec(name: str) -> Spec | None:
    specs = _specs()
    return specs.get(name) or next((spec for spec in specs.values() if re.fullmatch(spec.name, name)), None)


def _check_text(value: str, rest: str) -> str:
    return ""


def _check_choice(value: str, rest: str) -> str:
    choices = rest.removeprefix("of ").split()
    return "" if value in choices else f"is not one of: {', '.join(choices)}."


def _check_pattern(value: str, pattern: str) -> str:
    return "" if re.fullmatch(pattern, value) else f"is not of the format '{pattern}'."


def _check_integer(value: str, rest: str) -> str:
    try:
        number = int(value)
    except ValueError:
        return "is not a valid integer value."
    bounds = dict(re.findall(r"(from|to) (\d+)", rest))
    if "to" in bounds and number > int(bounds["to"]):
        return f"is greater than the max value of '{bounds['to']}'."
    if "from" in bounds and number < int(bounds["from"]):
        return f"is less than the min value of '{bounds['from']}'."
    return ""


def _check_boolean(value: str, rest: str) -> str:
    try:
        bool_from_string(value, strict=True)
    except ValueError:
        return "is not a valid boolean-like value."
    return ""


_CHECKS = {
    "text": _check_text,
    "one": _check_choice,
    "matches": _check_pattern,
    "integer": _check_integer,
    "boolean": _check_boolean,
}
