"""
The output formats, one function each. Only a table imports rich.

YAML is written here in 40 lines, since PyYAML is an extra, costs 12 ms to import, and is slower. Tests read it with
PyYAML.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TextIO

from novasim.render.output import escape_controls, escape_json, escape_line, is_control, is_unicode
from novasim.render.view import View, format_cell

ORJSON_ITEMS = 300  # for longer lists orjson is worth its import
TEXT_FIELDS = frozenset({"private_key", "public_key"})
"""Fields of several lines. If one of them is the only value of the output, `value` prints its lines."""


def write_json(view: View, out: TextIO) -> None:
    """Indented JSON. Characters that the output cannot encode, and controls on a terminal, are escaped."""
    text = _dump_json(view.data, is_unicode(out))
    out.write(escape_json(text) if out.isatty() else text)
    out.write("\n")


def _dump_json(data: Any, unicode: bool) -> str:
    if unicode and isinstance(data, list) and len(data) > ORJSON_ITEMS:
        with suppress(ImportError, TypeError):  # half a surrogate pair, which JSON can name and orjson refuses
            import orjson

            return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()
    return json.dumps(data, indent=2, ensure_ascii=not unicode)


def write_yaml(view: View, out: TextIO) -> None:
    """YAML in block style, with strings in JSON's quotes, which YAML reads the same way."""
    text = "\n".join(_yaml_lines(view.data, 0)) + "\n"
    out.write(text if is_unicode(out) else "".join(char if char < "\x7f" else _escape(char) for char in text))


def _quote(value: Any) -> str:
    """As JSON, with escapes for control characters and for others that YAML does not allow."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else "".join(_escape(c) if is_control(c) or c in NOT_YAML else c for c in text)


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _yaml_lines(value: Any, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, Mapping) and value:
        return [line for key, item in value.items() for line in _entry_lines(f"{pad}{_yaml_key(key)}:", item, depth)]
    if isinstance(value, list | tuple) and value:
        return [line for item in value for line in _item_lines(pad, item, depth)]
    return [pad + _quote(value)]


def _entry_lines(head: str, item: Any, depth: int) -> list[str]:
    if isinstance(item, Mapping | list | tuple) and item:
        return [head, *_yaml_lines(item, depth + 1)]
    return [f"{head} {_quote(item)}"]


def _item_lines(pad: str, item: Any, depth: int) -> list[str]:
    lines = _yaml_lines(item, depth + 1)
    return [f"{pad}- {lines[0].lstrip()}", *lines[1:]]


NOT_YAML = "\ufffe\uffff"
YAML_WORDS = frozenset("y n yes no on off true false null".split())


def _yaml_key(key: Any) -> str:
    text = str(key)
    plain = text.replace("_", "").isalpha() and text.isascii() and text.lower() not in YAML_WORDS
    return text if plain else _quote(text)


def write_csv(view: View, out: TextIO) -> None:
    """
    CSV with a header line and one line per record: line breaks are escaped.

    A cell that begins with =, +, - or @ stays as it is, since a script must get the name that the server has. A
    spreadsheet program may take it for a formula; the manual says how to import it as text.
    """
    import csv

    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_line_cell(title, out) for title in view.columns])
    writer.writerows([[_line_cell(value, out) for value in row] for row in view.rows])


def _line_cell(value: Any, out: TextIO) -> Any:
    cell = format_cell(value)
    return escape_line(cell, out) if isinstance(cell, str) else cell


def write_value(view: View, out: TextIO) -> None:
    """Values only: one per line for an object, one row per line for a list. Line breaks within them are escaped."""
    if view.single and len(view.rows) == 1 and view.rows[0][0] in TEXT_FIELDS:
        text = str(format_cell(view.rows[0][1])).removesuffix("\n")
        out.write((escape_controls(text, keep="\n\t") if out.isatty() else text) + "\n")
        return
    for row in view.rows:
        values = [row[1]] if view.single else row
        out.write(" ".join(str(_line_cell(value, out)) for value in values) + "\n")


def write_shell(view: View, out: TextIO) -> None:
    """
    Assignments that a shell can evaluate: name=value for an object, name_1=value, name_2=value for the rows of a list.

    Values are quoted so that the shell takes them literally. Characters of a name besides letters
    and digits are "_".
    """
    if view.single:
        items = [(str(row[0]), row[1]) for row in view.rows]
    else:
        items = [
            (f"{title}_{number}", cell)
            for number, row in enumerate(view.rows, 1)
            for title, cell in zip(view.columns, row, strict=True)
        ]
    for name, value in items:
        out.write(f"{_variable(name)}={shlex.quote(str(_line_cell(value, out)))}\n")


def _variable(name: str) -> str:
    text = "".join(char if char.isalnum() and char.isascii() else "_" for char in name.lower())
    return f"_{text}" if text[:1].isdigit() else text


def write_table(view: View, out: TextIO) -> None:
    """A table for people."""
    from novasim.render.table import print_table

    print_table(view, out)


FORMATS: dict[str, Callable[[View, TextIO], None]] = {
    "table": write_table,
    "json": write_json,
    "yaml": write_yaml,
    "csv": write_csv,
    "value": write_value,
    "shell": write_shell,
}
