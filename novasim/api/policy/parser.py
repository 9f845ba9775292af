"""
A parser for oslo.policy's check strings: each is parsed once, into a function that performs the check.

Where oslo.policy logs a check string that it cannot parse and denies, this module raises an error with the position.
A test compares it with oslo.policy, which is not used here because importing it would double a command's start-up time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from novasim.errors import UsageError
from novasim.records import Caller

Target = Mapping[str, Any]
Check = Callable[["RuleChecker", Caller, Target], bool]

_OPERATORS = ("and", "or", "not")
_LITERALS = ("None", "True", "False")
_MAX_QUOTED = 100  # characters of a check string in an error message


class RuleChecker(Protocol):
    """The part of the enforcer that checks need."""

    def check_rule(self, name: str, caller: Caller, target: Target) -> bool: ...
    def credential_values(self, name: str, caller: Caller) -> tuple[str, ...]: ...


class Token(NamedTuple):
    """A word or an outer parenthesis of a check string; *position* is that of its first character, from 1."""

    text: str
    position: int


def parse_rule(check_str: str) -> Check:
    """
    Parse a check string.

    Raises:
        UsageError: the check string is malformed; the message contains the position.

    Source: oslo.policy, _parser.py and _checks.py.
    """
    if not check_str:
        return check_true
    try:
        return _Parser(check_str).parse()
    except RecursionError:
        raise UsageError(f"Check {_quote(check_str)}: it is nested too deep.") from None


def find_references(check_str: str) -> list[str]:
    """Return the names of the rules to which a check string refers with `rule:NAME`, in order."""
    return [token.text[5:] for token in tokenize(check_str) if token.text.startswith("rule:")]


def format_list_rule(rule: list[Any]) -> str:
    """
    Convert oslo.policy's old list syntax to a check string.

    Args:
        rule: Alternatives; each is a check, or a list of checks that must all be true.

    Raises:
        UsageError: an element is not a single check.
    """
    groups = [group if isinstance(group, list) else [group] for group in rule if group]
    for check_str in (check_str for group in groups for check_str in group):
        _check_single(check_str)
    if not rule:
        return "@"
    return " or ".join(" and ".join(group) for group in groups) or "!"


def _check_single(check_str: Any) -> None:
    if not isinstance(check_str, str) or [token.text for token in tokenize(check_str)] != [check_str]:
        kind = type(check_str).__name__
        value = _quote(check_str) if isinstance(check_str, str) else f"A value of the type {kind}"
        raise UsageError(f"{value} is not a single check, as each element of a list must be.")


def tokenize(check_str: str) -> Iterator[Token]:
    """Yield the tokens of a check string. Only parentheses at the ends of a word are tokens: `%(name)s` is one word."""
    position = 0
    for word in check_str.split():
        position = check_str.index(word, position)
        without_opening = word.lstrip("(")
        bare = without_opening.rstrip(")")
        start = position + len(word) - len(without_opening)
        yield from (Token("(", index + 1) for index in range(position, start))
        if bare:
            yield Token(bare, start + 1)
        position += len(word)
        yield from (Token(")", index + 1) for index in range(start + len(bare), position))


def check_true(_checker: RuleChecker, caller: Caller, target: Target) -> bool:
    """The check `@`, and the empty check string."""
    return True


def check_false(_checker: RuleChecker, caller: Caller, target: Target) -> bool:
    """The check `!`."""
    return False


_CONSTANTS: dict[str, Check] = {"@": check_true, "!": check_false}


class _Parser:
    """A recursive descent parser for one check string: `not` binds tighter than `and`, and `and` than `or`."""

    def __init__(self, check_str: str) -> None:
        self.check_str = check_str
        self.tokens = [*tokenize(check_str), Token("", len(check_str) + 1)]
        self.tokens.reverse()

    def parse(self) -> Check:
        check = self.parse_or()
        if self.tokens[-1].text:
            raise self.syntax_error("'and', 'or' or the end is expected here")
        return check

    def parse_or(self) -> Check:
        checks = [self.parse_and()]
        while self.accept("or"):
            checks.append(self.parse_and())
        return checks[0] if len(checks) == 1 else lambda e, c, t: any(check(e, c, t) for check in checks)

    def parse_and(self) -> Check:
        checks = [self.parse_not()]
        while self.accept("and"):
            checks.append(self.parse_not())
        return checks[0] if len(checks) == 1 else lambda e, c, t: all(check(e, c, t) for check in checks)

    def parse_not(self) -> Check:
        if self.accept("not"):
            check = self.parse_not()
            return lambda e, c, t: not check(e, c, t)
        if not self.accept("("):
            return self.parse_check()
        check = self.parse_or()
        if not self.accept(")"):
            raise self.syntax_error("'and', 'or' or a closing parenthesis is expected here")
        return check

    def accept(self, word: str) -> bool:
        """Consume the next token if it is *word*; return whether it was."""
        is_next = self.tokens[-1].text.lower() == word
        if is_next:
            self.tokens.pop()
        return is_next

    def parse_check(self) -> Check:
        text = self.tokens[-1].text
        if text in ("", "(", ")") or text.lower() in _OPERATORS:
            raise self.syntax_error("a check is missing here")
        check = _CONSTANTS[text] if text in _CONSTANTS else self.parse_comparison(*text.partition(":"))
        self.tokens.pop()
        return check

    def parse_comparison(self, kind: str, colon: str, match: str) -> Check:
        if not kind or not colon:
            raise self.syntax_error("a check has the form KIND:VALUE, or is @ (always) or ! (never)")
        if kind in ("http", "https"):
            raise self.syntax_error("checks that ask a web server are not simulated")
        if kind == "rule":
            return lambda e, c, t: e.check_rule(match, c, t)
        if not _is_template(match):
            raise self.syntax_error("write a value of the target as %(NAME)s")
        if kind == "role":
            return lambda e, c, t: _has_role(c, _fill_template(match, t))
        if kind.replace(".", "").isidentifier() and kind not in _LITERALS:
            return lambda e, c, t: _fill_template(match, t) in e.credential_values(kind, c)
        literal = self.parse_literal(kind)
        return lambda e, c, t: _fill_template(match, t) == literal

    def parse_literal(self, kind: str) -> str:
        import ast

        try:
            return str(ast.literal_eval(kind))
        except (ValueError, SyntaxError):
            raise self.syntax_error(f"{kind} is neither a literal nor an attribute of callers") from None

    def syntax_error(self, message: str) -> UsageError:
        token = self.tokens[-1]
        text = f" at {token.text!r}" if token.text else ""
        return UsageError(f"Check {_quote(self.check_str)}, character {token.position}{text}: {message}.")


def _quote(text: str) -> str:
    return repr(text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 3] + "...")


def _is_template(match: str) -> bool:
    """Whether each percent sign is doubled or begins %(NAME)s."""
    fields = (after.partition(")") for after in match.replace("%%", "").split("%")[1:])
    return all(name[:1] == "(" and len(name) > 1 and rest[:1] == "s" for name, _, rest in fields)


def _fill_template(match: str, target: Target) -> str | None:
    """Return *match* with the values of the target; None if the target lacks a value."""
    try:
        return match % target if "%" in match else match
    except KeyError:
        return None


def _has_role(caller: Caller, name: str | None) -> bool:
    return name is not None and name.lower() in (role.lower() for role in caller.roles)
