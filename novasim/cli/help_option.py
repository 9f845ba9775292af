"""The help option of all commands."""

from __future__ import annotations

import sys

import click

MAX_SUMMARY = 300  # characters


def show_help(ctx: click.Context, param: click.Parameter, is_requested: bool) -> None:
    """Print the help of a command, through a pager if it is longer than the terminal, and exit."""
    if not is_requested or ctx.resilient_parsing:
        return
    if ctx.parent and isinstance(ctx.command, click.Group):
        _show_whole_summaries(ctx, ctx.command)
    text = f"{ctx.get_help()}\n"
    if sys.stdout.isatty():
        from shutil import get_terminal_size

        from novasim.render.pager import page_text

        page_text(text, sys.stdout, get_terminal_size().lines)
    else:
        sys.stdout.write(text)
    ctx.exit()


def _show_whole_summaries(ctx: click.Context, group: click.Group) -> None:
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
