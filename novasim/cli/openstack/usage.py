"""
The notation of a row's operands and options, and the argument parser that is built from it.

    <server>...                 one or more operands (a name in angle brackets is a value)
    [<server>]...               any number of operands
    <interface={public,admin}>  an operand with a choice
    --flavor <flavor>           a required option
    [--long]                    a flag
    [--limit <#count>]          # marks an integer
    [--type {ssh,x509}]         a choice
    [--property <key=value>]... an option that may be repeated; key=value collects a mapping
    [--hard | --soft]           at most one of these; in parentheses: exactly one
    [--volume-type~--type <t>]  ~ separates the names of one option
"""

from __future__ import annotations

import re
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path
from typing import Any, NamedTuple

PART = re.compile(r"\[(?P<optional>[^\]]+)\]|\((?P<required>[^)]+)\)|(?P<plain>-[\w~-]+ (?:<[^>]*>|{[^}]*})|<[^>]*>)")
REPEATED = "..."
PAIR = "key=value"


class Argument(NamedTuple):
    """
    An operand or option.

    Args:
        names: Of the option; empty for an operand.
        value: The name of its value, or its choices in braces; "" for a flag.
        group: The number of its group of exclusive options, or 0. needs_one: whether that group needs one of them.
    """

    names: tuple[str, ...]
    value: str
    is_required: bool
    is_repeated: bool
    group: int = 0
    needs_one: bool = False

    @property
    def key(self) -> str:
        """The attribute of the parsed arguments."""
        key = (self.names[0] if self.names else self.value.partition("={")[0]).strip("-#").replace("-", "_").lower()
        return f"{key}_" if iskeyword(key) else key


class CollectPairs(Action):
    """Collects KEY=VALUE in a mapping."""

    def __call__(self, parser: ArgumentParser, namespace: Namespace, values: Any, option: str | None = None) -> None:
        key, sign, value = values.partition("=")
        if not sign or not key:
            parser.error(f"argument {option}: Expected 'key=value' type, but got: {values}")
        setattr(namespace, self.dest, {**(getattr(namespace, self.dest) or {}), key: value})


def parse_pairs(text: str) -> dict[str, str]:
    """The value KEY=VALUE,KEY=VALUE of an option as a mapping."""
    return dict(part.partition("=")[::2] for part in text.split(","))


def parse_usage(text: str) -> list[Argument]:
    """The arguments that a text in this module's notation describes."""
    arguments = []
    for number, match in enumerate(PART.finditer(text), 1):
        words = next(filter(None, match.groups())).split(" | ")
        is_repeated = text.startswith(REPEATED, match.end())
        for word in words:
            argument = _parse_argument(word, not match["optional"], is_repeated)
            if len(words) > 1:
                argument = argument._replace(group=number, needs_one=argument.is_required, is_required=False)
            arguments.append(argument)
    return arguments


def _parse_argument(text: str, is_required: bool, is_repeated: bool) -> Argument:
    is_repeated = is_repeated or text.endswith(REPEATED)
    name, _, value = text.removesuffix(REPEATED).partition(" ")
    if not name.startswith("-"):
        return Argument((), name.strip("<>"), is_required, is_repeated)
    return Argument(tuple(name.split("~")), value.strip("<>"), is_required, is_repeated)


def read_option_help() -> dict[str, str]:
    """What options do, by their name; "=" follows the name of those that have a value."""
    lines = Path(__file__).with_name("option_help.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


def build_parser(program: str, usage: str, summary: str, texts: Mapping[str, str] | None = None) -> ArgumentParser:
    """
    The parser of a command. Its errors exit with code 2 and its help with code 0, as those of the real client.

    Args:
        texts: What options do, for the help.
    """
    parser = ArgumentParser(prog=program, description=summary)
    groups: dict[int, Any] = {}
    for argument in parse_usage(usage):
        target: Any = parser
        if argument.group:
            if argument.group not in groups:
                groups[argument.group] = parser.add_mutually_exclusive_group(required=argument.needs_one)
            target = groups[argument.group]
        _add_argument(target, argument, texts or {})
    return parser


def _add_argument(parser: Any, argument: Argument, texts: Mapping[str, str]) -> None:
    value, _, choices = argument.value.partition("={")
    options: dict[str, Any] = {"type": int} if value.startswith("#") else {}
    if argument.names:
        options["help"] = texts.get(argument.names[0] + ("=" if value else ""))
    if choices := choices or (value if value.startswith("{") else ""):
        options["choices"] = choices.strip("{}").split(",")
    if value and not value.startswith("{"):
        options["metavar"] = f"<{value.lstrip('#')}>"
    if not argument.names:
        nargs = {(True, True): "+", (False, True): "*", (False, False): "?"}.get(
            (argument.is_required, argument.is_repeated)
        )
        parser.add_argument(argument.key, nargs=nargs, **options)
    elif not value:
        parser.add_argument(*argument.names, dest=argument.key, action="store_true", **options)
    else:
        action: Any = "append" if argument.is_repeated else "store"
        action = CollectPairs if value == PAIR else action
        names, required = argument.names, argument.is_required
        parser.add_argument(*names, dest=argument.key, required=required, action=action, **options)
