"""The output of a command: rows for people, the object itself for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from novasim.render.output import escape_controls


class View(NamedTuple):
    """
    Output of a command.

    Args:
        columns: Titles. rows: One sequence of values per row.
        data: What JSON and YAML show: Nova's representation.
        ids: What `-q` prints, one per line.
        single: Whether it is one object, shown as fields and values, rather than a list.
        shorten_ids: Whether ids may be cut if the terminal is too narrow, because commands accept prefixes of them.
        selected: Whether the user has selected the columns, so that none may be hidden.
        live: Whether another view replaces this one soon, so that it must not go through a pager.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    data: Any
    ids: Sequence[str] = ()
    single: bool = False
    shorten_ids: bool = False
    live: bool = False
    selected: bool = False


def view_object(item: Mapping[str, Any]) -> View:
    """A view of one object: a row per key."""
    rows = [(name, value) for name, value in item.items() if name != "links"]
    return View(("Field", "Value"), rows, item, [str(item.get("id", ""))] if item.get("id") else [], True)


def view_list(items: Sequence[Mapping[str, Any]], columns: Mapping[str, str], id_key: str = "id") -> View:
    """A view of a list. *columns* are the titles of the table and the keys of their values."""
    rows = [[item.get(key) for key in columns.values()] for item in items]
    return View(list(columns), rows, list(items), [str(item.get(id_key, "")) for item in items])


def select_columns(view: View, names: Sequence[str]) -> View:
    """
    The view with only these columns (of one object: these fields), in this order. Case is ignored.

    A column of a list can also be an attribute of the API that is not in the table.

    Raises:
        KeyError: an unknown column.
    """
    if not names:
        return view
    if view.single:
        by_name = {str(row[0]).lower(): row for row in view.rows}
        if unknown := [name for name in names if name.lower() not in by_name]:
            raise KeyError(unknown[0])
        rows = [by_name[name.lower()] for name in names]
        return view._replace(rows=rows, data={row[0]: row[1] for row in rows})
    selected = [_column(view, name) for name in names]
    columns = [title for title, _ in selected]
    rows = [list(row) for row in zip(*(values for _, values in selected), strict=True)]
    data = [dict(zip(columns, row, strict=True)) for row in rows]
    return view._replace(columns=columns, rows=rows, data=data, selected=True)


def _column(view: View, name: str) -> tuple[str, list[Any]]:
    """Title and values of one column."""
    titles = [title.lower() for title in view.columns]
    if name.lower() in titles:
        index = titles.index(name.lower())
        return view.columns[index], [row[index] for row in view.rows]
    items = view.data if isinstance(view.data, list) else ()
    if items == []:
        return name, []
    keys = {key.lower(): key for item in items for key in item}
    if name.lower() not in keys:
        raise KeyError(name)
    return keys[name.lower()], [item.get(keys[name.lower()]) for item in items]


def quote_text(text: str) -> str:
    """The text in quotes as Python writes it; letters stay that Python calls not printable, such as joined emoji."""
    if text.isprintable():
        return repr(text)
    quote = '"' if "'" in text and '"' not in text else "'"
    return quote + escape_controls(text.replace("\\", "\\\\").replace(quote, "\\" + quote)) + quote


def format_cell(value: Any) -> Any:
    """A value on one line: mappings as key='value', lists with commas, None as an empty text."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        cells = ((key, format_cell(item)) for key, item in value.items() if key != "links")
        return ", ".join(f"{key}={quote_text(item) if isinstance(item, str) else item}" for key, item in cells)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(format_cell(item)) for item in value)
    return value
