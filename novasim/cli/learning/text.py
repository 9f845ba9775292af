"""Prints lines of text: wrapped to the terminal, with bold headings."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

from novasim.render.colour import use_colour
from novasim.render.output import escape_line, is_unicode
from novasim.render.wrapping import MAX_WIDTH, screen_size, wrap_line, wrap_remark

if TYPE_CHECKING:
    from novasim.teach.text import Line

IN_ASCII = {ord("█"): "#"}
MAX_BAR, MIN_BAR = 30, 5  # columns; a shorter bar is left out
UNLIMITED = 10_000  # columns, in a pipe
NARROW = 60  # columns: a narrower terminal has lists below their titles, not beside them


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines on stdout, no wider than the terminal (or COLUMNS)."""
    has_colour, has_unicode = use_colour(sys.stdout.isatty()), is_unicode(sys.stdout)
    width = screen_width()
    for line in lines:
        text = _fit(line, escape_line(line.text, sys.stdout), width)
        text = text if has_unicode else text.translate(IN_ASCII)
        click.echo(click.style(text, bold=True) if line.heading and has_colour else text)


def screen_width() -> int:
    """The columns for text: those of the terminal or of COLUMNS, but no more than are easy to read."""
    return min(screen_size().columns, MAX_WIDTH)


def print_pairs(pairs: Mapping[str, str], indent: int, left: int) -> None:
    """
    Print names and their descriptions in two columns. A description that has no room there is below its name.

    Args:
        indent: The columns before each name. left: the width of the names, with the space after them.
    """
    width = screen_width() if sys.stdout.isatty() else UNLIMITED
    for name, text in pairs.items():
        head = " " * indent + name
        if len(name) < left and width >= NARROW:
            click.echo(wrap_line(f"{head:<{indent + left}}{text}", width, indent + left))
        else:
            below = " " * (indent + (left if width >= NARROW else 4))
            click.echo(f"{wrap_line(head, width, indent + 4)}\n{wrap_line(below + text, width, len(below))}")


def list_entry(title: str, names: str, title_width: int, width: int) -> Iterable[Line]:
    """A title and what belongs to it, beside it or, on a narrow terminal, below it."""
    from novasim.teach.text import Line

    if width < NARROW:
        return [Line(f"  {title}", hang=4), Line(f"    {names}", hang=4)]
    return [Line(f"  {title:<{title_width}}{names}", hang=title_width + 2)]


def _fit(line: Line, text: str, width: int) -> str:
    if line.fixed:
        return text
    if line.is_remark:
        return wrap_remark(text, width) if sys.stdout.isatty() else text
    if line.bar:
        room = min(width - len(text) - len(line.tail), MAX_BAR)
        bar = "█" * max(round(line.bar * room), 1) if room >= MIN_BAR else ""
        text = f"{text}{bar}{line.tail}".rstrip()
    return wrap_line(text, width, line.hang)
