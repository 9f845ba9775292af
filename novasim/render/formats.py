"""The output formats: a function each. Only a table pays for rich."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from novasim.render.view import View, cell

MANY = 300  # things in a list from which on orjson earns back its import


def write_json(view: View, out: TextIO) -> None:
    """JSON, indented; letters of all scripts as they are, where the output can take them."""
    if _takes_all(out) and isinstance(view.data, list) and len(view.data) > MANY:
        import orjson

        out.write(orjson.dumps(view.data, option=orjson.OPT_INDENT_2).decode())
    else:
        out.write(json.dumps(view.data, indent=2, ensure_ascii=not _takes_all(out)))
    out.write("\n")


def _takes_all(out: TextIO) -> bool:
    return (getattr(out, "encoding", None) or "utf-8").lower().replace("-", "") in ("utf8", "utf8sig")


def write_yaml(view: View, out: TextIO) -> None:
    """YAML in block style; strings stand in JSON's quotes, which YAML reads alike."""
    text = "\n".join(_yaml(view.data, 0)) + "\n"
    out.write(text if _takes_all(out) else "".join(letter if letter < "\x7f" else _escape(letter) for letter in text))


def _quoted(value: Any) -> str:
    """As JSON, but without the letters that YAML does not take raw."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def _yaml(value: Any, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, Mapping) and value:
        return [line for key, item in value.items() for line in _entry(f"{pad}{_word(key)}:", item, depth)]
    if isinstance(value, list | tuple) and value:
        return [line for item in value for line in _item(pad, item, depth)]
    return [pad + _quoted(value)]


def _entry(head: str, item: Any, depth: int) -> list[str]:
    if isinstance(item, Mapping | list | tuple) and item:
        return [head, *_yaml(item, depth + 1)]
    return [f"{head} {_quoted(item)}"]


def _item(pad: str, item: Any, depth: int) -> list[str]:
    lines = _yaml(item, depth + 1)
    return [f"{pad}- {lines[0].lstrip()}", *lines[1:]]


YAML_WORDS = frozenset("y n yes no on off true false null".split())


def _word(key: Any) -> str:
    text = str(key)
    plain = text.replace("_", "").isalpha() and text.isascii() and text.lower() not in YAML_WORDS
    return text if plain else _quoted(text)


def write_csv(view: View, out: TextIO) -> None:
    """CSV with a line of titles."""
    import csv

    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(view.columns)
    writer.writerows([[cell(value) for value in row] for row in view.rows])


def write_value(view: View, out: TextIO) -> None:
    """Bare values: for one object a line each, for a list a line per row."""
    for row in view.rows:
        values = [row[1]] if view.single else row
        out.write(" ".join(str(cell(value)) for value in values) + "\n")


def write_table(view: View, out: TextIO) -> None:
    """A table for people."""
    from novasim.render.table import draw

    draw(view, out)


FORMATS: dict[str, Callable[[View, TextIO], None]] = {
    "table": write_table,
    "json": write_json,
    "yaml": write_yaml,
    "csv": write_csv,
    "value": write_value,
}
