"""Policy files (policy.yaml, in oslo.policy's syntax): reading, validation, and a list of all effective rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from novasim.api.policy.defaults import DEFAULTS
from novasim.api.policy.enforcer import Enforcer
from novasim.api.policy.operations import DEPRECATED_RULES, list_operations
from novasim.api.policy.parser import find_references, format_list_rule, parse_rule
from novasim.errors import UsageError
from novasim.suggestions import did_you_mean


class EffectiveRule(NamedTuple):
    """A row of `policy list`; `default` is "" for a rule that Nova does not have."""

    name: str
    check_str: str
    default: str
    operations: tuple[str, ...]


def list_effective_rules(overrides: Mapping[str, str]) -> list[EffectiveRule]:
    """Return all rules, sorted by name: the effective check string, the default, and the requests they guard."""
    enforcer, operations = Enforcer(overrides), list_operations()
    return [
        EffectiveRule(name, enforcer.find_check_str(name), DEFAULTS.get(name, ""), tuple(operations.get(name, ())))
        for name in sorted({*DEFAULTS, *overrides})
    ]


def load_policy_file(path: str) -> dict[str, str]:
    """
    Read a policy file in YAML or JSON.

    Returns:
        Rule name -> check string.

    Raises:
        UsageError: the file is unreadable or malformed, or a rule is invalid or unknown; file, line and rule are named.
    """
    text = _read_text(path)
    overrides = _parse_overrides(path, text)
    (name, message), *others = [*_find_errors(overrides), ("", "")]
    if name:
        more = f" ({len(others) - 1} more of its rules are wrong.)" if len(others) > 1 else ""
        raise UsageError(f"{_locate(path, text, name)}: {name}: {message}{more}")
    return overrides


def _find_errors(overrides: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a rule and a message for each invalid check string, unknown rule and circular reference."""
    known = {*DEFAULTS, *overrides, "default"}
    referenced = {name for check_str in overrides.values() for name in find_references(check_str)}
    of_nova = {*DEFAULTS, *(deprecated.name for deprecated in DEPRECATED_RULES.values()), "default"}
    for name, check_str in overrides.items():
        if name not in of_nova and name not in referenced:
            yield name, f"Nova has no such rule, and no other rule refers to it.{did_you_mean(name, DEFAULTS, 1)}"
        try:
            parse_rule(check_str)
        except UsageError as error:
            yield name, str(error)
        for reference in find_references(check_str):
            if reference not in known:
                yield name, f"There is no rule {reference!r}.{did_you_mean(reference, known, 1)}"
        if cycle := _find_cycle(name, {**DEFAULTS, **overrides}):
            yield name, f"The rule refers back to itself: {' -> '.join(cycle)}."


def _find_cycle(name: str, check_strs: Mapping[str, str]) -> list[str]:
    """Return a path of references from a rule back to itself, or an empty list."""
    paths, seen = [[name]], set()
    while paths:
        path = paths.pop()
        for reference in find_references(check_strs.get(path[-1], "")):
            if reference == name:
                return [*path, name]
            if reference not in seen:
                seen.add(reference)
                paths.append([*path, reference])
    return []


def _read_text(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except UnicodeDecodeError:
        raise UsageError(f"{path}: The file is not UTF-8 text.") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.") from None


def _parse_overrides(path: str, text: str) -> dict[str, str]:
    data = _decode(path, text)
    if not isinstance(data, dict):
        raise UsageError(f"{path}: The file must be a mapping of rule names to checks.")
    return {str(name): _format_check_str(path, text, str(name), check) for name, check in data.items()}


def _decode(path: str, text: str) -> Any:
    """Decode JSON, or else YAML (except for *.json): JSON needs no extra package."""
    try:
        return json.loads(text) if text.strip() else {}
    except RecursionError:
        raise UsageError(f"{path}: The file is nested too deep.") from None
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError) and path.endswith(".json"):
            raise UsageError(f"{path}, line {error.lineno}, column {error.colno}: {error.msg}.") from None
    return _decode_yaml(path, text)


def _decode_yaml(path: str, text: str) -> Any:
    try:
        import yaml
    except ImportError:
        raise UsageError(f"{path}: Reading YAML needs PyYAML; install novasim[yaml], or write JSON.") from None
    try:
        data = yaml.load(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        location = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise UsageError(f"{path}{location}: {problem or 'This is not YAML'}.") from None
    except RecursionError:
        raise UsageError(f"{path}: The file is nested too deep.") from None
    except (ValueError, AttributeError, LookupError, TypeError):  # PyYAML raises these for impossible dates and numbers
        raise UsageError(f"{path}: A value looks like a date or number but is not valid; put it in quotes.") from None
    return {} if data is None else data


def _format_check_str(path: str, text: str, name: str, check: Any) -> str:
    if isinstance(check, str):
        return check
    if isinstance(check, list):
        try:
            return format_list_rule(check)
        except UsageError as error:
            raise UsageError(f"{_locate(path, text, name)}: {name}: {error}") from None
    problem = "Its check is missing" if check is None else f"A check is text, not of the type {type(check).__name__}"
    raise UsageError(f'{_locate(path, text, name)}: {name}: {problem}; "@" allows everyone, "!" no one.')


def _locate(path: str, text: str, name: str) -> str:
    """Return the file and, if it can be found, the line of a rule."""
    start = re.search(rf"""(?m)^[ \t{{]*["']?{re.escape(name)}["']?[ \t]*:""", text)
    return f"{path}, line {text.count(chr(10), 0, start.start()) + 1}" if start else path
