"""The command `lesson`. Each of its subcommands is imported when it is used."""

from __future__ import annotations

from importlib import import_module

import click

from novasim.cli.help_option import add_paged_help

SUBCOMMANDS = {
    "list": "reading:list_lessons",
    "show": "reading:show",
    "start": "starting:start",
    "check": "checking:check",
    "hint": "hinting:hint",
    "solution": "hinting:solution",
    "reset": "starting:reset",
    "next": "starting:next_lesson",
    "proof": "certifying:proof",
    "verify": "certifying:verify",
    "prove": "proving:prove",
    "record": "recording:record",
}


class LessonGroup(click.Group):
    """The subcommands of `lesson`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            return None
        module, _, name = SUBCOMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"novasim.cli.lessons.{module}"), name)
        add_paged_help(command)
        return command


@click.group(cls=LessonGroup, invoke_without_command=True)
@click.pass_context
def lesson(ctx: click.Context) -> None:
    """
    Learn the lifecycle by lessons. Each lesson has a cloud of its own.

    A lesson is a text with a task and goals. Your own cloud is never touched. Without a subcommand, the goals of the
    open lesson are shown.

    Example: novasim lesson start first-server
    """
    if ctx.invoked_subcommand is None:
        from novasim.cli.lessons.checking import report
        from novasim.cli.lessons.workplace import find_lesson

        report(find_lesson(None))
