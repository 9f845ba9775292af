"""The commands `volume` for volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.cells import CELLS, Cell
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, opt, show_item, show_items, switch
from novasim.cli.openstack.rows import LIST, OBJECT, Row

TRUE = ("true", True)
CELLS |= {"flag": lambda value: value in TRUE}
COLUMNS = "ID, Name, Status, Size, Attached to|attachments"
LONG = """
    ID, Name, Status, Size, Type|volume_type, Bootable||flag, Attached to|attachments, Properties|metadata|dict
"""
FIELDS = """
    attachments availability_zone backup_id bootable||flag cluster_name consistencygroup_id consumes_quota created_at
    description encrypted encryption_key_id group_id id multiattach name os-vol-host-attr:host
    os-vol-mig-status-attr:migstat os-vol-mig-status-attr:name_id os-vol-tenant-attr:tenant_id properties|metadata|dict
    provider_id replication_status service_uuid shared_targets size snapshot_id source_volid status type|volume_type
    updated_at user_id volume_image_metadata volume_type_id
"""
OPTIONAL = ("consistencygroup_id", "encryption_key_id", "volume_image_metadata")
STATES = "{available,error,creating,deleting,in-use,attaching,detaching,error_deleting,maintenance}"
MINOR = 71
FAILED = "One or more of the {} operations failed"


def show_volume(volume: Mapping[str, Any]) -> Output:
    """Show a volume."""
    fields = [field for field in FIELDS.split() if field not in OPTIONAL or volume.get(field) is not None]
    return show_item(volume, " ".join(fields))


def list_volumes(call: Call) -> Output:
    """List volumes."""
    args = call.args
    query = build(call, {"name": opt("name"), "status": opt("status"), "limit": opt("limit"), "marker": opt("marker")})
    query |= {"project_id": call.find_id("project", args.project)} if args.project else {}
    query |= {"user_id": call.find_id("user", args.user)} if args.user else {}
    query |= {"metadata": str(args.property)} if args.property else {}
    query |= {"all_tenants": True} if args.all_projects or args.project else {}
    volumes = call.list("volume", query.items())
    names = _server_names(call) if any(volume["attachments"] for volume in volumes) else {}
    for volume in volumes:
        volume["attachments"] = _describe_attachments(volume["attachments"], names)
    return show_items(volumes, LONG if args.long else COLUMNS)


def _server_names(call: Call) -> dict[str, str]:
    response = call.try_send("GET", "/servers/detail", minor=100)
    return {} if response.fault else {server["id"]: server["name"] for server in response.body["servers"]}


def _describe_attachments(attachments: list[Item], names: Mapping[str, str]) -> Cell:
    text = "".join(
        f"Attached to {names.get(each['server_id'], each['server_id'])} on {each['device']} " for each in attachments
    )
    return Cell(attachments, text)


def create(call: Call) -> Output:
    """Create a volume."""
    args = call.args
    size = args.size
    body: Item = {"name": args.name, "description": args.description, "volume_type": args.type}
    body |= {"availability_zone": args.availability_zone, "metadata": args.property}
    if args.source:
        source = call.find("volume", args.source)
        body["source_volid"], size = source["id"], max(size or 0, source["size"])
    elif args.snapshot:
        snapshot = call.find("volume snapshot", args.snapshot)
        body["snapshot_id"], size = snapshot["id"], max(size or 0, snapshot["size"])
    elif size is None:
        words = (
            "--size is a required option if none of --snapshot, --backup, --source, or --remote-source are provided."
        )
        raise CommandError(words)
    if args.image:
        body["imageRef"] = call.find_id("image", args.image)
    hints = {"OS-SCH-HNT:scheduler_hints": args.hint} if args.hint else {}
    path = f"/v3/{call.project_id}/volumes"
    data = {"volume": {**body, "size": size}, **hints}
    volume: Item = call.send("POST", path, data, service="volume", minor=MINOR).body["volume"]
    _try_flags(call, volume["id"])
    return show_volume(volume)


def _act(call: Call, id: str, action: str, value: Any) -> None:
    path = f"/v3/{call.project_id}/volumes/{id}/action"
    call.send("POST", path, {action: value}, service="volume", minor=MINOR)


def _try(call: Call, message: str, id: str, action: str, value: Any) -> None:
    with call.attempt(message):
        _act(call, id, action, value)


def _try_flags(call: Call, id: str) -> None:
    flags = build(
        call,
        {"bootable": switch("bootable", "non_bootable"), "readonly": switch("read_only", "read_write")},
    )
    if "bootable" in flags:
        value = {"bootable": flags["bootable"]}
        _try(call, "Failed to set volume bootable property", id, "os-set_bootable", value)
    if "readonly" in flags:
        value = {"readonly": flags["readonly"]}
        _try(call, "Failed to set volume read-only access mode flag", id, "os-update_readonly_flag", value)


def set_volume(call: Call) -> None:
    """Change a volume."""
    args, volume = call.args, call.find("volume", call.args.volume)
    id = volume["id"]
    if args.size:
        _extend(call, volume)
    _set_metadata(call, volume)
    _try_states(call, id)
    _try_flags(call, id)
    if args.type:
        value = {"new_type": args.type, "migration_policy": args.migration_policy or args.retype_policy or "never"}
        _try(call, "Failed to set volume type", id, "os-retype", value)
    if changes := build(call, {"name": opt("name"), "description": opt("description")}):
        call.update("volume", id, changes)
    if call.failures:
        raise CommandError(FAILED.format("set"))


def _try_states(call: Call, id: str) -> None:
    if call.args.state:
        _try(call, "Failed to set volume state", id, "os-reset_status", {"status": call.args.state})
    for word in ("attached", "detached"):
        if getattr(call.args, word):
            _try(call, "Failed to set volume attach-status", id, "os-reset_status", {"attach_status": word})


def _extend(call: Call, volume: Item) -> None:
    if call.args.size <= volume["size"]:
        call.fail(f"Failed to set volume size: New size must be greater than {volume['size']} GB")
    else:
        _try(call, "Failed to set volume size", volume["id"], "os-extend", {"new_size": call.args.size})


def _set_metadata(call: Call, volume: Item) -> None:
    args, path = call.args, f"/v3/{call.project_id}/volumes/{volume['id']}"
    for key in volume["metadata"] if args.no_property else ():
        call.send("DELETE", f"{path}/metadata/{key}", service="volume")
    if args.property:
        call.send("POST", f"{path}/metadata", {"metadata": args.property}, service="volume")
    if args.image_property:
        _act(call, volume["id"], "os-set_image_metadata", {"metadata": args.image_property})


def unset_volume(call: Call) -> None:
    """Remove properties of a volume."""
    id = call.find_id("volume", call.args.volume)
    for key in call.args.property or ():
        path = f"/v3/{call.project_id}/volumes/{id}/metadata/{key}"
        response = call.try_send("DELETE", path, service="volume")
        if response.fault:
            call.fail(f"Failed to unset volume properties: {response.fault}")
    for key in call.args.image_property or ():
        _try(call, "Failed to unset image properties", id, "os-unset_image_metadata", {"key": key})
    if call.failures:
        raise CommandError(FAILED.format("unset"))


def delete(call: Call) -> None:
    """Delete volumes."""
    args = call.args
    query = [("cascade", bool(args.cascade or args.purge)), ("force", bool(args.force))]
    for name in args.volume:
        with call.attempt(f"Failed to delete volume with name or ID '{name}'"):
            id = call.find_id("volume", name)
            if args.force:
                _act(call, id, "os-force_delete", None)
            else:
                call.delete("volume", id, query)
    call.check_failures(len(args.volume), "volumes failed to delete")


def migrate(call: Call) -> None:
    """Migrate a volume to another host."""
    args = call.args
    body = {"host": args.host, "force_host_copy": args.force_host_copy, "lock_volume": args.lock_volume}
    _act(call, call.find_id("volume", args.volume), "os-migrate_volume", body)


FLAGS = "[--bootable | --non-bootable] [--read-only | --read-write]"
OWNER = "[--project <project>] [--project-domain <project-domain>] [--user <user>] [--user-domain <user-domain>]"
POLICY = "{never,on-demand}"
ROWS = (
    Row(
        "volume list",
        f"{OWNER} [--name <name>] [--status <status>] [--property <key=value>]... [--all-projects] [--long]"
        " [--limit <#count>] [--marker <volume>]",
        "List volumes.",
        list_volumes,
        LIST,
    ),
    Row(
        "volume show",
        "<volume>",
        "Show a volume.",
        lambda call: show_volume(call.find("volume", call.args.volume)),
        OBJECT,
    ),
    Row(
        "volume create",
        "[<name>] [--size <#gib>] [--type <volume-type>] [--image <image> | --snapshot <snapshot> | --source <volume>]"
        " [--description <description>] [--availability-zone <zone>] [--property <key=value>]..."
        f" [--hint <key=value>]... {FLAGS}",
        "Create a volume.",
        create,
        OBJECT,
    ),
    Row(
        "volume set",
        "<volume> [--name <name>] [--size <#gib>] [--description <description>] [--no-property]"
        f" [--property <key=value>]... [--image-property <key=value>]... [--state {STATES}] [--attached | --detached]"
        f" [--type <volume-type>] [--retype-policy {POLICY}] [--migration-policy {POLICY}] {FLAGS}",
        "Change a volume.",
        set_volume,
    ),
    Row(
        "volume unset",
        "<volume> [--property <key>]... [--image-property <key>]...",
        "Remove properties of a volume.",
        unset_volume,
    ),
    Row("volume delete", "<volume>... [--force | --cascade | --purge]", "Delete volumes.", delete),
    Row(
        "volume migrate",
        "<volume> --host <host> [--force-host-copy] [--lock-volume]",
        "Migrate a volume to another host.",
        migrate,
    ),
)
