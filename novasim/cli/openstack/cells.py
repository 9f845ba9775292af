"""Cells of the real client's output: a value that tables show in another form than JSON does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

POWER_STATES = {0: "NOSTATE", 1: "Running", 2: "", 3: "Paused", 4: "Shutdown", 5: "", 6: "Crashed", 7: "Suspended"}


class Cell:
    """
    A value with its form for people.

    Args:
        value: What JSON and `-f value` show. text: What a table shows.
    """

    __slots__ = ("text", "value")

    def __init__(self, value: Any, text: str) -> None:
        self.value, self.text = value, text

    def __lt__(self, other: Any) -> bool:
        return bool(self.value < other.value)

    def __str__(self) -> str:
        return self.text


def format_dict(data: Mapping[str, Any] | None, prefix: str = "") -> str:
    """Mappings as key='value', sorted by key; "None" for None."""
    if data is None:
        return "None"
    return ", ".join(_format_item(f"{prefix}{key}", data[key]) for key in sorted(data))


def _format_item(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return format_dict(value, f"{key}.")
    return f"{key}=" if value is None else f"{key}='{value}'"


def format_list(data: Sequence[Any] | None) -> str:
    """Values in their order of sorting, with commas."""
    return ", ".join(sorted(data or []))


def format_lists(data: Mapping[str, Sequence[str]] | None) -> str:
    """Mappings of lists as key=value, value; key=value."""
    return (
        "; ".join(f"{key}={format_list(data[key])}" for key in sorted(data or {}) if data[key] is not None)
        if data
        else ""
    )


def list_addresses(addresses: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """The addresses of a server by network."""
    return {name: [each["addr"] for each in many] for name, many in (addresses or {}).items()}


def _addresses_cell(value: Any) -> Cell:
    if value is None:
        return Cell({}, "N/A")
    addresses = list_addresses(value)
    return Cell(addresses, format_lists(addresses))


def _dict_cell(value: Any) -> Cell:
    return Cell(dict(value or {}), format_dict(value))


def _list_of_dicts_cell(value: Any) -> Cell:
    return Cell([dict(each) for each in value or []], "\n".join(map(format_dict, value or [])))


CELLS: dict[str, Callable[[Any], Any]] = {
    "addresses": _addresses_cell,
    "admin": lambda value: Cell(value, "UP" if value else "DOWN"),
    "dict": _dict_cell,
    "dicts": _list_of_dicts_cell,
    "empty": lambda value: Cell(value, value or ""),
    "external": lambda value: Cell(value, "External" if value else "Internal"),
    "count": lambda value: value or 0,
    "hours": lambda value: Cell(value, f"{value:.2f}"),
    "list": lambda value: Cell(list(value or []), format_list(value)),
    "lists": lambda value: Cell(dict(value or {}), format_lists(value)),
    "mapping": lambda value: value or {},
    "power": lambda value: Cell(value, POWER_STATES.get(value, "N/A")),
    "str": str,
    "text": lambda value: "" if value is None else value,
}
"""How a column is formatted, by the third part of its specification."""


class Column:
    """
    A column of a list or a field of an object, from its specification "Title|path|format".

    The path is the key in the API's document, with slashes for keys below it. Without one, it is the title: as it is,
    if it has a colon, and otherwise in lower case with underscores.
    """

    __slots__ = ("_format", "_path", "title")

    def __init__(self, text: str) -> None:
        self.title, _, rest = text.partition("|")
        path, _, form = rest.partition("|")
        key = self.title if ":" in self.title else self.title.lower().replace(" ", "_")
        self._path = (path or key).split("/")
        self._format = CELLS[form] if form else None

    def cell(self, item: Any) -> Any:
        """The cell of one item; None if it does not have the attribute."""
        for key in self._path:
            item = item.get(key) if isinstance(item, Mapping) else None
        return self._format(item) if self._format else item


def parse_columns(text: str) -> list[Column]:
    """Columns separated by ", " (titles may contain spaces), or fields separated by spaces."""
    return [Column(part.strip()) for part in (text.split(",") if "," in text else text.split()) if part.strip()]
