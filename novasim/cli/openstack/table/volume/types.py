"""The commands `volume type`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.cells import Cell, format_dict
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, delete, find_id_or_keep, opt, show_item, show_items, switch
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.render.output import print_message

COLUMNS = "ID, Name, Is Public"
LONG = f"{COLUMNS}, Description, Properties|extra_specs|dict"
NEW_FIELDS = "description id is_public name properties|extra_specs|dict"
FIELDS = f"access_project_ids {NEW_FIELDS}"
ENCRYPTION = ("cipher", "control_location", "encryption_id", "key_size", "provider")
"""Attributes of the encryption of a type, in the order of the real client's output."""
NO_PROVIDER = "'--encryption-provider' should be specified while creating a new encryption type"
NEW_ENCRYPTION = "No existing encryption type found, creating new encryption type for this volume type ..."
FAILED = "Command Failed: One or more of the operations failed"
SPECS = {"multiattach": "multiattach", "cacheable": "cacheable", "replicated": "replication_enabled"}
"""By flag: the extra spec that it sets."""
ZONES = "RESKEY:availability_zones"


def _path(call: Call, id: str, rest: str = "") -> str:
    return f"/v3/{call.project_id}/types/{id}{rest}"


def list_types(call: Call) -> Output:
    """List volume types."""
    args = call.args
    if args.default:
        items: list[Item] = [call.send("GET", _path(call, "default"), service="volume").body["volume_type"]]
    else:
        items = call.list(
            "volume type", [("is_public", "False" if args.private else "True" if args.public else "none")]
        )
    if not args.encryption_type:
        return show_items(items, LONG if args.long else COLUMNS)
    cells = [{**item, "encryption": _encryption_cell(_get_encryption(call, item["id"]))} for item in items]
    return show_items(cells, f"{LONG if args.long else COLUMNS}, Encryption")


def _get_encryption(call: Call, id: str) -> Item:
    found: Item = call.send("GET", _path(call, id, "/encryption"), service="volume").body
    return found


def _shown(encryption: Item) -> Item:
    return {key: encryption[key] for key in ENCRYPTION if encryption.get(key) is not None}


def _encryption_cell(encryption: Item) -> Cell:
    shown = _shown(encryption)
    return Cell(shown or None, format_dict(shown) if shown else "-")


def show_type(call: Call) -> Output:
    """Show a volume type, and the projects that may use it if it is private."""
    item = call.find("volume type", call.args.volume_type)
    projects = None
    if not item["is_public"]:
        response = call.try_send("GET", _path(call, item["id"], "/os-volume-type-access"), service="volume")
        ids = [] if response.fault else [each["project_id"] for each in response.body["volume_type_access"]]
        projects = Cell(ids, ", ".join(sorted(ids)))
    fields = FIELDS
    if call.args.encryption_type:
        item["encryption"] = {
            key: value for key, value in _get_encryption(call, item["id"]).items() if key in ENCRYPTION
        }
        fields = "access_project_ids description encryption||dict id is_public name properties|extra_specs|dict"
    return show_item({**item, "access_project_ids": projects}, fields)


def create_type(call: Call) -> Output:
    """
    Create a volume type.

    Raises:
        CommandError: --project is given, but the type is public.
    """
    args = call.args
    if args.project and not args.private:
        raise CommandError("--project is only allowed with --private")
    attributes = {"name": opt("name"), "description": opt("description")}
    attributes["os-volume-type-access:is_public"] = switch("public", "private")
    item = call.create("volume type", build(call, attributes))
    if args.project:
        with call.attempt("Failed to add project access to type"):
            _add_access(call, item["id"])
    if specs := _read_specs(call):
        item["extra_specs"] = _set_specs(call, item["id"], specs)
    if not (encryption := _read_encryption(call)):
        return show_item(item, NEW_FIELDS)
    item["encryption"] = _create_encryption(call, item["id"], encryption)
    return show_item(item, "description encryption||dict id is_public name properties|extra_specs|dict")


def _read_specs(call: Call) -> Item:
    args = call.args
    specs = {**(args.property or {}), **{spec: "<is> True" for key, spec in SPECS.items() if getattr(args, key)}}
    return specs | ({ZONES: ",".join(args.availability_zone)} if args.availability_zone else {})


