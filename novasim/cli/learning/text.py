"""Text for people: wrapped to the terminal, with headings that stand out."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from novasim.render.colour import use_colour
from novasim.render.encoding import is_unicode

if TYPE_CHECKING:
    from novasim.teach.text import Line

WIDEST = 100
IN_ASCII = {ord("█"): "#"}  # for outputs that have no other letters


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines of text on stdout, no wider than the terminal (COLUMNS counts) and good to read."""
    coloured = use_colour(sys.stdout.isatty())
    writes_all = is_unicode(sys.stdout)
    width = min(shutil.get_terminal_size().columns, WIDEST)
    for line in lines:
        text = (
            line.text
            if line.fixed
            else textwrap.fill(
                line.text, width, subsequent_indent=" " * line.hang, break_long_words=False, break_on_hyphens=False
            )
        )
        text = text if writes_all else text.translate(IN_ASCII)
        click.echo(click.style(text, bold=True) if line.heading and coloured else text)
