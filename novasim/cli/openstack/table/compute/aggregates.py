"""The commands `aggregate`."""

from __future__ import annotations

from typing import Any

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, delete, opt, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row, Run

COLUMNS = "ID, UUID, Name, Availability Zone"
LONG = f"{COLUMNS}, Properties|metadata|dict, Hosts||list"
FIELDS = """
    availability_zone created_at deleted_at hosts||list id is_deleted|deleted name properties|metadata|dict updated_at
    uuid
"""
ATTRIBUTES = {"name": opt("name"), "availability_zone": opt("zone")}


def list_aggregates(call: Call) -> Output:
    """List aggregates."""
    args = call.args
    items = [
        item
        for item in call.list("aggregate")
        if args.availability_zone in (None, item["availability_zone"]) and args.host in (None, *item["hosts"])
    ]
    return show_items([*map(_hide_zone, items)], LONG if args.long else COLUMNS)


def _hide_zone(item: Item) -> Item:
    """The aggregate without its zone among the properties."""
    return {**item, "metadata": {key: value for key, value in item["metadata"].items() if key != "availability_zone"}}


def show(call: Call) -> Output:
    """Show an aggregate."""
    return show_item(_hide_zone(call.find("aggregate", call.args.aggregate)), FIELDS)


def create(call: Call) -> Output:
    """Create an aggregate."""
    item = call.create("aggregate", build(call, ATTRIBUTES))
    if call.args.property:
        item = _act(call, item["id"], "set_metadata", {"metadata": call.args.property})
    return show_item(item, FIELDS)


def _act(call: Call, id: Any, action: str, value: Any) -> Item:
    """Send an action at the first microversion, as the real client does; so the answer has no UUID."""
    aggregate: Item = call.send("POST", f"/os-aggregates/{id}/action", {action: value}, minor=1).body["aggregate"]
    return aggregate


def set_aggregate(call: Call) -> None:
    """Change an aggregate."""
    item = call.find("aggregate", call.args.aggregate)
    if changes := build(call, ATTRIBUTES):
        call.update("aggregate", item["id"], changes)
    old = [key for key in item["metadata"] if key != "availability_zone"] if call.args.no_property else ()
    if properties := {**dict.fromkeys(old), **(call.args.property or {})}:
        _act(call, item["id"], "set_metadata", {"metadata": properties})


def unset_aggregate(call: Call) -> None:
    """Remove properties of an aggregate."""
    id = call.find_id("aggregate", call.args.aggregate)
    if call.args.property:
        _act(call, id, "set_metadata", {"metadata": dict.fromkeys(call.args.property)})


def change_host(action: str) -> Run:
    """Add a host to an aggregate, or remove it."""

    def run(call: Call) -> Output:
        id = call.find_id("aggregate", call.args.aggregate)
        return show_item(_act(call, id, action, {"host": call.args.host}), FIELDS)

    return run


def cache_images(call: Call) -> None:
    """Request the caching of images on the hosts of an aggregate."""
    id = call.find_id("aggregate", call.args.aggregate)
    images = [{"id": call.find_id("image", name)} for name in call.args.image]
    call.send("POST", f"/os-aggregates/{id}/images", {"cache": images}, minor=81)


PROPERTIES = "[--property <key=value>]..."
ROWS = (
    Row(
        "aggregate list",
        "[--long] [--availability-zone <zone>] [--host <host>]",
        "List host aggregates.",
        list_aggregates,
        LIST,
    ),
    Row("aggregate show", "<aggregate>", "Show a host aggregate.", show, OBJECT),
    Row("aggregate create", f"<name> [--zone <zone>] {PROPERTIES}", "Create a host aggregate.", create, OBJECT),
    Row(
        "aggregate set",
        f"<aggregate> [--name <name>] [--zone <zone>] {PROPERTIES} [--no-property]",
        "Change a host aggregate.",
        set_aggregate,
    ),
    Row("aggregate unset", "<aggregate> [--property <key>]...", "Remove properties.", unset_aggregate),
    Row("aggregate add host", "<aggregate> <host>", "Add a host to an aggregate.", change_host("add_host"), OBJECT),
    Row(
        "aggregate remove host",
        "<aggregate> <host>",
        "Remove a host from an aggregate.",
        change_host("remove_host"),
        OBJECT,
    ),
    Row("aggregate cache image", "<aggregate> <image>...", "Cache images on the hosts.", cache_images),
    Row("aggregate delete", "<aggregate>...", "Delete host aggregates.", delete("aggregate", "aggregate")),
)