def _set_specs(call: Call, id: str, specs: Item) -> Item:
    body = {"extra_specs": specs}
    found: Item = call.send("POST", _path(call, id, "/extra_specs"), body, service="volume").body["extra_specs"]
    return found


def _read_encryption(call: Call) -> Item:
    keys = ("provider", "cipher", "key_size", "control_location")
    return {key: value for key in keys if (value := getattr(call.args, f"encryption_{key}")) is not None}


def _create_encryption(call: Call, id: str, values: Item) -> Item:
    if "provider" not in values:
        raise CommandError(NO_PROVIDER)
    body = {"encryption": {"cipher": None, "key_size": None, "control_location": "front-end", **values}}
    return _shown(call.send("POST", _path(call, id, "/encryption"), body, service="volume").body["encryption"])


def _set_encryption(call: Call, id: str) -> None:
    values, old = _read_encryption(call), _get_encryption(call, id)
    if not old.get("encryption_id"):
        print_message(NEW_ENCRYPTION)
        _create_encryption(call, id, values)
        return
    path = _path(call, id, f"/encryption/{old['encryption_id']}")
    call.send("PUT", path, {"encryption": values}, service="volume")


def _add_access(call: Call, id: str, action: str = "addProjectAccess") -> None:
    project = find_id_or_keep(call, "project", call.args.project, call.args.project_domain)
    call.send("POST", _path(call, id, "/action"), {action: {"project": project}}, service="volume")


def set_type(call: Call) -> None:
    """
    Change a volume type.

    Raises:
        CommandError: a part of it has failed.
    """
    args, id = call.args, call.find_id("volume type", call.args.volume_type)
    attributes = {"name": opt("name"), "description": opt("description"), "is_public": switch("public", "private")}
    if changes := build(call, attributes):
        with call.attempt("Failed to update volume type name or description"):
            call.update("volume type", id, changes)
    if specs := _read_specs(call):
        with call.attempt("Failed to set volume type properties"):
            _set_specs(call, id, specs)
    if args.project:
        with call.attempt("Failed to set volume type access to project"):
            _add_access(call, id)
    if _read_encryption(call):
        with call.attempt("Failed to set encryption information for this volume type"):
            _set_encryption(call, id)
    if call.failures:
        raise CommandError(FAILED)


def unset_type(call: Call) -> None:
    """
    Remove properties of a volume type, its encryption, or the access of a project.

    Raises:
        CommandError: a part of it has failed.
    """
    args, id = call.args, call.find_id("volume type", call.args.volume_type)
    with call.attempt("Failed to unset volume type properties"):
        for key in args.property or ():
            call.send("DELETE", _path(call, id, f"/extra_specs/{key}"), service="volume")
    if args.project:
        with call.attempt("Failed to remove volume type access from project"):
            _add_access(call, id, "removeProjectAccess")
    if args.encryption_type:
        with call.attempt("Failed to remove the encryption type for this volume type"):
            encryption = _get_encryption(call, id).get("encryption_id")
            call.send("DELETE", _path(call, id, f"/encryption/{encryption}"), service="volume")
    if call.failures:
        raise CommandError(FAILED)


PROPERTIES = "[--property <key=value>]..."
DETAILS = (
    f"[--description <description>] {PROPERTIES} [--multiattach] [--cacheable] [--replicated]"
    " [--availability-zone <availability-zone>]... [--public | --private] [--project <project>]"
    " [--project-domain <project-domain>] [--encryption-provider <provider>] [--encryption-cipher <cipher>]"
    " [--encryption-key-size <#key-size>] [--encryption-control-location {front-end,back-end}]"
)
ROWS = (
    Row(
        "volume type list",
        "[--long] [--default | --public | --private] [--encryption-type]",
        "List volume types.",
        list_types,
        LIST,
    ),
    Row("volume type show", "<volume-type> [--encryption-type]", "Show a volume type.", show_type, OBJECT),
    Row("volume type create", f"<name> {DETAILS}", "Create a volume type.", create_type, OBJECT),
    Row("volume type set", f"<volume-type> [--name <name>] {DETAILS}", "Change a volume type.", set_type),
    Row(
        "volume type unset",
        "<volume-type> [--property <key>]... [--project <project>] [--project-domain <project-domain>]"
        " [--encryption-type]",
        "Remove properties.",
        unset_type,
    ),
    Row("volume type delete", "<volume-type>...", "Delete volume types.", delete("volume type", "volume type")),
)
