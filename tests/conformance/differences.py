"""The differences from Nova that are meant: read from differences.md beside this file."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

TABLE = Path(__file__).parent / "differences.md"
COLUMNS = ("file", "request", "condition", "recorded", "ours", "why")


class Finding(NamedTuple):
    """
    One place where our answer is not the recorded one.

    Args:
        file: The kind of recording: walks, matrix, tasks, validation, queries or views.
        request: The request, as "POST /servers/{s1}/action rebuild" or as the name of a row of the matrix.
        condition: The circumstances, as "active/locked/member".
        fields: Each field that differs with the recorded and our value; "code" comes first if it is among them.
        our_message: The message of our refusal, if there is one.
    """

    file: str
    request: str
    condition: str
    code: int
    our_code: int
    fields: tuple[tuple[str, Any, Any], ...]
    our_message: str | None = None


class Row(NamedTuple):
    """
    One listed difference. The first three columns are patterns with * and ?.

    `recorded` and `ours` begin with the code. Where the codes are the same, `field=value` follows for every
    field that may differ, again as a pattern; where the codes differ, so may everything that follows from them,
    and `ours` may go on with `message=` and a pattern of our message.
    """

    file: str
    request: str
    condition: str
    recorded: str
    ours: str
    why: str

    def covers(self, finding: Finding) -> bool:
        """Whether this row tells of the finding."""
        places = ((finding.file, self.file), (finding.request, self.request), (finding.condition, self.condition))
        if not all(fnmatchcase(value, pattern) for value, pattern in places):
            return False
        code, *recorded = self.recorded.split()
        our_code, *ours = self.ours.split()
        if (code, our_code) != (str(finding.code), str(finding.our_code)):
            return False
        if code != our_code:
            return all(_has([cell], "message", finding.our_message) for cell in ours)
        return all(_has(recorded, name, theirs) and _has(ours, name, own) for name, theirs, own in finding.fields)


def _has(cells: list[str], name: str, value: Any) -> bool:
    return any(fnmatchcase(f"{name}={value}", cell) for cell in cells)


def parse_table(text: str) -> list[Row]:
    """
    The rows of every Markdown table that has the six columns.

    Raises:
        ValueError: a row of such a table has not six cells, or an empty one.
    """
    rows, inside = [], False
    for line in text.splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split(" | ")]
        if not line.startswith("|"):
            inside = False
        elif tuple(cells) == COLUMNS:
            inside = True
        elif inside and set(line) - set("|- :"):
            if len(cells) != len(COLUMNS) or not all(cells):
                raise ValueError(f"differences.md: this row needs {len(COLUMNS)} filled cells: {line}")
            rows.append(Row(*cells))
    return rows


def read_table(path: Path = TABLE) -> list[Row]:
    """All listed differences."""
    return parse_table(path.read_text(encoding="utf-8"))


def row_for(finding: Finding, rows: Iterable[Row]) -> Row | None:
    """The listed difference that covers a finding."""
    return next((row for row in rows if row.covers(finding)), None)
