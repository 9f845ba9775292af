"""Markdown on a terminal."""

from __future__ import annotations

from typing import TextIO

from rich.markdown import Markdown

from novasim.render.colour import use_colour
from novasim.render.pager import page_text
from novasim.render.table import Console

MAX_WIDTH = 100  # columns; longer lines are hard to read


def print_markdown(text: str, out: TextIO) -> None:
    """Print Markdown on a terminal, through the pager if it is longer."""
    colour = use_colour(out.isatty())
    console = Console(file=out, force_terminal=colour or None, no_color=not colour)
    with console.capture() as capture:
        console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False), width=min(console.width, MAX_WIDTH))
    page_text(capture.get(), out, console.height)
