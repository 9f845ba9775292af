"""The commands `classroom students`, `classroom add` and `classroom words`."""

from __future__ import annotations

import click

from novasim.classroom.room import Room
from novasim.classroom.users import teacher_password
from novasim.classroom.words import generate_word, hash_word
from novasim.cli.classroom.creation import COLUMNS
from novasim.cli.classroom.options import choose_students, room_option
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.render.output import print_line, print_message
from novasim.simulation.time.clock import format_time


@click.command()
@room_option
@output_options
@pass_session
def students(session: Session, room: Room) -> None:
    """
    List the students: full names, clouds, and who has joined.

    Example: novasim classroom students --room room
    """
    shown = [
        {
            "full_name": each.full_name,
            "name": each.name,
            "joined": format_time(each.joined)[:19] + "Z" if each.joined else None,
            "has_word": bool(each.word),
        }
        for each in room.students
    ]
    session.show_list(
        shown, {"Student": "full_name", "Cloud": "name", "Joined": "joined", "Has word": "has_word"}, "name"
    )


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@room_option
@output_options
@pass_session
def add(session: Session, room: Room, names: tuple[str, ...]) -> None:
    """
    Add students who come later, each with a cloud as the lesson begins, and print their join words.

    NAME is a full name, or "FULL NAME = CLOUD" as in the roster. In a shared cloud, each gets a project. Nothing of
    others changes, and the server may run meanwhile. A join word works once. It is printed only now.

    Example: novasim classroom add 'Dora Diaz' --room room
    """
    from novasim.classroom.adding import add_students
    from novasim.classroom.lessons import get_lesson
    from novasim.cli.lessons.known import open_library
    from novasim.cli.lessons.runner import Runner

    new = add_students(room, names, get_lesson(room, open_library()), Runner.of_context())
    shown = [{**room.find_student(name)._asdict(), "word": word} for name, word in new.items()]
    session.show_list(shown, COLUMNS, "name")
    print_message("The join words are not shown again.")


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="New words for all students.")
@room_option
@output_options
@pass_session
def words(session: Session, room: Room, names: tuple[str, ...], is_all: bool) -> None:
    """
    Print new join words for students. Earlier words do not work any more.

    A student who has joined stays joined.

    Example: novasim classroom words ann --room room
    """
    chosen = choose_students(room, names, is_all)
    new = {student.name: generate_word() for student in chosen}
    with room.changing():
        for name, word in new.items():
            room.replace_student(room.content.students[name]._replace(word=hash_word(word, room.content.key, name)))
    session.show_list([{**each._asdict(), "word": new[each.name]} for each in chosen], COLUMNS, "name")
    print_message("The join words are not shown again.")


@click.command()
@room_option
def password(room: Room) -> None:
    """
    Print the password of the user teacher, an administrator of every cloud.

    With it you can sign in to the page /NAME/live of every student, and use the clients of OpenStack.

    Example: novasim classroom password --room room
    """
    print_line(teacher_password(room.content.key))
