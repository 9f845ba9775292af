"""Policy files (policy.yaml, in oslo.policy's syntax): reading, validation, and a list of all effective rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from novasim.api.policy.defaults import DEFAULTS
from novasim.api.policy.enforcer import MAX_DEPTH, Enforcer
from novasim.api.policy.operations import DEPRECATED_RULES, list_operations
from novasim.api.policy.parser import find_references, format_list_rule, parse_rule
from novasim.errors import UsageError
from novasim.strutils import quote
from novasim.suggestions import did_you_mean
from novasim.yamlutils import parse_yaml, read_text

MAX_SHOWN = 10  # rules of a cycle in an error message


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
    text = read_text(path)
    overrides = _parse_overrides(path, text)
    (name, message), *others = [*_find_errors(overrides), ("", "")]
    if name:
        more = f" ({len(others) - 1} more of its rules are wrong.)" if len(others) > 1 else ""
        raise UsageError(f"{_locate(path, text, name)}: {name}: {message}{more}")
    return overrides


def _find_errors(overrides: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a rule and a message for each invalid check string, unknown rule and circular or too long reference."""
    known = {*DEFAULTS, *overrides, "default"}
    references = {name: find_references(check_str) for name, check_str in {**DEFAULTS, **overrides}.items()}
    referenced = {reference for name in overrides for reference in references[name]}
    of_nova = {*DEFAULTS, *(deprecated.name for deprecated in DEPRECATED_RULES.values()), "default"}
    depths, cycles = _measure_depths(overrides, references)
    for name, check_str in overrides.items():
        if name not in of_nova and name not in referenced:
            yield name, f"Nova has no such rule, and no other rule refers to it.{did_you_mean(name, DEFAULTS, 1)}"
        try:
            parse_rule(check_str)
        except UsageError as error:
            yield name, str(error)
        for reference in references[name]:
            if reference not in known:
                yield name, f"There is no rule {quote(reference)}.{did_you_mean(reference, known, 1)}"
        if name in cycles:
            cycle, start = cycles[name]
            shown = [cycle[(start + number) % len(cycle)] for number in range(min(len(cycle), MAX_SHOWN) + 1)]
            yield name, f"The rule refers back to itself: {' -> '.join(shown)}."
        elif depths[name] > MAX_DEPTH:
            yield name, f"It refers to other rules in more than {MAX_DEPTH} levels."


def _measure_depths(
    names: Iterable[str], references: Mapping[str, list[str]]
) -> tuple[dict[str, int], dict[str, tuple[list[str], int]]]:
    """
    Return the number of levels of rules below each rule, and for rules in a cycle of references the cycle and their
    index in it.

    A rule is visited once, without recursion, since rules can refer to each other in thousands of levels.
    """
    depths: dict[str, int] = {}
    cycles: dict[str, tuple[list[str], int]] = {}
    for name in names:
        path = [] if name in depths else [(name, iter(references.get(name, ())))]
        levels = {rule: 0 for rule, _ in path}  # of the rules in the path
        while path:
            rule, following = path[-1]
            reference = next(following, None)
            if reference is None:
                path.pop()
                depths[rule] = levels.pop(rule)
                if path:
                    levels[path[-1][0]] = max(levels[path[-1][0]], depths[rule] + 1)
            elif reference in levels:
                if rule not in cycles:
                    rules = [each for each, _ in path]
                    cycle = rules[rules.index(reference) :]
                    for number, each in enumerate(cycle):
                        cycles.setdefault(each, (cycle, number))
            elif reference in depths:
                levels[rule] = max(levels[rule], depths[reference] + 1)
            else:
                levels[reference] = 0
                path.append((reference, iter(references.get(reference, ()))))
    return depths, cycles


def _parse_overrides(path: str, text: str) -> dict[str, str]:
    data = _decode(path, text)
    if not isinstance(data, dict):
        raise UsageError(f"{path}: The file must be a mapping of rule names to checks.")
    return {str(name): _format_check_str(path, text, str(name), check) for name, check in data.items()}


def _decode(path: str, text: str) -> Any:
    """Decode JSON, or else YAML (except for *.json): JSON needs no extra package."""
    try:
        return json.loads(text, object_pairs_hook=_unique_pairs) if text.strip() else {}
    except RecursionError:
        raise UsageError(f"{path}: The file is nested too deep.") from None
    except _RepeatedKey as error:
        raise UsageError(f"{_locate(path, text, str(error))}: {error}: The rule occurs twice.") from None
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError) and path.endswith(".json"):
            raise UsageError(f"{path}, line {error.lineno}, column {error.colno}: {error.msg}.") from None
    return parse_yaml(path, text).data


class _RepeatedKey(Exception):
    """A key that occurs twice in an object."""


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, value in pairs:
        if name in data:
            raise _RepeatedKey(name)
        data[name] = value
    return data


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
