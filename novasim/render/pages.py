"""Pages of text, set for a terminal."""

from __future__ import annotations

from typing import TextIO

from rich.markdown import Markdown

from novasim.render.colour import wanted
from novasim.render.paging import show
from novasim.render.table import Patient

WIDEST = 100  # columns; longer lines are hard to read


def show_page(text: str, out: TextIO) -> None:
    """Show Markdown on a terminal, through the pager if it is longer."""
    colour = wanted(out.isatty())
    console = Patient(file=out, force_terminal=colour or None, no_color=not colour)
    with console.capture() as set_up:
        console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False), width=min(console.width, WIDEST))
    show(set_up.get(), out, console.height)
