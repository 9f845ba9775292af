"""A cloud's own policy file, policy.yaml in oslo.policy's syntax: read, checked, and listed beside the defaults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from novasim.api.policy.defaults import DEFAULTS
from novasim.api.policy.enforcer import Policy
from novasim.api.policy.operations import PREDECESSORS, operations
from novasim.api.policy.parser import parse, references, text_of_lists
from novasim.errors import UsageError
from novasim.suggestions import did_you_mean


class ListedRule(NamedTuple):
    """A rule as `policy list` shows it; `default` is "" for a rule that Nova does not have."""

    name: str
    check: str
    default: str
    operations: tuple[str, ...]


def listed_rules(overrides: Mapping[str, str]) -> list[ListedRule]:
    """All rules, by name: the check that counts, the default, and the requests that they guard."""
    policy, guarded = Policy(overrides), operations()
    return [
        ListedRule(name, policy.check_of(name), DEFAULTS.get(name, ""), tuple(guarded.get(name, ())))
        for name in sorted({*DEFAULTS, *overrides})
    ]


def load_policy_file(path: str) -> dict[str, str]:
    """
    The overrides that a policy file holds, in YAML or JSON.

    Raises:
        UsageError: unreadable, malformed, or a rule is wrong or unknown; file, line and rule are named.
    """
    text = _text(path)
    overrides = _overrides(path, text)
    first, *others = [*_problems(overrides), ("", "")]
    if first[0]:
        more = f" ({len(others) - 1} more of its rules are wrong.)" if len(others) > 1 else ""
        raise UsageError(f"{_place(path, text, first[0])}: {first[0]}: {first[1]}{more}")
    return overrides


def _problems(overrides: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    known = {*DEFAULTS, *overrides, "default"}
    named = {reference for check in overrides.values() for reference in references(check)}
    nova = {*DEFAULTS, *(former.name for former in PREDECESSORS.values()), "default"}
    for name, check in overrides.items():
        if name not in nova and name not in named:
            yield name, f"Nova has no such rule, and no other rule refers to it.{did_you_mean(name, DEFAULTS)}"
        try:
            parse(check)
        except UsageError as error:
            yield name, str(error)
        for reference in references(check):
            if reference not in known:
                yield name, f"There is no rule {reference!r}.{did_you_mean(reference, known)}"
        if circle := _way_back(name, {**DEFAULTS, **overrides}):
            yield name, f"The rule leads back to itself: {' -> '.join(circle)}."


def _way_back(name: str, checks: Mapping[str, str]) -> list[str]:
    """The rules on a way from a rule to itself; empty if there is no way."""
    ways, seen = [[name]], set()
    while ways:
        way = ways.pop()
        for further in references(checks.get(way[-1], "")):
            if further == name:
                return [*way, name]
            if further not in seen:
                seen.add(further)
                ways.append([*way, further])
    return []


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except UnicodeDecodeError:
        raise UsageError(f"{path}: The file is not UTF-8 text.") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.") from None


def _overrides(path: str, text: str) -> dict[str, str]:
    data = _decoded(path, text)
    if not isinstance(data, dict):
        raise UsageError(f"{path}: A policy file maps names of rules to checks.")
    return {str(name): _check(path, text, str(name), check) for name, check in data.items()}


def _decoded(path: str, text: str) -> Any:
    """JSON needs no further package, and is tried first unless the name says otherwise."""
    try:
        return json.loads(text) if text.strip() else {}
    except RecursionError:
        raise UsageError(f"{path}: The file is nested too deep.") from None
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError) and path.endswith(".json"):
            raise UsageError(f"{path}, line {error.lineno}, column {error.colno}: {error.msg}.") from None
    return _decoded_yaml(path, text)


def _decoded_yaml(path: str, text: str) -> Any:
    try:
        import yaml
    except ImportError:
        raise UsageError(f"{path}: Reading YAML needs PyYAML; install novasim[yaml], or write JSON.") from None
    try:
        found = yaml.load(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise UsageError(f"{path}{where}: {problem or 'This is not YAML'}.") from None
    except RecursionError:
        raise UsageError(f"{path}: The file is nested too deep.") from None
    except (ValueError, AttributeError, LookupError, TypeError):  # PyYAML's own, of impossible dates and numbers
        raise UsageError(f"{path}: A value is not what it looks like, such as a date; put it in quotes.") from None
    return {} if found is None else found


def _check(path: str, text: str, name: str, check: Any) -> str:
    if isinstance(check, str):
        return check
    if isinstance(check, list):
        try:
            return text_of_lists(check)
        except UsageError as error:
            raise UsageError(f"{_place(path, text, name)}: {name}: {error}") from None
    what = "Its check is missing" if check is None else f"A check is text, not of the type {type(check).__name__}"
    raise UsageError(f'{_place(path, text, name)}: {name}: {what}; "@" allows everyone, "!" no one.')


def _place(path: str, text: str, name: str) -> str:
    """The file and, as far as it can be found, the line in which a rule stands."""
    start = re.search(rf"""(?m)^[ \t{{]*["']?{re.escape(name)}["']?[ \t]*:""", text)
    return f"{path}, line {text.count(chr(10), 0, start.start()) + 1}" if start else path
