"""The command `lesson`. Each of its subcommands is imported when it is used."""

from __future__ import annotations

import click

from novasim.cli.catalog import Entry
from novasim.cli.groups import EntryGroup

SUBCOMMANDS = {
    "list": Entry("lessons.reading:list_lessons"),
    "show": Entry("lessons.reading:show"),
    "start": Entry("lessons.starting:start"),
    "check": Entry("lessons.checking:check"),
    "hint": Entry("lessons.hinting:hint"),
    "solution": Entry("lessons.hinting:solution"),
    "reset": Entry("lessons.starting:reset"),
    "next": Entry("lessons.starting:next_lesson"),
    "proof": Entry("lessons.certifying:proof"),
    "verify": Entry("lessons.certifying:verify"),
    "prove": Entry("lessons.proving:prove"),
    "record": Entry("lessons.recording:record"),
}


@click.group(cls=EntryGroup, entries=SUBCOMMANDS, invoke_without_command=True)
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
        from novasim.cli.lessons.places import find_place

        report(find_place(None))
