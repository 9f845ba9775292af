"""Host aggregates, some of which are availability zones."""

from __future__ import annotations

from collections.abc import Mapping

import click

from novasim.api.resources import Item
from novasim.cli.collection import change_item, create_item, get_item, noun_group
from novasim.cli.lookup import find_id, item_path
from novasim.cli.options import output_options, parse_key_values, pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError

COLUMNS = {"ID": "id", "Name": "name", "Zone": "availability_zone", "Hosts": "hosts", "Properties": "metadata"}

name_argument = click.argument("name", metavar="AGGREGATE")
zone_option = click.option("--zone", help="Availability zone of its hosts.")
properties_option = click.option(
    "--property",
    "properties",
    metavar="KEY=VALUE",
    multiple=True,
    callback=parse_key_values,
    help="Metadata item (may be repeated).",
)


aggregate = noun_group(
    "aggregate",
    "Host aggregates, which can also be availability zones (administrators).",
    COLUMNS,
    example="rack1",
    as_admin=True,
    delete_help="Delete aggregates that have no hosts.",
)


@aggregate.command("create")
@click.argument("name")
@zone_option
@properties_option
@output_options
@pass_session
def create_aggregate(session: Session, name: str, zone: str | None, properties: dict[str, str]) -> None:
    """
    Create an aggregate.

    Example: novasim --as admin aggregate create rack1 --zone az1
    """
    with session.transaction(writes=True):
        item = create_item(session, "aggregate", {"name": name, "availability_zone": zone or None})
        if properties:
            item = _set_metadata(session, str(item["id"]), properties)
    session.show(item)


@aggregate.command("set")
@name_argument
@click.option("--name", "new_name", help="New name.")
@zone_option
@properties_option
@output_options
@pass_session
def set_aggregate(
    session: Session, name: str, new_name: str | None, zone: str | None, properties: dict[str, str]
) -> None:
    """
    Change the name, zone or metadata of an aggregate.

    Example: novasim --as admin aggregate set rack1 --property ssd=true
    """
    body = {"name": new_name, "availability_zone": zone}
    has_changes = any(value is not None for value in body.values())
    if not has_changes and not properties:
        raise UsageError("Nothing to set; see: novasim aggregate set --help")
    with session.transaction(writes=True):
        id = find_id(session, "aggregate", name)
        if has_changes:
            change_item(session, "aggregate", id, body)
        if properties:
            _set_metadata(session, id, properties)
    session.show(get_item(session, "aggregate", id))


@aggregate.command("unset")
@name_argument
@click.option("--property", "keys", metavar="KEY", multiple=True, required=True, help="Metadata item to remove.")
@output_options
@pass_session
def unset_aggregate(session: Session, name: str, keys: tuple[str, ...]) -> None:
    """
    Remove metadata items of an aggregate.

    Example: novasim --as admin aggregate unset rack1 --property ssd
    """
    session.show(_set_metadata(session, name, dict.fromkeys(keys)))


@aggregate.command("add-host")
@name_argument
@click.argument("host")
@output_options
@pass_session
def add_host(session: Session, name: str, host: str) -> None:
    """
    Add a host to an aggregate.

    Example: novasim --as admin aggregate add-host rack1 host1
    """
    session.show(_act(session, name, "add_host", {"host": host}))


@aggregate.command("remove-host")
@name_argument
@click.argument("host")
@output_options
@pass_session
def remove_host(session: Session, name: str, host: str) -> None:
    """
    Remove a host from an aggregate.

    Example: novasim --as admin aggregate remove-host rack1 host1
    """
    session.show(_act(session, name, "remove_host", {"host": host}))


def _set_metadata(session: Session, name: str, metadata: Mapping[str, str | None]) -> Item:
    """Set or (None) remove metadata of the aggregate with that name or id."""
    return _act(session, name, "set_metadata", {"metadata": metadata})


def _act(session: Session, name: str, key: str, arguments: Item) -> Item:
    path = f"{item_path(session, 'aggregate', name)}/action"
    changed: Item = session.request("POST", path, {key: arguments}).body["aggregate"]
    return changed
