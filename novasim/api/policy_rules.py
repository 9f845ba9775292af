"""The language of policy rules (oslo.policy's): parsed once into functions of policy, caller and target."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from novasim.errors import UsageError
from novasim.records import Caller

if TYPE_CHECKING:
    from novasim.api.policy import Policy

Target = Mapping[str, Any]
Rule = Callable[["Policy", Caller, Target], bool]

_TOKEN = re.compile(r"\s*(\(|\)|[^\s()]*%\([^)]*\)s|'[^']*':[^\s()]+|[^\s()]+)")
_REFERENCE = re.compile(r"%\(([^)]*)\)s\Z")


def always(policy: Policy, caller: Caller, target: Target) -> bool:
    """`@`, and the empty rule."""
    return True


def never(policy: Policy, caller: Caller, target: Target) -> bool:
    """`!`."""
    return False


def parse(text: str) -> Rule:
    """
    The function for a check string.

    Raises:
        UsageError: the text is not in the language; the message says where.
    """
    if not text.strip():
        return always
    tokens = _TOKEN.findall(text)
    rule, rest = _alternatives(tokens, text)
    if rest:
        raise UsageError(f"Policy rule {text!r}: unexpected {rest[0]!r}.")
    return rule


def _alternatives(tokens: list[str], text: str) -> tuple[Rule, list[str]]:
    rules, tokens = _series(tokens, text, "or", _conjunction)
    return (rules[0] if len(rules) == 1 else lambda p, c, t: any(rule(p, c, t) for rule in rules)), tokens


def _conjunction(tokens: list[str], text: str) -> tuple[Rule, list[str]]:
    rules, tokens = _series(tokens, text, "and", _negation)
    return (rules[0] if len(rules) == 1 else lambda p, c, t: all(rule(p, c, t) for rule in rules)), tokens


def _series(
    tokens: list[str], text: str, word: str, part: Callable[[list[str], str], tuple[Rule, list[str]]]
) -> tuple[list[Rule], list[str]]:
    rule, tokens = part(tokens, text)
    rules = [rule]
    while tokens and tokens[0].lower() == word:
        rule, tokens = part(tokens[1:], text)
        rules.append(rule)
    return rules, tokens


def _negation(tokens: list[str], text: str) -> tuple[Rule, list[str]]:
    if tokens and tokens[0].lower() == "not":
        rule, tokens = _negation(tokens[1:], text)
        return (lambda p, c, t: not rule(p, c, t)), tokens
    return _atom(tokens, text)


def _atom(tokens: list[str], text: str) -> tuple[Rule, list[str]]:
    if not tokens or tokens[0] == ")" or tokens[0].lower() in ("and", "or"):
        raise UsageError(f"Policy rule {text!r}: a check is missing{' before ' + repr(tokens[0]) if tokens else ''}.")
    if tokens[0] != "(":
        return _check(tokens[0], text), tokens[1:]
    rule, tokens = _alternatives(tokens[1:], text)
    if not tokens:
        raise UsageError(f"Policy rule {text!r}: a closing parenthesis is missing.")
    return rule, tokens[1:]


def _check(token: str, text: str) -> Rule:
    if token in ("@", "!"):
        return always if token == "@" else never
    kind, colon, match = token.partition(":")
    if not colon:
        raise UsageError(f"Policy rule {text!r}: {token!r} is no check; a check has the form kind:value.")
    if kind in ("http", "https"):
        raise UsageError(f"Policy rule {text!r}: checks by HTTP are not simulated.")
    if kind == "rule":
        return lambda p, c, t: p.follow(match, c, t)
    if kind == "role":
        return lambda p, c, t: (_value(match, t) or "").lower() in {role.lower() for role in c.roles}
    return lambda p, c, t: _left(kind, p, c, t) == _value(match, t)


def _left(kind: str, policy: Policy, caller: Caller, target: Target) -> str | None:
    """The caller's attribute, or a literal in quotes."""
    if kind[:1] in "'\"":
        return kind.strip("'\"")
    if kind == "is_admin":
        return str(policy.allows("context_is_admin", caller, target))
    value = getattr(caller, kind, None)
    return None if value is None else str(value)


def _value(match: str, target: Target) -> str | None:
    """The text itself, or what %(name)s refers to in the target."""
    reference = _REFERENCE.match(match)
    if reference is None:
        return match
    value = target.get(reference[1])
    return "None" if value is None else str(value)
