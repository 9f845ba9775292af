"""Counts what agrees, what differs on purpose and what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from tests.conformance.differences import Finding, Row, row_for

Mismatch = tuple[str, Any, Any]


class Step(NamedTuple):
    """
    One recorded request, told in a way that a person finds it again.

    Args:
        where: The place in the file: "walk 8 step 4".
        told: Who sent what, in one line.
        request, condition: What the columns of differences.md match.
    """

    file: str
    where: str
    told: str
    request: str
    condition: str


class Tally:
    """The result of one file, or the sum of several."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.rows = rows
        self.steps = self.agreed = self.listed = 0
        self.found: list[str] = []
        self.asides: list[str] = []  # informational disagreements
        self.notes: list[str] = []
        self.used: Counter[Row] = Counter()
        self.extras: Counter[tuple[str, bool]] = Counter()

    def judge(self, step: Step, codes: tuple[int, int], mismatches: Sequence[Mismatch], ours: str = "") -> bool:
        """
        Count a step.

        Args:
            codes: The recorded and our code.
            mismatches: The fields that count and differ, with the recorded and our value.
            ours: Our message, if the request was refused.
        """
        self.steps += 1
        if not mismatches:
            self.agreed += 1
            return True
        finding = Finding(step.file, step.request, step.condition, *codes, tuple(mismatches))
        if row := row_for(finding, self.rows):
            self.listed += 1
            self.used[row] += 1
            return True
        told = "; ".join(f"{name} expected {theirs!r}, got {own!r}" for name, theirs, own in mismatches)
        self.found.append(f"{step.where}: {step.told} [{step.condition}]\n    {told}" + (f" ({ours})" if ours else ""))
        return False

    def extra(self, what: str, step: Step, theirs: Any, own: Any) -> None:
        """Count something that is compared for information only."""
        self.extras[what, theirs == own] += 1
        if theirs != own:
            self.asides.append(f"{step.where}: {step.told}\n    {what} expected {theirs!r}, got {own!r}")

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        self.steps += other.steps
        self.agreed += other.agreed
        self.listed += other.listed
        self.used += other.used
        self.extras += other.extras
        self.found += other.found
        self.notes += other.notes

    @property
    def is_clean(self) -> bool:
        """Whether nothing differs but what is listed."""
        return not self.found and not self.notes

    def figures(self) -> str:
        """The informational figures in one line."""
        kinds = dict.fromkeys(what for what, _ in self.extras)
        counts = {what: (self.extras[what, True], self.extras[what, False]) for what in kinds}
        return ", ".join(f"{what} {same} of {same + other}" for what, (same, other) in counts.items())


def differing(pairs: Sequence[Mismatch]) -> list[Mismatch]:
    """The pairs that are not equal; true is not 1."""
    return [
        (name, theirs, own)
        for name, theirs, own in pairs
        if theirs != own or isinstance(theirs, bool) != isinstance(own, bool)
    ]
