"""Fits a table to a narrow terminal: shorter ids and times, fewer columns, and the width of each column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

LONGEST_WORD = 38  # cells: as wide as an id in brackets; longer words are broken
SHORT_NAME = 12  # cells: a name is broken at this width rather than a column that matters more is hidden
PROSE = ("Why not", "Summary")  # columns of sentences, in which a long word is broken rather than the column is hidden
NARROWEST_PROSE = 20  # cells
LONGEST_FIELD = 35  # of the name of a field, so that an id has room beside it in 80 columns
FIRST_HIDDEN = ("Networks", "Image", "Flavor", "Request")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")
LAST_HIDDEN = ("Project", "ID", "Event", "Start", "Result", "Task", "Action", "Status")  # in this order
TIME = re.compile(r"\d{4}-(?P<day>\d\d-\d\d)T(?P<minute>\d\d:\d\d)(?P<second>:\d\d)(\.\d+)?Z?\Z")

Row = Sequence[str]


class Fitted(NamedTuple):
    """
    The part of a table that fits.

    Args:
        widths: Of each column, in cells.
        hidden: The titles of the columns that are left out.
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    widths: Sequence[int]
    hidden: Sequence[str] = ()


def fit_list(
    columns: Sequence[str],
    rows: Sequence[Row],
    width: int,
    ids: Sequence[str] = (),
    hides: bool = True,
    hide_first: Sequence[str] = (),
) -> Fitted:
    """
    Make a table as narrow as *width* cells. Ids, statuses and other words of up to 38 cells are never broken.

    Only names of servers and other resources are, if an id, status or time would have to be hidden instead.

    Args:
        ids: Values that may be shortened, because commands accept their first characters.
        hides: Whether columns may be hidden; otherwise words are broken if nothing else helps.
        hide_first: The columns that are hidden before all others.
    """
    if _total(_widths(columns, rows)) > width:
        rows = _shorten_times(_shorten_ids(rows, ids))
    left, hidden, breaks = _hide(columns, rows, width, hide_first) if hides else (list(range(len(columns))), [], False)
    columns, rows = [columns[index] for index in left], [[row[index] for index in left] for row in rows]
    narrowest = _narrowest(columns, rows, range(len(columns)), breaks)
    return Fitted(columns, rows, _distribute(_widths(columns, rows), narrowest, width), hidden)


def fit_fields(columns: Sequence[str], rows: Sequence[Row], width: int) -> Fitted | None:
    """A table of fields and values that is as narrow as *width* cells; None if words would have to be broken."""
    if _total(_widths(columns, rows)) > width:
        rows = [(_break_field(name), value) for name, value in rows]
    fields, values = _narrowest(columns, rows, range(2))
    narrowest = [min(fields, LONGEST_FIELD), values]
    if _total(narrowest) > width:
        return None
    return Fitted(columns, rows, _distribute(_widths(columns, rows), narrowest, width))


def _break_field(name: str) -> str:
    """The name of a field on two lines if it is too long for one, such as os-extended-volumes:volumes_attached."""
    return name.replace(":", ":\n") if cell_len(name) > LONGEST_FIELD else name


def _total(widths: Sequence[int]) -> int:
    """The width of a table with its borders."""
    return sum(widths) + 3 * len(widths) + 1


def _widths(columns: Sequence[str], rows: Sequence[Row]) -> list[int]:
    """The widths of columns whose cells are not broken."""
    return [
        max(cell_len(line) for cell in cells for line in cell.split("\n")) for cells in zip(columns, *rows, strict=True)
    ]


def _narrowest(
    columns: Sequence[str], rows: Sequence[Row], left: Sequence[int], breaks_names: bool = False
) -> list[int]:
    """The widths of columns whose cells are broken between words only; long names anywhere if *breaks_names*."""
    widths = [max(_longest_word(row[index]) for row in (columns, *rows)) for index in left]
    widths = [
        min(wide, NARROWEST_PROSE) if columns[index] in PROSE else wide
        for index, wide in zip(left, widths, strict=True)
    ]
    if not breaks_names:
        return widths
    return [
        min(wide, SHORT_NAME) if columns[index] == "Name" else wide for index, wide in zip(left, widths, strict=True)
    ]


def _longest_word(text: str) -> int:
    return min(max(map(cell_len, text.split()), default=0), LONGEST_WORD)


def _hide(
    columns: Sequence[str], rows: Sequence[Row], width: int, hide_first: Sequence[str]
) -> tuple[list[int], list[str], bool]:
    """The columns that fit, the titles of the others in the order of hiding, and whether names are broken."""
    left, breaks_names = list(range(len(columns))), False
    hidden: list[str] = []
    while len(left) > 1 and _total(_narrowest(columns, rows, left, breaks_names)) > width:
        column = _choose_hidden(columns, rows, left, hide_first)
        if columns[column] in LAST_HIDDEN and "Name" in columns and not breaks_names:
            breaks_names = True
            continue
        left.remove(column)
        hidden.append(columns[column])
    return left, hidden, breaks_names


def _choose_hidden(columns: Sequence[str], rows: Sequence[Row], left: Sequence[int], hide_first: Sequence[str]) -> int:
    """The column to hide next: after those that are hidden first, the ids of other resources, which are wide."""
    by_title = {columns[index]: index for index in left}
    candidates = [index for index in reversed(left[1:]) if columns[index] not in ("Name", *LAST_HIDDEN)]
    references = [columns[index] for index in candidates if any(ID.fullmatch(row[index]) for row in rows)]
    order = [*hide_first, *FIRST_HIDDEN, *references, *(columns[index] for index in candidates), *LAST_HIDDEN]
    return next((by_title[title] for title in order if title in by_title), left[-1])


def _distribute(natural: Sequence[int], narrowest: Sequence[int], width: int) -> list[int]:
    """The widths of columns that fit together. The column with the most room to spare is narrowed first."""
    widths = list(natural)
    while _total(widths) > width and max(widths) > 1:
        spare = [wide - narrow for wide, narrow in zip(widths, narrowest, strict=True)]
        best = max(spare)
        widths[spare.index(best) if best > 0 else widths.index(max(widths))] -= 1
    return widths


def _shorten_ids(rows: Sequence[Row], ids: Sequence[str]) -> list[Row]:
    """The rows with ids cut to the shortest length at which they differ, but at least eight characters."""
    length = next((n for n in range(8, 37) if len({id[:n] for id in ids}) == len(set(ids))), 36)
    known = set(ids)
    return [[cell[:length] if cell in known else cell for cell in row] for row in rows]


def _shorten_times(rows: Sequence[Row]) -> list[Row]:
    """The rows with times without their date, or without year and seconds if a column has several dates."""
    return [list(row) for row in zip(*map(_shorten_column, zip(*rows, strict=True)), strict=True)]


def _shorten_column(cells: Row) -> Row:
    found = [TIME.match(cell) for cell in cells]
    days = {match["day"] for match in found if match}
    if not days:
        return cells
    form = r"\g<minute>\g<second>" if len(days) == 1 else r"\g<day>T\g<minute>"
    return [match.expand(form) if match else cell for match, cell in zip(found, cells, strict=True)]
