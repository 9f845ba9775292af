"""What Click does first for all commands: their help, and a check of the values of their options."""

from __future__ import annotations

import sys
from functools import partial
from itertools import pairwise
from typing import Any

import click

WORDS = "novasim.words"  # where the context keeps the words of the command line
MAX_SUMMARY = 300  # characters
NARROW = 52  # columns; click writes no narrower help


def show_help(ctx: click.Context, param: click.Parameter, is_requested: bool) -> None:
    """
    Print the help of a command, through a pager if it is longer than the terminal, and exit.

    Click calls it before it reads the other options. Without the help option, it checks what follows them.

    Raises:
        UsageError: an option has another one for its value.
    """
    if ctx.resilient_parsing:
        return
    if not is_requested:
        check_values(ctx)
        return
    if ctx.parent and isinstance(ctx.command, click.Group):
        show_whole_summaries(ctx, ctx.command)
    if sys.stdout.isatty():
        _print_on_terminal(ctx)
    else:
        sys.stdout.write(f"{ctx.get_help()}\n")
    ctx.exit()


def check_values(ctx: click.Context) -> None:
    """
    Refuse `--fail --times 1`: Click would take the name of another option of the command for the value.

    Raises:
        UsageError: an option has another one for its value, and they are two words.
    """
    options = [param for param in ctx.command.params if isinstance(param, click.Option)]
    names = {name for option in options for name in (*option.opts, *option.secondary_opts)}
    needing = {name for option in options if _needs_value(option) for name in option.opts}
    words = list(ctx.meta.get(WORDS, ()))
    words = words[: words.index("--")] if "--" in words else words
    for word, value in pairwise(words):
        if word in needing and value in names:
            usage = f" If that is the value, write {word}={value}." if word.startswith("--") else ""
            ctx.fail(f"Option {word} needs a value, but {value} is an option.{usage}")


def _needs_value(option: click.Option) -> bool:
    is_optional = isinstance(option.flag_value, str)  # `serve --log` takes a file, or nothing
    return not (option.is_flag or option.count or is_optional)


def _print_on_terminal(ctx: click.Context) -> None:
    from novasim.render.pager import page_text
    from novasim.render.wrapping import screen_size

    size = screen_size()
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
