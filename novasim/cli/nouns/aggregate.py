"""Host aggregates: named sets of hosts, some of which are availability zones."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from novasim.cli.errors.attempts import try_each
from novasim.cli.options import key_values, output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import Conflict, NotFound, UsageError

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


@click.group()
def aggregate() -> None:
    """
    Aggregates: sets of hosts, which can make an availability zone (administrators).

    Example: novasim --as admin aggregate list
    """


@aggregate.command("list")
@output_options
@pass_session
def list_aggregates(session: Session) -> None:
    """
    List all aggregates.

    Example: novasim --as admin aggregate list -f json
    """
    session.show_list(session.get("/os-aggregates")["aggregates"], COLUMNS)


@aggregate.command("show")
@name_argument
@output_options
@pass_session
def show_aggregate(session: Session, name: str) -> None:
    """
    Show one aggregate.

    Example: novasim --as admin aggregate show rack1
    """
    session.show(_found(session, name))


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
    body = {"name": name} | ({"availability_zone": zone} if zone else {})
    with session.transaction(writes=True):
        made = session.request("POST", "/os-aggregates", {"aggregate": body}).body["aggregate"]
        made = _with_metadata(session, made, properties)
    session.show(made)


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
    body = {key: value for key, value in (("name", new_name), ("availability_zone", zone)) if value is not None}
    if not body and not properties:
        raise UsageError("Nothing to set; say what, for example --zone az1.")
    with session.transaction(writes=True):
        found = _found(session, name)
        if body:
            found = session.request("PUT", f"/os-aggregates/{found['id']}", {"aggregate": body}).body["aggregate"]
        found = _with_metadata(session, found, properties)
    session.show(found)


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
    session.show(_with_metadata(session, _found(session, name), dict.fromkeys(keys)))


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
    session.show(_act(session, _found(session, name), "add_host", {"host": host}))


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
    session.show(_act(session, _found(session, name), "remove_host", {"host": host}))


@aggregate.command("delete")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@output_options
@pass_session
def delete_aggregates(session: Session, names: tuple[str, ...]) -> None:
    """
    Remove aggregates that have no hosts.

    Example: novasim --as admin aggregate delete rack1
    """
    try_each(session, names, partial(_delete, session))


def _found(session: Session, text: str) -> dict[str, Any]:
    """The aggregate with that number or name."""
    everything = session.get("/os-aggregates")["aggregates"]
    found = [each for each in everything if str(each["id"]) == text] or [e for e in everything if e["name"] == text]
    if not found:
        names = ", ".join(each["name"] for each in everything)
        raise NotFound(reason=f"There is no aggregate {text!r}" + (f"; there are: {names}." if names else "."))
    if len(found) > 1:
        raise Conflict(reason=f"{text!r} can mean more than one aggregate; give the id.")
    one: dict[str, Any] = found[0]
    return one


def _with_metadata(session: Session, found: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    return _act(session, found, "set_metadata", {"metadata": metadata}) if metadata else found


def _act(session: Session, found: dict[str, Any], key: str, arguments: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = session.request("POST", f"/os-aggregates/{found['id']}/action", {key: arguments}).body
    changed: dict[str, Any] = answer["aggregate"]
    return changed


def _delete(session: Session, name: str) -> None:
    session.request("DELETE", f"/os-aggregates/{_found(session, name)['id']}")
