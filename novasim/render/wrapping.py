"""Breaks long lines at spaces, but not within commands, so that they can be copied."""

from __future__ import annotations

import os
import re
import textwrap
from typing import TextIO

MAX_WIDTH = 100  # columns; longer lines are hard to read
DEFAULT_WIDTH, DEFAULT_LINES = 80, 24  # columns and lines, if the terminal does not say
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
QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")
CONTINUED = " \\"  # the end of a line that the next one continues, in a shell
UNBROKEN = "\x1e"  # instead of a space in a command; texts for terminals have it only escaped


def wrap_line(text: str, width: int, hang: int) -> str:
    """
    The line, broken at spaces except those in commands.

    Args:
        hang: How many columns the continuation lines are indented.
    """
    marked = COMMAND.sub(lambda found: found[0].replace(" ", UNBROKEN), text)
    lines = textwrap.fill(marked, width, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False)
    return lines.replace(UNBROKEN, " ")


def wrap_remark(text: str, width: int) -> str:
    """A comment of a shell script on several lines, broken at spaces except those in commands."""
    lines = wrap_line(text.removeprefix("# "), width - 2, 0)
    return "\n".join(f"# {line}" for line in lines.split("\n"))


def fit_comment(text: str, out: TextIO) -> str:
    """A comment of a shell script. On a terminal it has several lines if it is too long for one."""
    if not out.isatty():
        return f"# {text}"
    return textwrap.fill(text, terminal_width(out), initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def fit_command(text: str, out: TextIO) -> str:
    """A command line after a prompt. On a terminal it continues in a further line, after a backslash, if it is long."""
    if not out.isatty():
        return text
    marked = QUOTED.sub(lambda found: found[0].replace(" ", UNBROKEN), text)
    width = terminal_width(out) - len(CONTINUED)
    lines = textwrap.wrap(marked, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return f"{CONTINUED}\n".join(lines).replace(UNBROKEN, " ")


def fit_line(text: str, out: TextIO) -> str:
    """The line, wrapped if *out* is a terminal that is too narrow. Continuation lines are indented."""
    if not out.isatty() or len(text) <= (width := terminal_width(out)):
        return text
    return wrap_line(text, width, len(text) - len(text.lstrip(" ")) + 4)


def screen_size(columns: int = DEFAULT_WIDTH, lines: int = DEFAULT_LINES) -> os.terminal_size:
    """The size of the terminal. What it does not say is as given; Python 3.10 returns 0 for it."""
    from shutil import get_terminal_size

    found = get_terminal_size((columns, lines))
    return os.terminal_size((found.columns or columns, found.lines or lines))


def terminal_width(out: TextIO) -> int:
    """The columns to use of a terminal. COLUMNS overrides them."""
    try:
        columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(out.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return min(columns or DEFAULT_WIDTH, MAX_WIDTH)
