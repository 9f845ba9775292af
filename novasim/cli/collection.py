"""The commands list, show, set and delete of a noun, built from its row in RESOURCES, and requests about one item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from novasim.api.resources import RESOURCES, Item, display_name, list_items
from novasim.cli.errors.attempts import Attempts
from novasim.cli.lookup import item_path
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError

AS_ADMIN = "--as admin "


def noun_group(
    noun: str,
    help: str,
    columns: Mapping[str, str],
    example: str,
    commands: Sequence[str] = ("list", "show", "delete"),
    as_admin: bool | Sequence[str] = False,
    delete_help: str = "",
) -> click.Group:
    """
    The command group of a noun.

    Args:
        columns: The titles of the table and the keys of their values.
        example: A name of a resource, for the help texts.
        commands: Which of list, show, set (name and description) and delete the noun has.
        as_admin: Whether the examples need an administrator, or the commands whose examples do.
        delete_help: The help text of `delete`, if it says more than that it deletes.
    """

    def show_example(command: str, rest: str = "") -> str:
        needs_admin = as_admin if isinstance(as_admin, bool) else command in as_admin
        return f"\n\nExample: novasim {AS_ADMIN if needs_admin else ''}{noun} {command} {rest}".rstrip()

    word = display_name(noun)
    group = click.Group(noun, help=f"{help}{show_example('list')}")
    builders = {
        "list": _list_command(noun, columns, f"List {word}s.{show_example('list')}"),
        "show": _show_command(noun, f"Show the details of one {word}.{show_example('show', example)}"),
        "set": _set_command(
            noun,
            f"Change the name or description of one {word}.{show_example('set', f'{example} --description mine')}",
        ),
        "delete": _delete_command(noun, f"{delete_help or f'Delete {word}s.'}{show_example('delete', example)}"),
    }
    for name in commands:
        group.add_command(builders[name])
    return group


def _list_command(noun: str, columns: Mapping[str, str], help: str) -> click.Command:
    resource = RESOURCES[noun]

    @click.command("list", help=help)
    @output_options
    @pass_session
    def command(session: Session) -> None:
        session.show_list(list_items(session, resource, detail=True), columns, resource.id_key)

    return command


def _show_command(noun: str, help: str) -> click.Command:
    @click.command("show", help=help)
    @click.argument("name")
    @output_options
    @pass_session
    def command(session: Session, name: str) -> None:
        session.show(get_item(session, noun, name))

    return command


def _set_command(noun: str, help: str) -> click.Command:
    @click.command("set", help=help)
    @click.argument("name")
    @click.option("--name", "new_name", help="New name.")
    @click.option("--description", help="New description.")
    @output_options
    @pass_session
    def command(session: Session, name: str, new_name: str | None, description: str | None) -> None:
        session.show(change_item(session, noun, name, {"name": new_name, "description": description}))

    return command


def _delete_command(noun: str, help: str) -> click.Command:
    @click.command("delete", help=help)
    @click.argument("names", metavar="NAME...", nargs=-1, required=True)
    @output_options
    @pass_session
    def command(session: Session, names: tuple[str, ...]) -> None:
        with Attempts(session) as attempts:
            for name in names:
                with attempts.attempt():
                    session.request("DELETE", item_path(session, noun, name), service=RESOURCES[noun].service)

    return command


def get_item(session: Session, noun: str, name: str) -> Item:
    """A resource by name or id. Errors as for `find_id`."""
    return _unwrap(noun, session.get(item_path(session, noun, name), service=RESOURCES[noun].service))


def create_item(session: Session, noun: str, body: Item) -> Item:
    """
    Create a resource with the attributes in *body* that are not None.

    Raises:
        NovaFault: the request is refused.
    """
    resource = RESOURCES[noun]
    path = resource.list_path(session.caller)
    return _unwrap(noun, session.request("POST", path, _wrap(noun, body), service=resource.service).body)


def change_item(session: Session, noun: str, name: str, body: Item, method: str = "PUT") -> Item:
    """
    Change the attributes in *body* that are not None.

    Raises:
        UsageError: *body* has no change. NovaFault: the request is refused. Others as for `find_id`.
    """
    if all(value is None for value in body.values()):
        raise UsageError(f"Nothing to set; see: novasim {noun} set --help")
    path = item_path(session, noun, name)
    return _unwrap(noun, session.request(method, path, _wrap(noun, body), service=RESOURCES[noun].service).body)


def _wrap(noun: str, body: Item) -> Item:
    attributes = {key: value for key, value in body.items() if value is not None}
    return {RESOURCES[noun].one: attributes} if RESOURCES[noun].one else attributes


def _unwrap(noun: str, body: Any) -> Item:
    item: Item = body[RESOURCES[noun].one] if RESOURCES[noun].one else body
    return item
