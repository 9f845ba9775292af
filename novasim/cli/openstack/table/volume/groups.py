"""The commands `volume group`, `volume group snapshot` and `volume group type`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.kinds import KINDS
from novasim.cli.openstack.operations import build, opt, show, show_item, show_items, switch
from novasim.cli.openstack.rows import LIST, OBJECT, Row, Run
from novasim.render.output import print_message

GROUP, SNAPSHOT, TYPE = "volume group", "volume group snapshot", "volume group type"
COLUMNS = "ID, Status, Name"
GROUP_FIELDS = (
    "ID, Status, Name, Description, Group Type, Volume Types, Availability Zone, Created At, Volumes,"
    " Group Snapshot ID, Source Group ID"
)
SNAPSHOT_FIELDS = "ID, Status, Name, Description, Group|group_id, Group Type|group_type_id"
TYPES = "ID, Name, Is Public, Group Specs||dict"
TYPE_FIELDS = "ID, Name, Description, Is Public, Properties|group_specs|dict"
DEPRECATED = (
    "Passing volume group type and volume types as positional arguments is deprecated. Use the --volume-group-type and"
    " --volume-type option arguments instead."
)
NO_TYPES = "--volume-types is a required argument when creating a group from group type."
NO_SOURCE = (
    "Either --source-group <source_group> or '--group-snapshot <group_snapshot>' needs to be provided to run the"
    " 'volume group create [--source-group|--group-snapshot]' command"
)
NO_ZONE = "'--availability-zone' option will not work if creating group from source."


def _act(call: Call, id: str, action: str, value: Item | None = None) -> Item:
    kind = KINDS[GROUP]
    path = f"{call.kind_path(kind)}/{id}/action".replace("//", "/")
    body: Item = call.send("POST", path, {action: value}, service=kind.service, minor=kind.minor).body
    return body


def list_groups(kind: str) -> Run:
    """List groups of volumes, or their snapshots."""
    return lambda call: show_items(call.list(kind, [("all_tenants", call.args.all_projects)]), COLUMNS)


def show_group(call: Call) -> Output:
    """Show a group of volumes; with --volumes, the volumes in it."""
    args, kind, group = call.args, KINDS[GROUP], call.find(GROUP, call.args.group)
    if args.volumes or args.no_volumes:
        path = f"{call.kind_path(kind)}/{group['id']}"
        query = [("list_volume", args.volumes)]
        group = call.send("GET", path, query=query, service=kind.service, minor=kind.minor).body["group"]
    return show_item(group, GROUP_FIELDS)


def create_group(call: Call) -> Output:
    """
    Create a group of volumes, empty or with copies of the volumes of another one.

    Raises:
        CommandError: neither type nor source is given.
    """
    args = call.args
    if args.volume_group_type_legacy:
        print_message(DEPRECATED)
    type = args.volume_group_type or args.volume_group_type_legacy
    created = _create_empty(call, type) if type else _create_from_source(call)
    return show_item(call.get(GROUP, created["id"]), GROUP_FIELDS)


def _create_empty(call: Call, type: str) -> Item:
    args = call.args
    types = [*(args.volume_type or ()), *args.volume_type_legacy]
    if not types:
        raise CommandError(NO_TYPES)
    body = {"group_type": call.find_id(TYPE, type), "name": args.name, "description": args.description}
    body |= {"volume_types": [call.find_id("volume type", name) for name in types]}
    return call.create(GROUP, {**body, "availability_zone": args.availability_zone})


def _create_from_source(call: Call) -> Item:
    args = call.args
    if args.source_group is None and args.group_snapshot is None:
        raise CommandError(NO_SOURCE)
    if args.availability_zone:
        print_message(NO_ZONE)
    body = {"name": args.name, "description": args.description}
    body |= {"source_group_id": call.find_id(GROUP, args.source_group) if args.source_group else None}
    body |= {"group_snapshot_id": call.find_id(SNAPSHOT, args.group_snapshot) if args.group_snapshot else None}
    group: Item = _act(call, "", "create-from-src", body)["group"]
    return group


def set_group(call: Call) -> Output:
    """Change a group of volumes."""
    args, group = call.args, call.find(GROUP, call.args.group)
    if args.enable_replication or args.disable_replication:
        _act(call, group["id"], "enable_replication" if args.enable_replication else "disable_replication")
    changes = build(call, {"name": opt("name"), "description": opt("description")})
    if changes:
        _update(call, group["id"], changes)
    return show_item({**group, **changes}, GROUP_FIELDS)


def _update(call: Call, id: str, body: Item) -> None:
    kind = KINDS[GROUP]
    call.send("PUT", f"{call.kind_path(kind)}/{id}", {kind.one: body}, service=kind.service, minor=kind.minor)


def change_volumes(key: str) -> Run:
    """Add volumes to a group, or remove them."""

    def run(call: Call) -> None:
        id = call.find_id(GROUP, call.args.group)
        _update(call, id, {key: ",".join(call.find_id("volume", name) for name in call.args.volume)})

    return run


def delete_group(call: Call) -> None:
    """Delete a group; with --force, the volumes in it, too."""
    _act(call, call.find_id(GROUP, call.args.group), "delete", {"delete-volumes": call.args.force})


def create_snapshot(call: Call) -> Output:
    """Create snapshots of all volumes of a group."""
    args = call.args
    body = {"group_id": call.find_id(GROUP, args.volume_group), "name": args.name, "description": args.description}
    return show_item(call.create(SNAPSHOT, body), SNAPSHOT_FIELDS)


def list_types(call: Call) -> Output:
    """List types of groups."""
    return show_items([call.get(TYPE, "default")] if call.args.default else call.list(TYPE), TYPES)


def create_type(call: Call) -> Output:
    """Create a type of groups."""
    args = call.args
    body = {"name": args.name, "description": args.description, "is_public": not args.private}
    return show_item(call.create(TYPE, body), TYPE_FIELDS)


def set_type(call: Call) -> Output:
    """
    Change a type of groups.

    Raises:
        CommandError: a part of it has failed.
    """
    args, item, kind = call.args, call.find(TYPE, call.args.group_type), KINDS[TYPE]
    specs = f"{call.kind_path(kind)}/{item['id']}/group_specs"
    changes = build(
        call, {"name": opt("name"), "description": opt("description"), "is_public": switch("public", "private")}
    )
    if changes:
        with call.attempt("Failed to update group type"):
            call.update(TYPE, item["id"], changes)
    if args.no_property:
        with call.attempt("Failed to clear group type properties"):
            for key in item["group_specs"]:
                call.send("DELETE", f"{specs}/{key}", service=kind.service, minor=kind.minor)
    if args.property:
        with call.attempt("Failed to set group type properties"):
            call.send("POST", specs, {"group_specs": args.property}, service=kind.service, minor=kind.minor)
    if call.failures:
        raise CommandError("Command Failed: One or more of the operations failed")
    return show_item(call.find(TYPE, args.group_type), TYPE_FIELDS)


def delete_one(kind: str, key: str) -> Run:
    """Delete a snapshot or a type of groups."""
    return lambda call: call.delete(kind, call.find_id(kind, getattr(call.args, key)))


DETAILS = "[--name <name>] [--description <description>]"
ROWS = (
    Row("volume group list", "[--all-projects]", "List groups of volumes.", list_groups(GROUP), LIST),
    Row(
        "volume group show",
        "<group> [--volumes] [--no-volumes] [--replication-targets] [--no-replication-targets]",
        "Show a group of volumes.",
        show_group,
        OBJECT,
    ),
    Row(
        "volume group create",
        "[<volume_group_type_legacy>] [<volume_type_legacy>]... [--volume-group-type <volume-group-type> |"
        " --source-group <source-group> | --group-snapshot <group-snapshot>] [--volume-type <volume-type>]..."
        f" {DETAILS} [--availability-zone <availability-zone>]",
        "Create a group of volumes.",
        create_group,
        OBJECT,
    ),
    Row(
        "volume group set",
        f"<group> {DETAILS} [--enable-replication | --disable-replication]",
        "Change a group of volumes.",
        set_group,
        OBJECT,
    ),
    Row("volume group delete", "<group> [--force]", "Delete a group of volumes.", delete_group),
    Row("volume group add volume", "<group> <volume>...", "Add volumes to a group.", change_volumes("add_volumes")),
    Row(
        "volume group remove volume",
        "<group> <volume>...",
        "Remove volumes from a group.",
        change_volumes("remove_volumes"),
    ),
    Row("volume group snapshot list", "[--all-projects]", "List snapshots of groups.", list_groups(SNAPSHOT), LIST),
    Row(
        "volume group snapshot show",
        "<snapshot>",
        "Show a snapshot of a group.",
        show(SNAPSHOT, SNAPSHOT_FIELDS, "snapshot"),
        OBJECT,
    ),
    Row(
        "volume group snapshot create",
        f"<volume-group> {DETAILS}",
        "Create snapshots of all volumes of a group.",
        create_snapshot,
        OBJECT,
    ),
    Row("volume group snapshot delete", "<snapshot>", "Delete a snapshot.", delete_one(SNAPSHOT, "snapshot")),
    Row("volume group type list", "[--default]", "List types of groups.", list_types, LIST),
    Row("volume group type show", "<group-type>", "Show a type.", show(TYPE, TYPE_FIELDS, "group_type"), OBJECT),
    Row(
        "volume group type create",
        "<name> [--description <description>] [--public | --private]",
        "Create a type of groups.",
        create_type,
        OBJECT,
    ),
    Row(
        "volume group type set",
        f"<group-type> {DETAILS} [--public | --private] [--no-property] [--property <key=value>]...",
        "Change a type of groups.",
        set_type,
        OBJECT,
    ),
    Row("volume group type delete", "<group-type>", "Delete a type.", delete_one(TYPE, "group_type")),
)
