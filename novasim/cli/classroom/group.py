"""The command `classroom`. Each of its subcommands is imported when it is used."""

from __future__ import annotations

import click

from novasim.cli.catalog import Entry

SUBCOMMANDS = {
    "init": Entry("classroom.creation:init"),
    "students": Entry("classroom.students:students"),
    "words": Entry("classroom.students:words"),
    "password": Entry("classroom.students:password"),
    "status": Entry("classroom.progress:status"),
    "start": Entry("classroom.clouds:start"),
    "reset": Entry("classroom.clouds:reset"),
    "run": Entry("classroom.running:run"),
    "freeze": Entry("classroom.clocks:freeze"),
    "thaw": Entry("classroom.clocks:thaw"),
    "speed": Entry("classroom.clocks:speed"),
    "proof": Entry("classroom.progress:proof"),
}


class ClassroomGroup(click.Group):
    """The subcommands of `classroom`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = SUBCOMMANDS.get(cmd_name)
        return entry.load(cmd_name) if entry else None


@click.group(cls=ClassroomGroup)
def classroom() -> None:
    """
    Teach a class: a cloud for each student, one lesson, one address.

    A classroom is a folder with a roster and the clouds. 'novasim manual classroom' describes a lesson with a class.

    Example: novasim classroom init room --students roster.txt --lesson power
    """
