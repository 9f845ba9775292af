"""Coverage in figures: of the whole action table, and of what a script uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from novasim.errors import UsageError
from novasim.records.entry import Entry
from novasim.suggestions import suggest_names
from novasim.teach.coverage.counter import Evidence, count_entries
from novasim.teach.coverage.items import TITLES, Item, all_items
from novasim.teach.coverage.reach import explain_unreachable
from novasim.teach.graph.edges import ANY, NOWHERE

MET, MISSING, UNUSED, UNREACHABLE = "met", "missing", "unused", "out of reach"
USED = ".used"  # ends the name of a figure of what a script uses
REFUSALS = "refusals"  # all dimensions that begin with it


def find_dimensions(name: str) -> list[str]:
    """The dimensions of a group such as "refusals", or a dimension alone; empty for another name."""
    return [each for each in TITLES if each == name or each.startswith(f"{name}.")]


class Share(NamedTuple):
    """How many items of some were met."""

    met: int
    total: int

    @property
    def percent(self) -> int:
        """In percent, rounded down; 100 of nothing."""
        return self.met * 100 // self.total if self.total else 100

    def reaches(self, percent: float) -> bool:
        """Whether it is at least this percentage."""
        return self.met * 100 >= percent * self.total

    def __str__(self) -> str:
        return f"{self.met} of {self.total}"


class Result(NamedTuple):
    """
    What became of an item.

    Args:
        state: MET, MISSING (of what the script uses), UNUSED (its action or status is not used) or UNREACHABLE.
        times: How often it was met. reason: why it is out of reach.
    """

    item: Item
    state: str
    times: int = 0
    reason: str = ""


class Coverage:
    """What records have met of the lifecycle."""

    def __init__(self, records: Iterable[Iterable[Entry]]) -> None:
        evidence = count_entries(records)
        self.results = [_judge(item, evidence) for item in all_items()]

    def select(self, name: str, *states: str) -> list[Result]:
        """The results of a dimension, or of all of a group such as "refusals"; only those in these states."""
        names = find_dimensions(name)
        return [each for each in self.results if each.item.dimension in names and (not states or each.state in states)]

    def share(self, name: str) -> Share:
        """A figure: of a dimension or group; of what the script uses if the name ends with ".used"."""
        states = (MET, MISSING) if name.endswith(USED) else ()
        found = self.select(name.removesuffix(USED), *states)
        return Share(sum(each.state == MET for each in found), len(found))

    def describe(self) -> dict[str, Any]:
        """All figures and items, for JSON."""
        return {
            "dimensions": {name: self._describe_dimension(name) for name in TITLES},
            "items": [
                each.item._asdict() | {"state": each.state, "times": each.times, "reason": each.reason}
                for each in self.results
            ],
        }

    def _describe_dimension(self, name: str) -> dict[str, Any]:
        absolute, used = self.share(name), self.share(name + USED)
        return {
            "met": absolute.met,
            "total": absolute.total,
            "percent": absolute.percent,
            "used": {"met": used.met, "total": used.total, "percent": used.percent},
            "out_of_reach": len(self.select(name, UNREACHABLE)),
        }


def _judge(item: Item, evidence: Evidence) -> Result:
    if count := evidence.counts.get(item, 0):
        return Result(item, MET, count)
    if reason := explain_unreachable(item, evidence):
        return Result(item, UNREACHABLE, reason=reason)
    is_visited = item.source in ("", ANY, NOWHERE) or item.source in evidence.statuses
    return Result(item, MISSING if item.action in evidence.actions and is_visited else UNUSED)


def list_differences(old: Coverage, new: Coverage) -> list[tuple[str, Item]]:
    """What only one of two has met: "lost" (only the old one) or "gained" (only the new one), with the item."""
    pairs = [
        (before.item, before.state == MET, after.state == MET)
        for before, after in zip(old.results, new.results, strict=True)
    ]
    return [("lost" if was_met else "gained", item) for item, was_met, is_met in pairs if was_met != is_met]


def list_figures() -> list[str]:
    """The names of all figures that a threshold can be set for."""
    names = [*TITLES, REFUSALS]
    return [*names, *(name + USED for name in names)]


def parse_thresholds(text: str) -> dict[str, float]:
    """
    Read thresholds such as "moves=80,refusals.used=60".

    Returns:
        Percentages, by the names of figures.

    Raises:
        UsageError: a figure is unknown, or a percentage is not a number from 0 to 100.
    """
    return dict(_parse_threshold(part.strip()) for part in text.split(","))


def _parse_threshold(text: str) -> tuple[str, float]:
    name, _, number = (part.strip() for part in text.partition("="))
    if name not in list_figures():
        names = suggest_names(name, list_figures()) or f" Figures: {', '.join(list_figures())}."
        raise UsageError(f"There is no figure {name!r}.{names}")
    try:
        percent = float(number)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise UsageError(f"{name}={number} is not a percentage from 0 to 100, such as {name}=80.")
    return name, percent


def find_shortfalls(coverage: Coverage, thresholds: dict[str, float]) -> list[str]:
    """The figures that are below their thresholds, in words."""
    shares = {name: coverage.share(name) for name in thresholds}
    return [
        f"{name}: {share} ({share.percent} %), and {thresholds[name]:g} % are required"
        for name, share in shares.items()
        if not share.reaches(thresholds[name])
    ]
