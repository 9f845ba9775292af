"""The commands `volume backup` and `volume transfer request`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.cells import Cell
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.kinds import KINDS
from novasim.cli.openstack.operations import build, opt, show, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

BACKUPS = "ID, Name, Description, Status, Size, Incremental|is_incremental, Created At"
BACKUPS_LONG = f"{BACKUPS}, Availability Zone, Volume|volume, Container"
BACKUP = (
    "availability_zone container created_at data_timestamp description encryption_key_id fail_reason"
    " has_dependent_backups id is_incremental metadata name object_count project_id|os-backup-project-attr:project_id"
    " size snapshot_id status updated_at user_id volume_id"
)
CREATED = "id name volume_id"
RESTORED = "id volume_id volume_name"
STATES = "{creating,available,deleting,error,restoring,error_restoring}"
TRANSFERS = "ID, Name, Volume|volume_id"
TRANSFER = "created_at id name volume_id"


def list_backups(call: Call) -> Output:
    """List backups of volumes."""
    args = call.args
    query = build(call, {"name": opt("name"), "status": opt("status"), "limit": opt("limit")})
    query |= {"volume_id": call.find_id("volume", args.volume)} if args.volume else {}
    query |= {"marker": call.find_id("volume backup", args.marker)} if args.marker else {}
    query |= {"all_tenants": True} if args.all_projects or args.project else {}
    query |= {"project_id": call.find_id("project", args.project)} if args.project else {}
    backups = call.list("volume backup", query.items())[: args.max_items]
    names = {volume["id"]: volume["name"] for volume in call.list("volume")} if args.long else {}
    for backup in backups:
        id = backup["volume_id"]
        backup["volume"] = Cell(id, names.get(id) or id)
    return show_items(backups, BACKUPS_LONG if args.long else BACKUPS)


def create_backup(call: Call) -> Output:
    """Create a backup of a volume or of its snapshot."""
    args = call.args
    body: Item = {"volume_id": call.find_id("volume", args.volume), "container": args.container, "name": args.name}
    body |= {"description": args.description, "force": args.force, "incremental": args.incremental}
    body |= {"snapshot_id": call.find_id("volume snapshot", args.snapshot)} if args.snapshot else {}
    body |= {"metadata": args.property} if args.property else {}
    body |= {"availability_zone": args.availability_zone} if args.availability_zone else {}
    return show_item(call.create("volume backup", body), CREATED)


def delete_backups(call: Call) -> None:
    """Delete backups."""
    for name in call.args.backup:
        with call.attempt(f"Failed to delete backup with name or ID '{name}'"):
            id = call.find_id("volume backup", name)
            if call.args.force:
                _act(call, id, "os-force_delete", None)
            else:
                call.delete("volume backup", id)
    call.check_failures(len(call.args.backup), "backups failed to delete")


def _act(call: Call, id: str, action: str, value: Item | None) -> None:
    kind = KINDS["volume backup"]
    call.send("POST", f"{call.kind_path(kind)}/{id}/action", {action: value}, service=kind.service, minor=kind.minor)


def restore_backup(call: Call) -> Output:
    """
    Write a backup to a new volume of this name or, with --force, to an existing one.

    Raises:
        CommandError: there is no name; the volume exists, and --force is missing.
    """
    args = call.args
    backup = call.find("volume backup", args.backup)
    body = _find_target(call)
    if not body:
        raise CommandError("Either of `name` or `volume_id` must be specified.")
    kind = KINDS["volume backup"]
    path = f"{call.kind_path(kind)}/{backup['id']}/restore"
    restored = call.send("POST", path, {"restore": body}, service=kind.service).body["restore"]
    return show_item({**backup, **restored}, RESTORED)


def _find_target(call: Call) -> Item:
    args = call.args
    try:
        volume = call.find("volume", args.volume) if args.volume else None
    except CommandError:
        volume = None
    if volume is None:
        return {"name": args.volume} if args.volume else {}
    if not args.force:
        raise CommandError(
            f"Volume '{args.volume}' already exists; if you want to restore the backup to it you need to specify the"
            " '--force' option"
        )
    return {"volume_id": volume["id"]}


def set_backup(call: Call) -> None:
    """
    Change a backup.

    Raises:
        CommandError: a part of it has failed.
    """
    args, backup = call.args, call.find("volume backup", call.args.backup)
    if args.state:
        with call.attempt("Failed to set backup state"):
            _act(call, backup["id"], "os-reset_status", {"status": args.state})
    changes = {key: value for key in ("name", "description") if (value := getattr(args, key))}
    metadata = {**({} if args.no_property else backup["metadata"]), **(args.property or {})}
    with call.attempt("Failed to update backup"):
        call.update("volume backup", backup["id"], {**changes, "metadata": metadata})
    if call.failures:
        raise CommandError("One or more of the set operations failed")


def list_transfers(call: Call) -> Output:
    """List transfers of volumes: those of the caller's project, even with --all-projects, as the real client does."""
    return show_items(call.list("volume transfer"), TRANSFERS)


