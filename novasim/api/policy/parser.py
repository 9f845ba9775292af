"""
The language of policy rules, oslo.policy's: each check string is parsed once, into a function.

Where oslo.policy logs a check that it cannot read and denies, this refuses it, with the place of the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from novasim.errors import UsageError
from novasim.records import Caller

Target = Mapping[str, Any]
Rule = Callable[["Rules", Caller, Target], bool]

_KEYWORDS = ("and", "or", "not")
_LITERALS = ("None", "True", "False")


class Rules(Protocol):
    """What a rule asks of the policy that it is a part of."""

    def follow(self, name: str, caller: Caller, target: Target) -> bool: ...
    def credential(self, name: str, caller: Caller) -> tuple[str, ...]: ...


class Token(NamedTuple):
    """A word or an outer parenthesis of a check string; `at` is its first character, counted from 1."""

    text: str
    at: int


def parse(text: str) -> Rule:
    """
    The function for a check string.

    Raises:
        UsageError: the text is not in the language; the message says where.

    Source: oslo.policy's _parser.py and _checks.py, for the meaning.
    """
    if not text:
        return always
    try:
        return _Reading(text).whole()
    except RecursionError:
        raise UsageError(f"Check {_short(text)}: it is nested too deep.") from None


def references(text: str) -> list[str]:
    """The rules that a check string refers to with `rule:NAME`, in order."""
    return [token.text[5:] for token in tokens(text) if token.text.startswith("rule:")]


def text_of_lists(rule: list[Any]) -> str:
    """
    The check string for the old way of writing: a list of alternatives, each one check or a list of joint ones.

    Raises:
        UsageError: an element is not a single check.
    """
    groups = [each if isinstance(each, list) else [each] for each in rule if each]
    for check in (check for group in groups for check in group):
        if not isinstance(check, str) or [token.text for token in tokens(check)] != [check]:
            what = _short(check) if isinstance(check, str) else f"A value of the type {type(check).__name__}"
            raise UsageError(f"{what} is not a single check, as each element of a list must be.")
    if not rule:
        return "@"
    return " or ".join(" and ".join(group) for group in groups) or "!"


def tokens(text: str) -> Iterator[Token]:
    """The words of a check string. Parentheses count only at the ends of a word: `%(name)s` has its own."""
    at = 0
    for word in text.split():
        at = text.index(word, at)
        opened = word.lstrip("(")
        bare = opened.rstrip(")")
        start = at + len(word) - len(opened)
        yield from (Token("(", place + 1) for place in range(at, start))
        if bare:
            yield Token(bare, start + 1)
        at += len(word)
        yield from (Token(")", place + 1) for place in range(start + len(bare), at))


def always(policy: Rules, caller: Caller, target: Target) -> bool:
    """`@`, and the empty rule."""
    return True


def never(policy: Rules, caller: Caller, target: Target) -> bool:
    """`!`."""
    return False


_CONSTANTS: dict[str, Rule] = {"@": always, "!": never}


class _Reading:
    """One check string, read from left to right: `not` binds closest, then `and`, then `or`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ahead = [*tokens(text), Token("", len(text) + 1)]
        self.ahead.reverse()

    def whole(self) -> Rule:
        rule = self.alternatives()
        if self.ahead[-1].text:
            raise self.wrong("'and', 'or' or the end is expected here")
        return rule

    def alternatives(self) -> Rule:
        rules = [self.conjunction()]
        while self.took("or"):
            rules.append(self.conjunction())
        return rules[0] if len(rules) == 1 else lambda p, c, t: any(rule(p, c, t) for rule in rules)

    def conjunction(self) -> Rule:
        rules = [self.negation()]
        while self.took("and"):
            rules.append(self.negation())
        return rules[0] if len(rules) == 1 else lambda p, c, t: all(rule(p, c, t) for rule in rules)

    def negation(self) -> Rule:
        if self.took("not"):
            rule = self.negation()
            return lambda p, c, t: not rule(p, c, t)
        if not self.took("("):
            return self.check()
        rule = self.alternatives()
        if not self.took(")"):
            raise self.wrong("'and', 'or' or a closing parenthesis is expected here")
        return rule

    def took(self, word: str) -> bool:
        """Whether the next word is this one; then it is passed."""
        found = self.ahead[-1].text.lower() == word
        if found:
            self.ahead.pop()
        return found

    def check(self) -> Rule:
        text = self.ahead[-1].text
        if text in ("", "(", ")") or text.lower() in _KEYWORDS:
            raise self.wrong("a check is missing here")
        rule = _CONSTANTS[text] if text in _CONSTANTS else self.comparison(*text.partition(":"))
        self.ahead.pop()
        return rule

    def comparison(self, kind: str, colon: str, match: str) -> Rule:
        if not kind or not colon:
            raise self.wrong("a check has the form KIND:VALUE, or is @ (always) or ! (never)")
        if kind in ("http", "https"):
            raise self.wrong("checks that ask a web server are not simulated")
        if kind == "rule":
            return lambda p, c, t: p.follow(match, c, t)
        if not _is_template(match):
            raise self.wrong("a value of the target is written %(NAME)s")
        if kind == "role":
            return lambda p, c, t: _has_role(c, _filled(match, t))
        if kind.replace(".", "").isidentifier() and kind not in _LITERALS:
            return lambda p, c, t: _filled(match, t) in p.credential(kind, c)
        literal = self.literal(kind)
        return lambda p, c, t: _filled(match, t) == literal

    def literal(self, kind: str) -> str:
        import ast

        try:
            return str(ast.literal_eval(kind))
        except (ValueError, SyntaxError):
            raise self.wrong(f"{kind} is neither a literal nor an attribute of callers") from None

    def wrong(self, what: str) -> UsageError:
        found = f" at {self.ahead[-1].text!r}" if self.ahead[-1].text else ""
        return UsageError(f"Check {_short(self.text)}, character {self.ahead[-1].at}{found}: {what}.")


def _short(text: str) -> str:
    return repr(text if len(text) <= 100 else text[:97] + "...")


def _is_template(match: str) -> bool:
    """Whether each sign is doubled or begins %(NAME)s."""
    references = (after.partition(")") for after in match.replace("%%", "").split("%")[1:])
    return all(name[:1] == "(" and len(name) > 1 and rest[:1] == "s" for name, _, rest in references)


def _filled(match: str, target: Target) -> str | None:
    """The value with what it refers to in the target; None if the target has no such thing."""
    try:
        return match % target if "%" in match else match
    except KeyError:
        return None


def _has_role(caller: Caller, name: str | None) -> bool:
    return name is not None and name.lower() in (role.lower() for role in caller.roles)
