"""A report on coverage for people, besides its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import wrap

from novasim.teach.coverage.items import ACTION, MOVE, TITLES
from novasim.teach.coverage.summary import MISSING, REFUSALS, UNREACHABLE, USED, Coverage, Share

HEADLINE = {MOVE: "moves", ACTION: "actions", REFUSALS: "refusals"}
COLUMNS = ("Figure", "Of the lifecycle", "Of what you use", "Out of reach")
WIDTH = 80


def headlines(coverage: Coverage) -> list[str]:
    """Two lines: of the whole action table, and of what the script uses."""
    return [
        f"Of the lifecycle:   {_join_shares(coverage, '')}",
        f"Of what you use:    {_join_shares(coverage, USED)}",
    ]


def _join_shares(coverage: Coverage, ending: str) -> str:
    return ", ".join(f"{coverage.share(name + ending)} {word}" for name, word in HEADLINE.items())


def list_rows(coverage: Coverage) -> list[list[object]]:
    """The rows of the table with the titles COLUMNS."""
    return [_list_cells(coverage, name) for name in TITLES]


def _list_cells(coverage: Coverage, name: str) -> list[object]:
    shares = [_describe(coverage.share(each)) for each in (name, name + USED)]
    return [name, *shares, len(coverage.select(name, UNREACHABLE))]


def _describe(share: Share) -> str:
    return f"{share} ({share.percent} %)" if share.total else "-"


def list_missing(coverage: Coverage) -> Iterator[str]:
    """What is in reach of what the script uses, but was never met; and what is out of reach, and why."""
    missing = {name: [str(each.item) for each in coverage.select(name, MISSING)] for name in TITLES}
    if any(missing.values()):
        yield "Of what you use, these were never met:"
    for name, words in missing.items():
        if words:
            text = f"{TITLES[name]}: {'; '.join(words)}."
            yield from wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    reasons = Counter(each.reason for each in coverage.results if each.state == UNREACHABLE)
    if reasons:
        yield "Out of reach:"
    for reason, number in reasons.most_common():
        yield f"  {reason}: {number}"
