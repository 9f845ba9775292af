"""The requests that most commands consist of, built from data: list, show, create, set, delete, actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from novasim.cli.openstack.call import ApiError, Call, CommandError, Item, Query
from novasim.cli.openstack.cells import parse_columns
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.rows import Run

Value = Callable[[Call], Any]
OMIT: Any = object()
"""The value of an attribute that is not sent."""
FORBIDDEN, CONFLICT = 403, 409


def opt(key: str, empty: Any = OMIT) -> Value:
    """The value of an option; *empty* without it."""
    return lambda call: getattr(call.args, key) if getattr(call.args, key, None) is not None else empty


def flag(key: str, value: Any = True, without: Any = OMIT) -> Value:
    """*value* if the flag was given, otherwise *without*."""
    return lambda call: value if getattr(call.args, key) else without


def switch(on: str, off: str, default: Any = OMIT) -> Value:
    """True with the flag *on*, False with the flag *off*, otherwise *default*."""
    return lambda call: True if getattr(call.args, on) else False if getattr(call.args, off) else default


def ref(kind: str, key: str = "", empty: Any = OMIT) -> Value:
    """The ID of the resource that an option names; *empty* without the option."""
    key = key or kind.replace(" ", "_")
    return lambda call: call.find_id(kind, getattr(call.args, key)) if getattr(call.args, key) is not None else empty


def const(value: Any) -> Value:
    """A value that is always sent."""
    return lambda call: value


def build(call: Call, attributes: Mapping[str, Value]) -> Item:
    """The attributes whose values are not OMIT. A key with slashes is a key in a mapping within."""
    body: Item = {}
    for key, value in attributes.items():
        found = value(call)
        if found is OMIT:
            continue
        *outer, last = key.split("/")
        target = body
        for each in outer:
            target = target.setdefault(each, {})
        target[last] = found
    return body


def show_item(item: Mapping[str, Any], fields: str) -> Output:
    """One object: its fields in the order of *fields*."""
    columns = parse_columns(fields)
    return Output([column.title for column in columns], [[column.cell(item) for column in columns]], is_list=False)


def show_items(items: Sequence[Mapping[str, Any]], columns: str) -> Output:
    """A list of objects."""
    parsed = parse_columns(columns)
    return Output([column.title for column in parsed], [[column.cell(item) for column in parsed] for item in items])


def list_all(kind: str, columns: str, long: str = "", query: Mapping[str, Value] | None = None) -> Run:
    """List a kind; with --long, by the columns *long*."""

    def run(call: Call) -> Output:
        items = call.list(kind, build(call, query or {}).items())
        return show_items(items, long if long and call.args.long else columns)

    return run


def get_document(call: Call, path: str, service: str, minor: int = 1, query: Query = ()) -> Item:
    """The body of a GET."""
    body: Item = call.send("GET", path, query=query, service=service, minor=minor).body
    return body


def get_by_id(call: Call, word: str, id: str, path: str, service: str) -> Item:
    """
    The body of a GET for one resource.

    Args:
        word: The name of the class in openstacksdk. path: with {} for the ID.

    Raises:
        CommandError: it is refused; the message names class and ID.
    """
    try:
        return get_document(call, path.format(id), service)
    except ApiError as error:
        raise CommandError(f"No {word} found for {id}: {str(error).split(': ', 2)[2]}") from None


def list_path(service: str, path: str, key: str, columns: str, minor: int = 1, query: Query = ()) -> Run:
    """List what the API has at a path."""
    return lambda call: show_items(
        get_document(call, path.format(project=call.project_id), service, minor, query)[key], columns
    )


def show(kind: str, fields: str, key: str = "") -> Run:
    """Show one resource by ID or name."""
    key = key or kind.replace(" ", "_")
    return lambda call: show_item(call.find(kind, getattr(call.args, key)), fields)


def create(kind: str, attributes: Mapping[str, Value], fields: str) -> Run:
    """Create a resource and show it."""
    return lambda call: show_item(call.create(kind, build(call, attributes)), fields)


def create_or_find(call: Call, kind: str, name: str, body: Item) -> Item:
    """
    Create a resource; with --or-show, the one of that name if it exists.

    Raises:
        ApiError: the creation is refused. CommandError: as for `Call.find`.
    """
    try:
        return call.create(kind, body)
    except ApiError as error:
        if error.code != CONFLICT or not call.args.or_show:
            raise
        return call.find(kind, name)


def find_id_or_keep(call: Call, kind: str, text: str, domain: str | None = None, must_exist: bool = True) -> str:
    """
    The ID of a resource of the identity service, by its name only in *domain* if that is given. If the caller may not
    look for it, or without *must_exist* if it does not exist, the text itself, which may be its ID.

    Raises:
        CommandError: as for `Call.find`.
    """
    try:
        return str(call.find(kind, text, [("domain_id", call.find_id("domain", domain))] if domain else ())["id"])
    except CommandError as error:
        if must_exist and not (isinstance(error, ApiError) and error.code == FORBIDDEN):
            raise
        return text


def change(kind: str, attributes: Mapping[str, Value], key: str = "", method: str = "PUT") -> Run:
    """Change a resource, if an option says how."""
    key = key or kind.replace(" ", "_")

    def run(call: Call) -> None:
        id = call.find_id(kind, getattr(call.args, key))
        if body := build(call, attributes):
            call.update(kind, id, body, method)

    return run


def delete(kind: str, word: str, key: str = "", plural: str = "") -> Run:
    """Delete resources. A failure does not stop the others; the command fails at the end."""
    key = key or kind.replace(" ", "_")
    plural = plural or f"{word}s"

    def run(call: Call) -> None:
        names = getattr(call.args, key)
        for name in names:
            with call.attempt(f"Failed to delete {word} with name or ID '{name}'"):
                call.delete(kind, call.find_id(kind, name))
        call.check_failures(len(names), f"{plural} failed to delete")

    return run


def act(action: str, value: Any = None, minor: int = 100) -> Run:
    """Send an action to each server."""

    def run(call: Call) -> None:
        servers = call.args.server if isinstance(call.args.server, list) else [call.args.server]
        for name in servers:
            everywhere = [("all_tenants", "True")] if getattr(call.args, "all_projects", False) else ()
            call.act(call.find("server", name, everywhere)["id"], action, value, minor)

    return run
