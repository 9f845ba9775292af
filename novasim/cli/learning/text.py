"""Prints lines of text: wrapped to the terminal, with bold headings."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from novasim.render.colour import use_colour
from novasim.render.output import escape_line, is_unicode

if TYPE_CHECKING:
    from novasim.teach.text import Line

MAX_WIDTH = 100  # columns
IN_ASCII = {ord("█"): "#"}
COMMAND = re.compile(
    r"""
    (?:(?<=:\ )|(?<=&&\ )|(?<=\())  # after a colon, "&&" or a parenthesis
    novasim
    (?:\ (?:'[^']*'|[^\s'])+?  # words, which may contain quoted spaces
    (?=[.,;)]*(?:\ |$)))+?
    (?:(?=[.,;)]+(?:\ |$))|\ &&|$)  # up to punctuation or the end, or with "&&", which continues a command line
    """,
    re.VERBOSE,
)
UNBROKEN = "\x1e"  # instead of a space in a command; escape_line escapes it elsewhere


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines on stdout, no wider than the terminal (or COLUMNS)."""
    has_colour, has_unicode = use_colour(sys.stdout.isatty()), is_unicode(sys.stdout)
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    for line in lines:
        text = escape_line(line.text, sys.stdout) if line.fixed else _wrap(line, width)
        text = text if has_unicode else text.translate(IN_ASCII)
        click.echo(click.style(text, bold=True) if line.heading and has_colour else text)


def _wrap(line: Line, width: int) -> str:
    """The line, broken at spaces except those in commands."""
    indent = " " * line.hang
    text = COMMAND.sub(lambda found: found[0].replace(" ", UNBROKEN), escape_line(line.text, sys.stdout))
    lines = textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return lines.replace(UNBROKEN, " ")
