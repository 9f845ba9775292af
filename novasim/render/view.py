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
        short_ids: Ids that may be cut if the terminal is too narrow, because commands accept prefixes of them.
        hide_first: The columns to hide first if the terminal is too narrow.
        selected: Whether the user has selected the columns, so that none may be hidden.
        live: Whether another view replaces this one soon, so that it must not go through a pager.
        keys: What *data* calls the columns of a list, or the rows of one object, in their order.
        sources: The index in *data* that each row is from; empty if each item is one row.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    data: Any
    ids: Sequence[str] = ()
    single: bool = False
    short_ids: Sequence[str] = ()
    hide_first: Sequence[str] = ()
    live: bool = False
    selected: bool = False
    keys: Sequence[str] = ()
    sources: Sequence[int] = ()


def view_object(item: Mapping[str, Any], titles: Mapping[str, str] | None = None, id_key: str = "id") -> View:
    """A view of one object: a row per key, or per title in *titles*, which maps titles to keys."""
    if titles is None:
        rows = [(name, value) for name, value in item.items() if name != "links"]
    else:
        rows = [(title, item.get(key)) for title, key in titles.items()]
    ids = [str(item[id_key])] if item.get(id_key) else []
    return View(("Field", "Value"), rows, item, ids, True, keys=list(titles.values()) if titles else ())


def view_list(
    items: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    id_key: str = "id",
    texts: Sequence[Mapping[str, Any]] = (),
) -> View:
    """
    A view of a list.

    Args:
        columns: The titles of the table and the keys of their values.
        texts: What the table shows instead of some values of each item, by key, such as names instead of ids.
    """
    shown = [{**item, **text} for item, text in zip(items, texts, strict=True)] if texts else items
    rows = [[item.get(key) for key in columns.values()] for item in shown]
    ids = [str(item.get(id_key, "")) for item in items]
    return View(list(columns), rows, list(items), ids, keys=list(columns.values()))


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
