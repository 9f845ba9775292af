"""Tables drawn by rich: coloured on a terminal; whole, plain and as wide as needed when piped."""

from __future__ import annotations

from typing import TextIO

from rich.box import ASCII2, ROUNDED
from rich.console import Console
from rich.table import Table
from rich.text import Text

from novasim.render.colour import wanted
from novasim.render.formats import cell
from novasim.render.theme import colour_of
from novasim.render.view import View

ENDLESS = 10_000


def visible(text: str) -> str:
    """Text that cannot move the cursor or break its line: control characters as their escapes."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def draw(view: View, out: TextIO) -> None:
    """Draw a view. Cells wrap on a terminal that is too narrow and are never cut."""
    terminal = out.isatty()
    colour = wanted(terminal)
    console = Console(
        file=out, force_terminal=colour or None, no_color=not colour, highlight=False, soft_wrap=False,
        width=None if terminal else ENDLESS,
    )  # fmt: skip
    table = Table(box=ROUNDED if terminal else ASCII2, header_style="bold" if colour else "")
    for title in view.columns:
        table.add_column(title, overflow="fold")
    for row in view.rows:
        table.add_row(*(Text(visible(str(cell(value))), style=colour_of(value) if colour else "") for value in row))
    console.print(table)
