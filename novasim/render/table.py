"""Tables drawn by rich: coloured on a terminal, plain and as wide as needed when piped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.box import ASCII2, ROUNDED
from rich.console import Console as RichConsole
from rich.table import Table
from rich.text import Text

from novasim.render.colour import use_colour
from novasim.render.fit import Fitted, fit_fields, fit_list
from novasim.render.output import escape_controls, print_message
from novasim.render.pager import page_text
from novasim.render.theme import colour_of
from novasim.render.view import View, format_cell

UNLIMITED_WIDTH = 10_000


class Console(RichConsole):
    """A console that raises BrokenPipeError, for the command to handle, instead of exiting."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def print_table(view: View, out: TextIO) -> None:
    """
    Print a view. On a terminal it fits: columns that do not are hidden, and a line on stderr names them.

    A long list goes through the pager.
    """
    terminal = out.isatty()
    console = _console(out, terminal)
    rows = [[escape_controls(str(format_cell(value))) for value in row] for row in view.rows]
    columns = list(map(escape_controls, view.columns))
    if view.single:
        if fields := fit_fields(columns, rows, console.width):
            console.print(_table(fields, console))
        else:
            _print_fields(rows, console)
        return
    fitted = fit_list(columns, rows, console.width, view.short_ids, not view.selected, view.hide_first)
    if view.live or not terminal:
        console.print(_table(fitted, console))
        return
    with console.capture() as capture:
        console.print(_table(fitted, console))
    page_text(capture.get(), out, console.height)
    if fitted.hidden:
        print_message(f"novasim: hidden columns: {', '.join(fitted.hidden)}. To see them: -c COLUMN, or -f json.")


def _console(out: TextIO, terminal: bool) -> Console:
    colour = use_colour(terminal)
    return Console(
        file=out,
        force_terminal=colour or None,
        no_color=not colour,
        highlight=False,
        soft_wrap=False,
        width=None if terminal else UNLIMITED_WIDTH,
    )


def _table(fitted: Fitted, console: Console) -> Table:
    terminal, colour = console.width != UNLIMITED_WIDTH, not console.no_color
    table = Table(box=ROUNDED if terminal else ASCII2, header_style="bold" if colour else "")
    for title, width in zip(fitted.columns, fitted.widths, strict=True):
        table.add_column(title, overflow="fold", width=width)
    for row in fitted.rows:
        table.add_row(*(Text(cell, style=colour_of(cell) if colour else "") for cell in row))
    return table


def _print_fields(rows: Sequence[Sequence[str]], console: Console) -> None:
    """Print fields and values without a table, on a terminal too narrow for one."""
    for name, value in rows:
        console.print(Text(f"{name}: {value}", overflow="fold"))
