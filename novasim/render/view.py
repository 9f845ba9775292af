"""What a command hands over to be shown: rows for people, the object itself for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class View(NamedTuple):
    """
    Something to show.

    Args:
        columns: Titles. rows: one sequence of values per row.
        data: What JSON and YAML show: Nova's own representation.
        ids: What `-q` prints, one a line.
        single: One thing, shown as fields and values, rather than a list.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    data: Any
    ids: Sequence[str] = ()
    single: bool = False


def of_object(thing: Mapping[str, Any]) -> View:
    """A view of one object: a row per key."""
    rows = [(name, value) for name, value in thing.items() if name != "links"]
    return View(("Field", "Value"), rows, thing, [str(thing.get("id", ""))] if thing.get("id") else [], True)


def of_list(things: Sequence[Mapping[str, Any]], columns: Mapping[str, str], id_key: str = "id") -> View:
    """A view of a list: title -> key in each thing."""
    rows = [[thing.get(key) for key in columns.values()] for thing in things]
    return View(list(columns), rows, list(things), [str(thing.get(id_key, "")) for thing in things])


def chosen(view: View, names: Sequence[str]) -> View:
    """
    Only the columns (or, for one object, the fields) named, in the order named; case does not matter.

    Raises:
        KeyError: a name that is not there.
    """
    if not names:
        return view
    if view.single:
        by_name = {str(row[0]).lower(): row for row in view.rows}
        rows = [by_name[name.lower()] for name in names]
        return view._replace(rows=rows, data={row[0]: row[1] for row in rows})
    titles = [title.lower() for title in view.columns]
    places = [titles.index(name.lower()) if name.lower() in titles else _missing(name) for name in names]
    columns = [view.columns[place] for place in places]
    rows = [[row[place] for place in places] for row in view.rows]
    return view._replace(columns=columns, rows=rows, data=[dict(zip(columns, row, strict=True)) for row in rows])


def _missing(name: str) -> int:
    raise KeyError(name)
