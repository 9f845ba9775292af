"""Tables drawn by rich: coloured on a terminal, plain and as wide as needed when piped."""

from __future__ import annotations

from typing import Any, TextIO

from rich.box import ASCII2, ROUNDED, Box
from rich.console import Console as RichConsole
from rich.table import Table
from rich.text import Text

from novasim.render.colour import use_colour
from novasim.render.output import escape_controls
from novasim.render.pager import page_text
from novasim.render.theme import colour_of
from novasim.render.view import View, format_cell

UNLIMITED_WIDTH = 10_000


class Console(RichConsole):
    """A console that raises BrokenPipeError, for the command to handle, instead of exiting."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def print_table(view: View, out: TextIO) -> None:
    """Print a view. On a narrow terminal cells wrap and are never cut; a long list goes through the pager."""
    terminal = out.isatty()
    colour = use_colour(terminal)
    console = Console(
        file=out,
        force_terminal=colour or None,
        no_color=not colour,
        highlight=False,
        soft_wrap=False,
        width=None if terminal else UNLIMITED_WIDTH,
    )
    table = _table(view, ROUNDED if terminal else ASCII2, colour)
    if terminal and view.shorten_ids and _width(console, table) > console.width:
        table = _table(_shorten_ids(view), ROUNDED, colour)
    if not terminal or view.single or view.live:
        console.print(table)
        return
    with console.capture() as capture:
        console.print(table)
    page_text(capture.get(), out, console.height)


def _table(view: View, box: Box, colour: bool) -> Table:
    table = Table(box=box, header_style="bold" if colour else "")
    for title in view.columns:
        table.add_column(escape_controls(title), overflow="fold")
    for row in view.rows:
        table.add_row(
            *(Text(escape_controls(str(format_cell(value))), style=colour_of(value) if colour else "") for value in row)
        )
    return table


def _width(console: Console, table: Table) -> int:
    """The width of a table without any wrapping."""
    return console.measure(table, options=console.options.update(width=UNLIMITED_WIDTH)).maximum


def _shorten_ids(view: View) -> View:
    """The view with ids cut to the shortest length at which they differ, but at least eight characters."""
    length = next(n for n in range(8, 37) if len({id[:n] for id in view.ids}) == len(set(view.ids)))
    ids = set(view.ids)

    def shorten(value: Any) -> Any:
        return value[:length] if isinstance(value, str) and value in ids else value

    return view._replace(rows=[[shorten(value) for value in row] for row in view.rows])
