"""Markdown on a terminal."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console as RichConsole
from rich.console import ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Markdown, TableElement
from rich.syntax import Syntax
from rich.table import Table

from novasim.render.colour import use_colour
from novasim.render.pager import page_text
from novasim.render.table import Console
from novasim.render.wrapping import MAX_WIDTH


class _WideCode(CodeBlock):
    """Code without an indent, so that lines as wide as the terminal stay whole."""

    def __rich_console__(self, console: RichConsole, options: ConsoleOptions) -> RenderResult:
        yield Syntax(str(self.text).rstrip(), self.lexer_name, theme=self.theme, word_wrap=True, padding=0)


class _WholeTable(TableElement):
    """A table that continues a word that is too wide on the next line, and does not cut it."""

    def __rich_console__(self, console: RichConsole, options: ConsoleOptions) -> RenderResult:
        for table in super().__rich_console__(console, options):
            for column in table.columns if isinstance(table, Table) else ():
                column.overflow = "fold"
            yield table


class _Page(Markdown):
    elements = {**Markdown.elements, "fence": _WideCode, "code_block": _WideCode, "table_open": _WholeTable}


def print_markdown(text: str, out: TextIO) -> None:
    """Print Markdown on a terminal, through the pager if it is longer."""
    page_text(format_markdown(text, out), out, _console(out).height)


def format_markdown(text: str, out: TextIO) -> str:
    """Markdown as it is printed on the terminal *out*."""
    console = _console(out)
    with console.capture() as capture:
        console.print(_Page(text, code_theme="ansi_dark", hyperlinks=False), width=min(console.width, MAX_WIDTH))
    return capture.get()


def _console(out: TextIO) -> Console:
    colour = use_colour(out.isatty())
    return Console(file=out, force_terminal=colour or None, no_color=not colour)
