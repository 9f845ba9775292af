"""The commands `volume snapshot`, `volume service` and `volume attachment`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError
from novasim.cli.openstack.cells import Cell
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import (
    OMIT,
    build,
    delete,
    get_document,
    opt,
    ref,
    show,
    show_item,
    show_items,
)
from novasim.cli.openstack.rows import LIST, OBJECT, Row

SNAPSHOTS = "ID, Name, Description, Status, Size"
SNAPSHOTS_LONG = f"{SNAPSHOTS}, Created At, Volume|volume, Properties|metadata|dict"
SNAPSHOT = "created_at description id name properties|metadata|dict size status volume_id"
STATES = "{available,error,creating,deleting,error_deleting}"
SERVICES = "Binary, Host, Zone, Status, State, Updated At, Cluster, Backend State"
ATTACHMENTS = "ID, Volume ID, Server ID|instance, Status"
SET_FAILED = "One or more of the set operations failed"
WITHOUT_FORCE = 66  # the microversion from which a volume in use needs no force
SNAPSHOT_MINOR = 65


def list_snapshots(call: Call) -> Output:
    """List snapshots of volumes."""
    args = call.args
    query = build(
        call,
        {
            "all_tenants": lambda call: True if call.args.all_projects or call.args.project else OMIT,
            "project_id": ref("project"),
            "volume_id": ref("volume"),
            "name": opt("name"),
            "status": opt("status"),
            "limit": opt("limit"),
            "marker": opt("marker"),
        },
    )
    snapshots = call.list("volume snapshot", query.items())[: args.max_items]
    names = {volume["id"]: volume["name"] for volume in call.list("volume")} if args.long else {}
    for snapshot in snapshots:
        id = snapshot["volume_id"]
        snapshot["volume"] = Cell(id, names.get(id) or id)
    return show_items(snapshots, SNAPSHOTS_LONG if args.long else SNAPSHOTS)


def create_snapshot(call: Call) -> Output:
    """
    Create a snapshot of a volume.

    The real client sends --force only if it is set to a version before 3.66, although its default is 3.65.
    """
    args = call.args
    body = {
        "volume_id": call.find_id("volume", args.volume or args.snapshot_name),
        "name": args.snapshot_name,
        "description": args.description,
        "metadata": args.property,
    }
    if args.force and call.minors.get("volume", WITHOUT_FORCE) < WITHOUT_FORCE:
        body["force"] = True
    return show_item(call.create("volume snapshot", body), SNAPSHOT)


def set_snapshot(call: Call) -> None:
    """Change a snapshot."""
    args, snapshot = call.args, call.find("volume snapshot", call.args.snapshot)
    path = f"/v3/{call.project_id}/snapshots/{snapshot['id']}"
    for key in snapshot["metadata"] if args.no_property else ():
        call.send("DELETE", f"{path}/metadata/{key}", service="volume")
    if args.property:
        call.send("POST", f"{path}/metadata", {"metadata": args.property}, service="volume")
    if args.state:
        body = {"os-reset_status": {"status": args.state}}
        response = call.try_send("POST", f"{path}/action", body, service="volume", minor=SNAPSHOT_MINOR)
        if response.fault:
            call.fail(f"Failed to set snapshot state: {response.fault}")
    if changes := build(call, {"name": opt("name"), "description": opt("description")}):
        call.update("volume snapshot", snapshot["id"], changes)
    if call.failures:
        raise CommandError(SET_FAILED)


def unset_snapshot(call: Call) -> None:
    """Remove properties of a snapshot."""
    id = call.find_id("volume snapshot", call.args.snapshot)
    for key in call.args.property or ():
        call.send("DELETE", f"/v3/{call.project_id}/snapshots/{id}/metadata/{key}", service="volume")


def list_services(call: Call) -> Output:
    """List the services of the volume service."""
    query = [("host", call.args.host), ("binary", call.args.service)]
    path = f"/v3/{call.project_id}/os-services"
    body = call.send("GET", path, query=query, service="volume", minor=32).body
    return show_items(body["services"], SERVICES + (", Disabled Reason" if call.args.long else ""))


def set_service(call: Call) -> None:
    """Enable or disable a service."""
    args = call.args
    if args.disable_reason and not args.disable:
        raise CommandError("Cannot specify option --disable-reason without --disable specified.")
    path, query = f"/v3/{call.project_id}/os-services", [("host", args.host)]
    services = get_document(call, path, "volume", 32, query)["services"]
    if not any((each["binary"], each["host"]) == (args.service, args.host) for each in services):
        raise CommandError(f"No Service found for {args.service}")
    body = {"host": args.host, "binary": args.service}
    verb = "enable" if args.enable else "disable-log-reason" if args.disable_reason else "disable"
    body |= {"disabled_reason": args.disable_reason} if args.disable_reason else {}
    if args.enable or args.disable:
        call.send("PUT", f"{path}/{verb}", body, service="volume")


def list_attachments(call: Call) -> Output:
    """List attachments of volumes."""
    query = [("all_tenants", bool(call.args.all_projects))]
    path = f"/v3/{call.project_id}/attachments/detail"
    body = call.send("GET", path, query=query, service="volume", minor=71).body
    return show_items(body["attachments"], ATTACHMENTS)


PROPERTIES = "[--property <key=value>]..."
ROWS = (
    Row(
        "volume snapshot list",
        "[--all-projects] [--project <project>] [--project-domain <project-domain>] [--long] [--name <name>]"
        f" [--status {STATES}] [--volume <volume>] [--limit <#count>] [--marker <snapshot>] [--max-items <#count>]",
        "List snapshots of volumes.",
        list_snapshots,
        LIST,
    ),
    Row(
        "volume snapshot show", "<snapshot>", "Show a snapshot.", show("volume snapshot", SNAPSHOT, "snapshot"), OBJECT
    ),
    Row(
        "volume snapshot create",
        f"<snapshot-name> [--volume <volume>] [--description <description>] [--force] {PROPERTIES}",
        "Create a snapshot of a volume.",
        create_snapshot,
        OBJECT,
    ),
    Row(
        "volume snapshot set",
        f"<snapshot> [--name <name>] [--description <description>] [--no-property] {PROPERTIES} [--state {STATES}]",
        "Change a snapshot.",
        set_snapshot,
    ),
    Row("volume snapshot unset", "<snapshot> [--property <key>]...", "Remove properties.", unset_snapshot),
    Row(
        "volume snapshot delete",
        "<snapshot>... [--force]",
        "Delete snapshots.",
        delete("volume snapshot", "snapshot", "snapshot"),
    ),
    Row("volume service list", "[--host <host>] [--service <service>] [--long]", "List services.", list_services, LIST),
    Row(
        "volume service set",
        "<host> <service> [--enable | --disable] [--disable-reason <reason>]",
        "Enable or disable a service.",
        set_service,
    ),
    Row("volume attachment list", "[--all-projects]", "List attachments of volumes.", list_attachments, LIST),
)
