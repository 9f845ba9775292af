"""The help option of all commands."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import click

MAX_SUMMARY = 300  # characters
NARROW = 52  # columns; click writes no narrower help


def show_help(ctx: click.Context, param: click.Parameter, is_requested: bool) -> None:
    """Print the help of a command, through a pager if it is longer than the terminal, and exit."""
    if not is_requested or ctx.resilient_parsing:
        return
    if ctx.parent and isinstance(ctx.command, click.Group):
        show_whole_summaries(ctx, ctx.command)
    if sys.stdout.isatty():
        _print_on_terminal(ctx)
    else:
        sys.stdout.write(f"{ctx.get_help()}\n")
    ctx.exit()


def _print_on_terminal(ctx: click.Context) -> None:
    from shutil import get_terminal_size

    from novasim.render.pager import page_text

    size = get_terminal_size()
    if size.columns < NARROW:
        ctx.formatter_class = partial(_NarrowFormatter, size.columns)  # type: ignore[assignment]
    page_text(f"{ctx.get_help()}\n", sys.stdout, size.lines)


class _NarrowFormatter(click.HelpFormatter):
    """Help for a terminal that is narrower than click's help: descriptions are below the names, not beside them."""

    def __init__(self, columns: int, **_: Any) -> None:
        super().__init__(width=max(columns, 20))

    def write_dl(self, rows: Any, *_: Any, **__: Any) -> None:
        super().write_dl(rows, col_max=4)


def show_whole_summaries(ctx: click.Context, group: click.Group) -> None:
    """Let the help of a group wrap long summaries of its commands. Click would cut them."""
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if command:
            command.short_help = command.get_short_help_str(MAX_SUMMARY)


add_help_option = click.help_option("-h", "--help", callback=show_help)


def add_paged_help(command: click.Command) -> None:
    """Replace the help option of a command and its subcommands by -h and --help, which use the pager."""
    if any(param.name == "help" for param in command.params):
        return
    add_help_option(command)
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        add_paged_help(each)
