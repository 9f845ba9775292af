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
        shorten_ids: Whether commands take the shorten_ids of these ids as well, so that these will do where a terminal
            has no room for the whole.
        live: Whether another view takes its place soon, so that no pager may stop at it.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    data: Any
    ids: Sequence[str] = ()
    single: bool = False
    shorten_ids: bool = False
    live: bool = False


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

    In a list a column can also be named as the API names the attribute, whether the table has it or not.

    Raises:
        KeyError: a name that is not there.
    """
    if not names:
        return view
    if view.single:
        by_name = {str(row[0]).lower(): row for row in view.rows}
        rows = [by_name[name.lower()] for name in names]
        return view._replace(rows=rows, data={row[0]: row[1] for row in rows})
    picked = [_column(view, name) for name in names]
    columns = [title for title, _ in picked]
    rows = [list(row) for row in zip(*(values for _, values in picked), strict=True)]
    return view._replace(columns=columns, rows=rows, data=[dict(zip(columns, row, strict=True)) for row in rows])


def _column(view: View, name: str) -> tuple[str, list[Any]]:
    """Title and values of one column."""
    titles = [title.lower() for title in view.columns]
    if name.lower() in titles:
        place = titles.index(name.lower())
        return view.columns[place], [row[place] for row in view.rows]
    things = view.data if isinstance(view.data, list) else ()
    if things == []:
        return name, []
    keys = {key.lower(): key for thing in things for key in thing}
    if name.lower() not in keys:
        raise KeyError(name)
    return keys[name.lower()], [thing.get(keys[name.lower()]) for thing in things]


def cell(value: Any) -> Any:
    """A value on one line: mappings as key='value', lists joined by commas, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        shown = ((key, cell(item)) for key, item in value.items() if key != "links")
        return ", ".join(f"{key}={item!r}" if isinstance(item, str) else f"{key}={item}" for key, item in shown)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(cell(item)) for item in value)
    return value
