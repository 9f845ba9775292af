"""The texts of lessons: formatted on a terminal, as they are otherwise."""

from __future__ import annotations

from typing import TextIO

import click

from novasim.render.output import escape_controls


def print_markdown(text: str, out: TextIO) -> None:
    """Print Markdown, formatted if *out* is a terminal."""
    if out.isatty():
        from novasim.render.markdown import format_markdown

        text = format_markdown(escape_controls(text, keep="\n"), out)
    click.echo(text.rstrip("\n"), file=out)
