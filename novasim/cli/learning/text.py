"""Prints lines of text: wrapped to the terminal, with bold headings."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from novasim.render.colour import use_colour
from novasim.render.output import escape_line, is_unicode
from novasim.render.wrapping import MAX_WIDTH, wrap_line

if TYPE_CHECKING:
    from novasim.teach.text import Line

IN_ASCII = {ord("█"): "#"}


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines on stdout, no wider than the terminal (or COLUMNS)."""
    has_colour, has_unicode = use_colour(sys.stdout.isatty()), is_unicode(sys.stdout)
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    for line in lines:
        text = escape_line(line.text, sys.stdout)
        text = text if line.fixed else wrap_line(text, width, line.hang)
        text = text if has_unicode else text.translate(IN_ASCII)
        click.echo(click.style(text, bold=True) if line.heading and has_colour else text)
