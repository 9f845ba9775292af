"""Markdown on a terminal."""

from __future__ import annotations

from typing import TextIO

from rich.markdown import Markdown

from novasim.render.colour import use_colour
from novasim.render.pager import page_text
from novasim.render.table import Console
from novasim.render.wrapping import MAX_WIDTH


def print_markdown(text: str, out: TextIO) -> None:
    """Print Markdown on a terminal, through the pager if it is longer."""
    page_text(format_markdown(text, out), out, _console(out).height)


def format_markdown(text: str, out: TextIO) -> str:
    """Markdown as it is printed on the terminal *out*."""
    console = _console(out)
    with console.capture() as capture:
        console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False), width=min(console.width, MAX_WIDTH))
    return capture.get()


def _console(out: TextIO) -> Console:
    colour = use_colour(out.isatty())
    return Console(file=out, force_terminal=colour or None, no_color=not colour)
