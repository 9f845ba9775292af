"""Pages of text, set for a terminal."""

from __future__ import annotations

from typing import TextIO

from rich.markdown import Markdown

from novasim.render.colour import use_colour
from novasim.render.pager import page_text
from novasim.render.table import Console

WIDEST = 100  # columns; longer lines are hard to read


def print_markdown(text: str, out: TextIO) -> None:
    """Show Markdown on a terminal, through the pager if it is longer."""
    colour = use_colour(out.isatty())
    console = Console(file=out, force_terminal=colour or None, no_color=not colour)
    with console.capture() as set_up:
        console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False), width=min(console.width, WIDEST))
    page_text(set_up.get(), out, console.height)
