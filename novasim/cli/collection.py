"""list, show and delete of one collection of things, the same for every noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import click

from novasim.cli.errors.attempts import try_each
from novasim.cli.lookup import segment
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session


class Collection(NamedTuple):
    """
    Where things of one kind are found at the door.

    Args:
        one, many: The keys of bodies. service, path: whom to ask. find: from words to an id.
        detail: The path of the list in full, if it is another; below_detail: or what is added to the path.
        bare: Whether one thing comes without a key around it. wrapped: the key around each thing of a list.
        words: What people call one of them and several. example: what one may be called.
    """

    one: str
    many: str
    service: str
    path: Callable[[Session], str]
    find: Callable[[Session, str], str]
    detail: str = ""
    below_detail: str = ""
    bare: bool = False
    wrapped: str = ""
    id_key: str = "id"
    columns: Mapping[str, str] = {}
    words: tuple[str, str] = ("", "")
    example: str = ""

    @property
    def word(self) -> str:
        """What people call one of these."""
        return self.words[0] or self.one.replace("_", " ")

    @property
    def plural(self) -> str:
        """What people call several of these."""
        return self.words[1] or self.many.replace("_", " ")


def _help(group: click.Group, words: str, line: str) -> str:
    """A help text with its example, as those that stand in docstrings."""
    return f"{words}\n\nExample: novasim {group.name} {line}"


def add_list(group: click.Group, things: Collection) -> None:
    """The command `list`."""

    @group.command("list", help=_help(group, f"List {things.plural}.", "list"))
    @output_options
    @pass_session
    def list_things(session: Session) -> None:
        path = things.detail or things.path(session) + things.below_detail
        found = session.get(path, service=things.service)[things.many]
        if things.wrapped:
            found = [each[things.wrapped] for each in found]
        session.show_list(found, things.columns, things.id_key)


def add_show(group: click.Group, things: Collection) -> None:
    """The command `show`."""

    @group.command("show", help=_help(group, f"Show one {things.word} in full.", f"show {things.example}"))
    @click.argument("name")
    @output_options
    @pass_session
    def show_thing(session: Session, name: str) -> None:
        found = session.get(path_of(session, things, name), service=things.service)
        session.show(found if things.bare else found[things.one])


def add_delete(group: click.Group, things: Collection) -> None:
    """The command `delete`, for several at once."""

    @group.command("delete", help=_help(group, f"Remove {things.plural}.", f"delete {things.example}"))
    @click.argument("names", metavar="NAME...", nargs=-1, required=True)
    @output_options
    @pass_session
    def delete_things(session: Session, names: tuple[str, ...]) -> None:
        try_each(session, names, partial(_delete, session, things))


def _delete(session: Session, things: Collection, name: str) -> None:
    session.request("DELETE", path_of(session, things, name), service=things.service)


def path_of(session: Session, things: Collection, name: str) -> str:
    """Where one thing is found at the door, given the word that the user has for it."""
    return f"{things.path(session)}/{segment(things.one, things.find(session, name))}"


def add_set(group: click.Group, things: Collection) -> None:
    """The command `set`, for name and description."""
    words = f"Change the name or the description of one {things.word}."

    @group.command("set", help=_help(group, words, f"set {things.example} --description mine"))
    @click.argument("name")
    @click.option("--name", "new_name", help="New name.")
    @click.option("--description", help="New description.")
    @output_options
    @pass_session
    def set_thing(session: Session, name: str, new_name: str | None, description: str | None) -> None:
        asked = {"name": new_name, "description": description}
        body = {key: value for key, value in asked.items() if value is not None}
        path = path_of(session, things, name)
        session.show(session.request("PUT", path, {things.one: body}, service=things.service).body[things.one])
