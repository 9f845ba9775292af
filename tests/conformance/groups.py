"""Disagreements by request and rule, so that each cause is one entry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.conformance.tally import Disagreement

PARTICULAR = re.compile(r"\{\w+\}|(?<![\w.])\d+(?![\w.])")


class Group(NamedTuple):
    """Disagreements of one request (such as "POST /servers/*/action resize") with one cause."""

    request: str
    rule: str
    members: list[Disagreement]

    def lines(self, examples: int, verbose: bool) -> Iterator[str]:
        """A title, the states, and so many examples with Nova's answer and ours."""
        states = Counter(member.step.condition for member in self.members)
        yield f"{len(self.members)} x {self.request}: {self.rule}"
        yield "    states: " + ", ".join(f"{state} {count}" for state, count in states.most_common(6))
        for member in self.members[:examples]:
            yield from _example(member, 2000 if verbose else 160)


def group(disagreements: Iterable[Disagreement], request: str = "") -> list[Group]:
    """
    Groups of disagreements, the largest first.

    Args:
        request: Only of requests that have this text.
    """
    groups: dict[tuple[str, str], list[Disagreement]] = {}
    for item in disagreements:
        name = PARTICULAR.sub("*", item.step.request)
        if request in name:
            groups.setdefault((name, rule_of(item)), []).append(item)
    result = [Group(name, rule, members) for (name, rule), members in groups.items()]
    return sorted(result, key=lambda item: (-len(item.members), item.request, item.rule))


def rule_of(item: Disagreement) -> str:
    """The codes with the message that decides, or else the fields that differ."""
    theirs, own = item.codes
    if item.mismatches[0][0] == "messages":
        return f"message {_one_line(PARTICULAR.sub('*', str(item.mismatches[0][1])))[:100]}"
    if theirs == own:
        return ", ".join(dict.fromkeys(name for name, _, _ in item.mismatches))
    message = item.messages[0] or item.messages[1] or ""
    return f"Nova {theirs}, novasim {own}: {_one_line(PARTICULAR.sub('*', message))[:100]}".rstrip(": ")


def _example(member: Disagreement, width: int) -> Iterator[str]:
    yield f"    {member.step.where}: {member.step.summary}"
    names = ("code", "key")
    pairs = [pair for pair in member.mismatches if pair[0] not in names]
    for title, position, code, message in (
        ("Nova   ", 1, member.codes[0], member.messages[0]),
        ("novasim", 2, member.codes[1], member.messages[1]),
    ):
        fields = "; ".join(f"{pair[0]}={pair[position]!r}"[:width] for pair in pairs)
        yield "        " + f"{title} {code or ''} {_one_line(message or '')} {fields}".rstrip()[: width * 4]


def _one_line(text: str) -> str:
    return " ".join(text.split())
