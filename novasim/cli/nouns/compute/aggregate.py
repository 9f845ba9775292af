"""Host aggregates: named sets of hosts, some of which are availability zones."""

from __future__ import annotations

from collections.abc import Mapping

import click

from novasim.api.resources import Item
from novasim.cli.collection import change_item, create_item, get_item, noun_group
from novasim.cli.lookup import find_id, item_path
from novasim.cli.options import key_values, output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError

COLUMNS = {"ID": "id", "Name": "name", "Zone": "availability_zone", "Hosts": "hosts", "Properties": "metadata"}

name_argument = click.argument("name", metavar="AGGREGATE")
zone_option = click.option("--zone", help="Availability zone that its hosts make.")
properties_option = click.option(
    "--property",
    "properties",
    metavar="KEY=VALUE",
    multiple=True,
    callback=key_values,
    help="Metadata item (may be repeated).",
)


aggregate = noun_group(
    "aggregate",
    "Aggregates: sets of hosts, which can make an availability zone (administrators).",
    COLUMNS,
    example="rack1",
    as_admin=True,
    delete_help="Remove aggregates that have no hosts.",
)


@aggregate.command("create")
@click.argument("name")
@zone_option
@properties_option
@output_options
@pass_session
def create_aggregate(session: Session, name: str, zone: str | None, properties: dict[str, str]) -> None:
    """
    Make an aggregate.

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
    Change an aggregate's name, zone or metadata.

    Example: novasim --as admin aggregate set rack1 --property ssd=true
    """
    body = {"name": new_name, "availability_zone": zone}
    changes = any(value is not None for value in body.values())
    if not changes and not properties:
        raise UsageError("Nothing to set; say what, for example --zone az1.")
    with session.transaction(writes=True):
        id = find_id(session, "aggregate", name)
        if changes:
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
    Remove metadata of an aggregate.

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
    Put a host into an aggregate.

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
    Take a host out of an aggregate.

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
