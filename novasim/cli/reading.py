"""Text for people: wrapped to the terminal, with headings that stand out."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from novasim.teach.text import Line

WIDEST = 100


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines of text on stdout, no wider than the terminal (COLUMNS counts) and good to read."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    for line in lines:
        text = line.text if line.fixed else textwrap.fill(line.text, width, subsequent_indent=" " * line.hang,
                                                          break_long_words=False, break_on_hyphens=False)  # fmt: skip
        click.secho(text, bold=line.heading)
