"""The commands for sums, pools and filters of volumes, and those that list what the simulated Cinder does not have."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError
from novasim.cli.openstack.cells import Cell, format_dict
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.kinds import VOLUMES
from novasim.cli.openstack.operations import get_document, list_path, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

MINOR = 70
FILTERS = "Resource, Filters||list"
LISTS = (
    ("consistency group list", "consistency groups", "consistencygroups", "consistencygroups", "ID, Status, Name"),
    (
        "consistency group snapshot list",
        "snapshots of consistency groups",
        "cgsnapshots",
        "cgsnapshots",
        "ID, Status, Name",
    ),
)
"""Command, what it lists, path, key of the list and columns."""


def show_summary(call: Call) -> Output:
    """Show the number and the size of all volumes."""
    query = [("all_tenants", True)] if call.args.all_projects else []
    path = f"{VOLUMES}/volumes/summary".format(project=call.project_id)
    summary = call.send("GET", path, query=query, service="volume", minor=MINOR).body["volume-summary"]
    metadata = summary.get("metadata") or {}
    cells = [summary["total_count"], summary["total_size"], Cell(metadata, format_dict(metadata))]
    return Output(["Total Count", "Total Size", "Metadata"], [cells], is_list=False)


def list_pools(call: Call) -> Output:
    """List the pools of storage."""
    path = f"{VOLUMES}/scheduler-stats/get_pools".format(project=call.project_id)
    query = [("detail", True)] if call.args.long else []
    pools = call.send("GET", path, query=query, service="volume", minor=MINOR).body["pools"]
    return show_items(pools, "Name, Capabilities||dict" if call.args.long else "Name")


def list_filters(call: Call) -> Output:
    """List the filters of the lists of volumes and of other resources."""
    path = f"{VOLUMES}/resource_filters".format(project=call.project_id)
    return show_items(get_document(call, path, "volume", MINOR)["resource_filters"], FILTERS)


def show_filters(call: Call) -> Output:
    """
    Show the filters of one list.

    Raises:
        CommandError: it has no filters.
    """
    path = f"{VOLUMES}/resource_filters".format(project=call.project_id)
    name = call.args.resource
    for each in get_document(call, path, "volume", MINOR)["resource_filters"]:
        if each["resource"] == name:
            return show_item(each, FILTERS)
    raise CommandError(f"No resource filter with a name of {name}' exists.")  # the real client has the same quote


ROWS = (
    Row("volume summary", "[--all-projects]", "Show the number and the size of all volumes.", show_summary, OBJECT),
    Row("volume backend pool list", "[--long]", "List pools of storage.", list_pools, LIST),
    Row("block storage resource filter list", "", "List the filters of lists.", list_filters, LIST),
    Row("block storage resource filter show", "<resource>", "Show the filters of a list.", show_filters, OBJECT),
    *(
        Row(
            words,
            "[--all-projects]",
            f"List {noun}.",
            list_path("volume", f"{VOLUMES}/{path}", key, columns, MINOR),
            LIST,
        )
        for words, noun, path, key, columns in LISTS
    ),
)
