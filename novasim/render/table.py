"""Tables drawn by rich: coloured on a terminal; whole, plain and as wide as needed when piped."""

from __future__ import annotations

from typing import TextIO

from rich.box import ASCII2, ROUNDED, Box
from rich.console import Console as RichConsole
from rich.table import Table
from rich.text import Text

from novasim.render.colour import use_colour
from novasim.render.pager import page_text
from novasim.render.theme import colour_of
from novasim.render.view import View, cell

UNLIMITED_WIDTH = 10_000


def visible(text: str) -> str:
    """Text that cannot move the cursor or break its line: control characters as their escapes."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class Console(RichConsole):
    """A console that leaves it to the command what to do when nobody reads on."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def draw(view: View, out: TextIO) -> None:
    """Draw a view. Cells wrap on a terminal that is too narrow and are never cut; a list that is too long is paged."""
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
        table = _table(_shortened(view), ROUNDED, colour)
    if not terminal or view.single or view.live:
        console.print(table)
        return
    with console.capture() as drawn:
        console.print(table)
    page_text(drawn.get(), out, console.height)


def _table(view: View, box: Box, colour: bool) -> Table:
    table = Table(box=box, header_style="bold" if colour else "")
    for title in view.columns:
        table.add_column(title, overflow="fold")
    for row in view.rows:
        table.add_row(*(Text(visible(str(cell(value))), style=colour_of(value) if colour else "") for value in row))
    return table


def _width(console: Console, table: Table) -> int:
    """How wide a table would like to be."""
    return console.measure(table, options=console.options.update(width=UNLIMITED_WIDTH)).maximum


def _shortened(view: View) -> View:
    """The same with ids cut to as much as still tells them apart."""
    length = next(n for n in range(8, 37) if len({id[:n] for id in view.ids}) == len(set(view.ids)))
    ids = set(view.ids)
    return view._replace(rows=[[value[:length] if value in ids else value for value in row] for row in view.rows])
