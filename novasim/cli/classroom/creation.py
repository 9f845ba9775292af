"""The command `classroom init`."""

from __future__ import annotations

import shlex
import shutil

import click

from novasim.classroom.building import build_clouds
from novasim.classroom.lessons import set_lesson
from novasim.classroom.room import Content, Room, Student
from novasim.classroom.roster import RosterEntry, parse_roster
from novasim.classroom.sharing import require_shareable
from novasim.classroom.words import generate_word, hash_word
from novasim.cli.files import read_bytes
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.runner import Runner
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.render.output import print_message
from novasim.simulation.seeded import generate_secret_key

COLUMNS = {"Student": "full_name", "Cloud": "name", "Join word": "word"}


@click.command()
@click.argument("room")
@click.option("--students", "roster", metavar="FILE", required=True, help="The roster: a full name on each line.")
@click.option("--lesson", help="The lesson to begin with: its name or number.")
@click.option("--shared", is_flag=True, help="One cloud for all, in which each student has a project.")
@output_options
@pass_session
def init(session: Session, room: str, roster: str, lesson: str | None, shared: bool) -> None:
    """
    Create a classroom in the new folder ROOM, and print a join word for each student.

    The cloud of a student has a name from the full name, such as asa-oberg for Åsa Öberg; "FULL NAME = CLOUD" in the
    roster chooses another one. A join word works once. It is stored hashed, so it is printed only now.

    Example: novasim classroom init room --students roster.txt --lesson power
    """
    entries = parse_roster(read_bytes(roster), roster)
    if lesson and (wanted := open_library().find(lesson)) and shared:
        require_shareable(wanted)
    words = {entry.name: generate_word() for entry in entries}
    created = _create(room, entries, words, shared)
    try:
        found = set_lesson(created, open_library(), lesson) if lesson else None
        build_clouds(created, created.students, found, Runner.of_context())
    except BaseException:
        shutil.rmtree(created.folder)
        raise
    shown = [{**entry._asdict(), "word": words[entry.name]} for entry in entries]
    session.show_list(shown, COLUMNS, "name")
    print_message(f"Created the classroom {room}. The join words are not shown again.")
    print_message(f"To open it: {shlex.join(['novasim', 'serve', '--classroom', room])}")


def _create(folder: str, entries: list[RosterEntry], words: dict[str, str], is_shared: bool) -> Room:
    key = generate_secret_key()
    students = {
        entry.name: Student(entry.name, entry.full_name, hash_word(words[entry.name], key, entry.name))
        for entry in entries
    }
    return Room.create(folder, Content(key, is_shared, "", students, {}))
