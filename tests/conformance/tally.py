"""Counts the steps that agree, those with a listed difference, and those that disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from tests.conformance.comparison import Mismatch
from tests.conformance.differences import Finding, Row, row_for

Messages = tuple[str | None, str | None]


class Step(NamedTuple):
    """
    One recorded request, described so that a person finds it again.

    Args:
        where: The place in the file: "walk 8 step 4".
        summary: Caller, microversion, method, path and body in one line.
        request, condition: What the columns of differences.md match.
    """

    file: str
    where: str
    summary: str
    request: str
    condition: str


class Disagreement(NamedTuple):
    """
    A step that differs: the recorded and our code and message, and each field that differs.

    `codes` are (0, 0) where something differs that does not count.
    """

    step: Step
    codes: tuple[int, int]
    messages: Messages
    mismatches: tuple[Mismatch, ...]

    def __str__(self) -> str:
        pairs = "; ".join(f"{name} expected {theirs!r}, got {own!r}" for name, theirs, own in self.mismatches)
        ours = f" ({self.messages[1]})" if self.messages[1] else ""
        return f"{self.step.where}: {self.step.summary} [{self.step.condition}]\n    {pairs}{ours}"


class Tally:
    """The result of one file, or the sum of several."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.rows = rows
        self.steps = self.agreed = self.listed = 0
        self.disagreements: list[Disagreement] = []
        self.asides: list[Disagreement] = []  # for information
        self.notes: list[str] = []
        self.used: Counter[Row] = Counter()
        self.extras: Counter[tuple[str, bool]] = Counter()

    def judge(
        self,
        step: Step,
        codes: tuple[int, int],
        mismatches: Sequence[Mismatch],
        messages: Messages = (None, None),
    ) -> None:
        """
        Count a step.

        Args:
            codes: The recorded and our code.
            mismatches: The fields that count and differ, with the recorded and our value.
            messages: The recorded and our message, if there are any.
        """
        self.steps += 1
        if not mismatches:
            self.agreed += 1
            return
        finding = Finding(step.file, step.request, step.condition, *codes, tuple(mismatches), messages[1])
        if row := row_for(finding, self.rows):
            self.listed += 1
            self.used[row] += 1
        else:
            self.disagreements.append(Disagreement(step, codes, messages, tuple(mismatches)))

    def extra(self, what: str, step: Step, theirs: Any, own: Any) -> None:
        """Count something that is compared for information only."""
        self.extras[what, theirs == own] += 1
        if theirs != own:
            self.asides.append(Disagreement(step, (0, 0), (None, None), ((what, theirs, own),)))

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.steps += other.steps
        self.agreed += other.agreed
        self.listed += other.listed
        self.used += other.used
        self.extras += other.extras
        self.disagreements += other.disagreements
        self.asides += other.asides
        self.notes += other.notes

    @property
    def is_clean(self) -> bool:
        """Whether only listed differences were found."""
        return not self.disagreements and not self.notes

    def figures(self) -> str:
        """The informational figures in one line."""
        kinds = dict.fromkeys(what for what, _ in self.extras)
        counts = {what: (self.extras[what, True], self.extras[what, False]) for what in kinds}
        return ", ".join(f"{what} {same} of {same + other}" for what, (same, other) in counts.items())