def create_transfer(call: Call) -> Output:
    """Create a transfer of a volume."""
    args = call.args
    body = {"volume_id": call.find_id("volume", args.volume), "name": args.name}
    body |= {"no_snapshots": args.no_snapshots} if args.snapshots or args.no_snapshots else {}
    return show_item(call.create("volume transfer", body), f"auth_key {TRANSFER}")


def accept_transfer(call: Call) -> Output:
    """Take the volume of a transfer. The sender has said its key."""
    kind, args = KINDS["volume transfer"], call.args
    try:
        id = call.find_id("volume transfer", args.transfer_request_id)
    except CommandError:
        id = args.transfer_request_id
    path, body = f"{call.kind_path(kind)}/{id}/accept", {"accept": {"auth_key": args.auth_key}}
    found = call.send("POST", path, body, service=kind.service, minor=kind.minor).body["transfer"]
    return show_item(found, "id name volume_id")


def delete_transfers(call: Call) -> None:
    """Delete transfers, by their IDs."""
    for id in call.args.transfer_request:
        with call.attempt(f"Failed to delete volume transfer request with name or ID '{id}'"):
            call.delete("volume transfer", id)
    if call.failures:  # without a full stop, as the real client
        total = len(call.args.transfer_request)
        raise CommandError(f"{call.failures} of {total} volume transfer requests failed to delete")


PROPERTIES = "[--property <key=value>]..."
ROWS = (
    Row(
        "volume backup list",
        f"[--project <project>] [--long] [--name <name>] [--status {STATES}] [--volume <volume>] [--limit <#count>]"
        " [--marker <backup>] [--max-items <#count>] [--all-projects]",
        "List backups of volumes.",
        list_backups,
        LIST,
    ),
    Row("volume backup show", "<backup>", "Show a backup.", show("volume backup", BACKUP, "backup"), OBJECT),
    Row(
        "volume backup create",
        "<volume> [--name <name>] [--description <description>] [--container <container>] [--snapshot <snapshot>]"
        f" [--force] [--incremental] [--no-incremental] {PROPERTIES} [--availability-zone <zone-name>]",
        "Create a backup of a volume.",
        create_backup,
        OBJECT,
    ),
    Row(
        "volume backup restore",
        "<backup> [<volume>] [--force]",
        "Write a backup to a volume.",
        restore_backup,
        OBJECT,
    ),
    Row(
        "volume backup set",
        "<backup> [--name <name>] [--description <description>] [--state {available,error}] [--no-property]"
        f" {PROPERTIES}",
        "Change a backup.",
        set_backup,
    ),
    Row("volume backup delete", "<backup>... [--force]", "Delete backups.", delete_backups),
    Row("volume transfer request list", "[--all-projects]", "List transfers of volumes.", list_transfers, LIST),
    Row(
        "volume transfer request show",
        "<transfer-request>",
        "Show a transfer.",
        show("volume transfer", TRANSFER, "transfer_request"),
        OBJECT,
    ),
    Row(
        "volume transfer request create",
        "<volume> [--name <name>] [--snapshots | --no-snapshots]",
        "Offer a volume to another project.",
        create_transfer,
        OBJECT,
    ),
    Row(
        "volume transfer request accept",
        "<transfer-request-id> --auth-key <key>",
        "Take the volume of a transfer.",
        accept_transfer,
        OBJECT,
    ),
    Row("volume transfer request delete", "<transfer-request>...", "Delete transfers.", delete_transfers),
)
