"""The command `classroom`. Each of its subcommands is imported when it is used."""

from __future__ import annotations

import click

from novasim.cli.catalog import Entry
from novasim.cli.groups import EntryGroup

SUBCOMMANDS = {
    "init": Entry("classroom.creation:init"),
    "students": Entry("classroom.students:students"),
    "add": Entry("classroom.students:add"),
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


@click.group(cls=EntryGroup, entries=SUBCOMMANDS)
def classroom() -> None:
    """
    Teach a class: a cloud for each student, one lesson, one address.

    A classroom is a folder with a roster and the clouds. 'novasim manual classroom' describes a lesson with a class.

    Example: novasim classroom init room --students roster.txt --lesson power
    """
