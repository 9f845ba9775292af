"""The commands `keypair`."""

from __future__ import annotations

import os

from novasim.cli.files import check_is_not_cloud
from novasim.cli.openstack.call import Call, CommandError, Item, Query
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.cli.openstack.table.identity.users import list_user_ids

COLUMNS = "Name, Fingerprint, Type"
NEW_FIELDS = "created_at fingerprint id|name is_deleted|deleted name type user_id"
FIELDS = "created_at fingerprint id|name is_deleted|deleted name private_key type user_id"
MINOR = 2


def _user(call: Call) -> Query:
    return [("user_id", call.find_id("user", call.args.user))] if call.args.user else []


def list_keypairs(call: Call) -> Output:
    """List key pairs."""
    args = call.args
    page = [("limit", args.limit), ("marker", args.marker)]
    if not args.project:
        return show_items(call.list("keypair", [*page, *_user(call)])[: args.max_items], COLUMNS)
    users = list_user_ids(call, args.project)
    return show_items([item for user in users for item in call.list("keypair", [("user_id", user)])], COLUMNS)


def create(call: Call) -> Output | None:
    """Create a key pair. Without a file for the private key, it is printed."""
    args = call.args
    body: Item = {"name": args.name, **dict(_user(call)), **({"type": args.type} if args.type else {})}
    if args.public_key:
        body["public_key"] = _read_key(args.public_key)
    if args.private_key:
        check_is_not_cloud(os.path.expanduser(args.private_key), call.session.path)
    keypair = call.create("keypair", body)
    if args.private_key:
        _write_key(args.private_key, keypair["private_key"])
    elif not args.public_key:
        call.print_text(keypair["private_key"])
        return None
    return show_item(keypair, NEW_FIELDS)


def _read_key(path: str) -> str:
    try:
        with open(os.path.expanduser(path), encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise CommandError(f"Key file {path} not found: {error}") from None


def _write_key(path: str, key: str) -> None:
    from novasim.fileutils import write_file

    try:
        write_file(os.path.expanduser(path), key.encode(), replace=True)
    except OSError as error:
        raise CommandError(f"Key file {path} can not be saved: {error}") from None


def show(call: Call) -> Output | None:
    """Show a key pair, or only its public key."""
    path = f"/os-keypairs/{call.args.key}"
    response = call.try_send("GET", path, query=_user(call), minor=10)
    if response.fault:
        raise CommandError(f"No Keypair found for {call.args.key}")
    keypair = response.body["keypair"]
    if call.args.public_key:
        call.print_text(keypair["public_key"])
        return None
    return show_item(keypair, FIELDS)


def delete(call: Call) -> None:
    """Delete key pairs."""
    query = _user(call)
    for name in call.args.key:
        with call.attempt(f"Failed to delete key with name '{name}'"):
            call.delete("keypair", name, query)
    call.check_failures(len(call.args.key), "keys failed to delete")


USER = "[--user <user>] [--user-domain <user-domain>]"
ROWS = (
    Row(
        "keypair list",
        "[--user <user> | --project <project>] [--user-domain <user-domain>] [--project-domain <project-domain>]"
        " [--limit <#count>] [--marker <keypair>] [--max-items <#count>]",
        "List key pairs.",
        list_keypairs,
        LIST,
    ),
    Row(
        "keypair create",
        f"<name> [--public-key <file> | --private-key <file>] [--type {{ssh,x509}}] {USER}",
        "Create a key pair.",
        create,
        OBJECT,
    ),
    Row("keypair show", f"<key> [--public-key] {USER}", "Show a key pair.", show, OBJECT),
    Row("keypair delete", f"<key>... {USER}", "Delete key pairs.", delete),
)
