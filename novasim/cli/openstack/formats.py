"""The output formats of the real client: table, json, value, yaml, csv (lists) and shell (one object)."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TextIO

from novasim.cli.openstack.cells import Cell

LIST_FORMATS = ("csv", "json", "table", "value", "yaml")
OBJECT_FORMATS = ("json", "shell", "table", "value", "yaml")
MIN_WIDTHS = {True: 8, False: 16}  # of a column that is made narrower, in characters: of a list, of an object
QUOTING = {"all": 1, "minimal": 0, "none": 3, "nonnumeric": 2}  # as in the module csv


class Output(NamedTuple):
    """
    What a command shows.

    Args:
        titles: Of the columns of a list, or of the fields of an object. rows: a sequence of cells for each row.
    """

    titles: Sequence[str]
    rows: Sequence[Sequence[Any]]
    is_list: bool = True


class OutputError(Exception):
    """None of the columns that the user named exists."""


def select(output: Output, names: Sequence[str]) -> Output:
    """
    The output with only the columns that `-c` names, in their original order.

    Raises:
        OutputError: none of them exists.
    """
    if not names:
        return output
    wanted = {normalize(name) for name in names}
    left = [index for index, title in enumerate(output.titles) if normalize(title) in wanted]
    if not left:
        titles = tuple(output.titles) if not output.is_list else list(output.titles)
        raise OutputError(f"No recognized column names in {list(names)}. Recognized columns are {tuple(titles)}.")
    rows = [[row[index] for index in left] for row in output.rows]
    return output._replace(titles=[output.titles[index] for index in left], rows=rows)


def normalize(title: str) -> str:
    """The form in which titles are compared."""
    return title.lower().strip().replace(" ", "_")


def sort_rows(output: Output, names: Sequence[str], is_descending: bool) -> Output:
    """Sort by the columns named first to last. Unknown columns, and those that cannot be sorted, are ignored."""
    titles, rows = [normalize(title) for title in output.titles], list(output.rows)
    for name in reversed(names):
        if normalize(name) in titles:
            index = titles.index(normalize(name))
            with suppress(TypeError):
                rows = sorted(rows, key=lambda row: (row[index] is None, row[index]), reverse=is_descending)
    return output._replace(rows=rows)


def plain(cell: Any) -> Any:
    """The value of a cell for programs."""
    return cell.value if isinstance(cell, Cell) else cell


def write(output: Output, args: Namespace, out: TextIO) -> None:
    """Write in the format of `-f`."""
    WRITERS[args.formatter](output, args, out)


def _records(output: Output) -> list[dict[str, Any]]:
    return [dict(zip(output.titles, map(plain, row), strict=True)) for row in output.rows]


def _write_json(output: Output, args: Namespace, out: TextIO) -> None:
    records = _records(output)
    json.dump(records if output.is_list else records[0], out, indent=None if args.noindent else 2)
    out.write("\n")


def _write_yaml(output: Output, args: Namespace, out: TextIO) -> None:
    from novasim.cli.openstack.yaml import dump_yaml

    records = _records(output)
    if output.is_list:
        out.write(dump_yaml(records))
    else:
        out.write("".join(dump_yaml({key: value}) for key, value in records[0].items()))


def _write_value(output: Output, args: Namespace, out: TextIO) -> None:
    rows = output.rows if output.is_list else [[cell] for cell in output.rows[0]]
    for row in rows:
        out.write(" ".join(str(plain(cell)) for cell in row) + "\n")


def _write_csv(output: Output, args: Namespace, out: TextIO) -> None:
    import csv

    writer = csv.writer(out, quoting=QUOTING[args.quote_mode], lineterminator=os.linesep, escapechar="\\")  # type: ignore[arg-type]
    writer.writerow(output.titles)
    for row in output.rows:
        writer.writerow([str(cell.value) if isinstance(cell, Cell) else cell for cell in row])


def _write_shell(output: Output, args: Namespace, out: TextIO) -> None:
    for title, cell in zip(output.titles, output.rows[0], strict=True):
        name = title.lower().replace(" ", "_")
        if args.variables and name not in args.variables:
            continue
        value = str(cell.value) if isinstance(cell, Cell) else cell
        text = value.replace('"', '\\"') if isinstance(value, str) else value
        out.write(f'{args.prefix}{name.replace(":", "_").replace("-", "_")}="{text}"\n')


def _write_table(output: Output, args: Namespace, out: TextIO) -> None:
    from novasim.cli.openstack.tables import draw_table

    if output.is_list:
        titles, rows = list(output.titles), output.rows
        right = [type(cell) in (int, float) for cell in rows[0]] if rows else []
    else:
        titles = ["Field", "Value"]
        rows = list(zip(output.titles, output.rows[0], strict=True))
        right = [False, False]
    if not rows and not (output.is_list and args.print_empty):
        out.write("\n")
        return
    texts = [[_table_text(cell) for cell in row] for row in rows]
    width = _width(args)
    out.write(draw_table(titles, texts, right, width, MIN_WIDTHS[output.is_list]) + "\n")


def _table_text(cell: Any) -> str:
    return str(cell).replace("\r\n", "\n").replace("\r", " ")


def _width(args: Namespace) -> int:
    """The width that a table is to fit, in characters; 0 if it may have any."""
    if args.max_width > 0:
        return int(args.max_width)
    if not (sys.stdout.isatty() or args.fit_width):
        return 0
    from shutil import get_terminal_size

    return get_terminal_size((0, 0)).columns


WRITERS = {
    "csv": _write_csv,
    "json": _write_json,
    "shell": _write_shell,
    "table": _write_table,
    "value": _write_value,
    "yaml": _write_yaml,
}
