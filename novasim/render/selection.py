"""Selects the columns of `-c` from a view: by title or key, with the keys of the API in JSON and YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from novasim.render.view import View


def select_columns(view: View, names: Sequence[str], keys: Sequence[str] | None = None) -> View:
    """
    The view with only these columns (of one object: these fields), in this order.

    A name is a title of the table, a key of the API, or the part of a key after its prefix, such as power_state; case
    matters only where two names match. JSON and YAML have the
    keys and values that they have without a selection.

    Args:
        keys: The keys that the items of an empty list would have; None to accept any name.

    Raises:
        KeyError: an unknown column.
    """
    if view.single:
        return _select_fields(view, names)
    if isinstance(view.data, Mapping):
        return _select_entries(view, names)
    return _select_list(view, names, names if keys is None else keys)


def _select_fields(view: View, names: Sequence[str]) -> View:
    titles = [str(row[0]) for row in view.rows]
    keys = view.keys or titles
    found = [_find(name, titles, keys, view.data) for name in names]
    rows = [view.rows[index] if index is not None else (key, view.data[key]) for key, index in found]
    return view._replace(rows=rows, data={key: view.data.get(key) for key, _ in found})


def _select_list(view: View, names: Sequence[str], keys: Sequence[str]) -> View:
    known = {key: None for item in view.data for key in item} if view.data else dict.fromkeys(keys)
    found = [_find(name, view.columns, view.keys or view.columns, known) for name in names]
    items = [view.data[index] for index in view.sources] if view.sources else view.data
    return view._replace(
        columns=[key if index is None else view.columns[index] for key, index in found],
        rows=[
            [item.get(key) if index is None else row[index] for key, index in found]
            for row, item in zip(view.rows, items, strict=False)  # a table may show only the first items
        ],
        data=[{key: item.get(key) for key, _ in found} for item in view.data],
        selected=True,
    )


def _find(name: str, titles: Sequence[str], keys: Sequence[str], known: Iterable[str]) -> tuple[str, int | None]:
    """The key of a column, and its index in the table (None if only the data have it). KeyError if it is unknown."""
    for index, (title, key) in enumerate(zip(titles, keys, strict=True)):
        if name == title or (name == key and name.lower() == title.lower()):
            return key, index
    if name in known:
        return name, None
    by_title = {title.lower(): index for index, title in reversed(list(enumerate(titles)))}
    if name.lower() in by_title:
        index = by_title[name.lower()]
        return keys[index], index
    by_key = {key.lower(): key for key in known}
    if name.lower() in by_key:
        return by_key[name.lower()], None
    by_end = {key.lower().rpartition(":")[2]: key for key in known if ":" in key}
    if name.lower() not in by_end:
        raise KeyError(name)
    return _find(by_end[name.lower()], titles, keys, known)


def _select_entries(view: View, names: Sequence[str]) -> View:
    """Select from a table of names and values, such as options: its columns by title, its rows by name."""
    titles = [title.lower() for title in view.columns]
    columns = [titles.index(name.lower()) for name in names if name.lower() in titles] or range(len(titles))
    entries = [name for name in names if name.lower() not in titles] or list(view.data)
    data = {name: view.data[name] for name in entries}
    rows: list[list[Any]] = [[(name, value)[index] for index in columns] for name, value in data.items()]
    return view._replace(columns=[view.columns[index] for index in columns], rows=rows, data=data, selected=True)


def suggest_columns(name: str, view: View) -> str:
    """A sentence with the columns whose title or field is similar to a name; "" if no column is similar."""
    from novasim.suggestions import ask_for_one, find_similar

    titles = [str(row[0]) for row in view.rows] if view.single else list(view.columns)
    known = {title.lower(): title for title in titles}
    return ask_for_one([known[each] for each in find_similar(name.lower(), known)])
