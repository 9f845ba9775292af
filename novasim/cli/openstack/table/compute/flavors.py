"""The commands `flavor`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, delete, opt, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

COLUMNS = "ID, Name, RAM, Disk, Ephemeral|OS-FLV-EXT-DATA:ephemeral, VCPUs, Is Public|os-flavor-access:is_public"
LONG = f"{COLUMNS}, Swap||count, RXTX Factor, Properties|extra_specs|dict"
FIELDS = """
    OS-FLV-DISABLED:disabled OS-FLV-EXT-DATA:ephemeral access_project_ids description disk id name
    os-flavor-access:is_public properties|extra_specs|dict ram rxtx_factor swap||count vcpus
"""
NEW_FIELDS = FIELDS.replace("access_project_ids ", "")
FAILED = "Command Failed: One or more of the operations failed"
MINOR = 61


def list_flavors(call: Call) -> Output:
    """List flavors."""
    args = call.args
    is_public = None if args.all else not args.private
    query = [("is_public", str(is_public)), ("limit", args.limit), ("marker", args.marker)]
    query += [("minDisk", args.min_disk), ("minRam", args.min_ram)]
    return show_items(call.list("flavor", query)[: args.max_items], LONG if args.long else COLUMNS)


def create(call: Call) -> Output:
    """Create a flavor."""
    args = call.args
    if args.project and not args.private:
        raise CommandError("--project is only allowed with --private")
    body = build(
        call,
        {
            "id": opt("id", None),
            "name": opt("flavor_name"),
            "ram": opt("ram", 256),
            "disk": opt("disk", 0),
            "vcpus": opt("vcpus", 1),
            "swap": opt("swap", 0),
            "OS-FLV-EXT-DATA:ephemeral": opt("ephemeral", 0),
            "rxtx_factor": opt("rxtx_factor"),
            "description": opt("description"),
        },
    )
    body |= {"os-flavor-access:is_public": not args.private, "id": None if args.id == "auto" else args.id}
    flavor = call.create("flavor", body)
    if args.project:
        _change_access(call, flavor["id"], "addTenantAccess")
    if args.property:
        flavor["extra_specs"] = _set_properties(call, flavor["id"])
    return show_item(flavor, NEW_FIELDS)


def _set_properties(call: Call, id: str) -> Item:
    body = {"extra_specs": call.args.property}
    specs: Item = call.send("POST", f"/flavors/{id}/os-extra_specs", body, minor=MINOR).body["extra_specs"]
    return specs


def _change_access(call: Call, id: str, action: str) -> None:
    project = call.find_id("project", call.args.project)
    call.send("POST", f"/flavors/{id}/action", {action: {"tenant": project}}, minor=MINOR)


def show(call: Call) -> Output:
    """Show a flavor, and the projects that may use it if it is private."""
    flavor = call.find("flavor", call.args.flavor)
    projects = None
    if not flavor["os-flavor-access:is_public"]:
        response = call.try_send("GET", f"/flavors/{flavor['id']}/os-flavor-access", minor=MINOR)
        if not response.fault:
            projects = [each["tenant_id"] for each in response.body["flavor_access"]]
    return show_item({**flavor, "access_project_ids": projects}, FIELDS)


def set_flavor(call: Call) -> None:
    """Change a flavor."""
    flavor = call.find("flavor", call.args.flavor)
    if call.args.description:
        call.update("flavor", flavor["id"], {"description": call.args.description})
    if call.args.no_property:
        _remove_properties(call, flavor["id"], flavor["extra_specs"])
    if call.args.property:
        _set_properties(call, flavor["id"])
    if call.args.project:
        _try_access(call, flavor, "addTenantAccess", "Failed to set flavor access to project", "set access for")


def _try_access(call: Call, flavor: Item, action: str, message: str, verb: str) -> None:
    try:
        if flavor["os-flavor-access:is_public"]:
            raise CommandError(f"Cannot {verb} a public flavor")
        _change_access(call, flavor["id"], action)
    except CommandError as error:
        call.fail(f"{message}: {error}")
        raise CommandError(FAILED) from None


def _remove_properties(call: Call, id: str, keys: Item | list[str]) -> None:
    for key in keys:
        call.send("DELETE", f"/flavors/{id}/os-extra_specs/{key}", minor=MINOR)


def unset_flavor(call: Call) -> None:
    """Remove properties of a flavor, or the access of a project."""
    flavor = call.find("flavor", call.args.flavor)
    _remove_properties(call, flavor["id"], call.args.property or [])
    if call.args.project:
        message = "Failed to remove flavor access from project"
        _try_access(call, flavor, "removeTenantAccess", message, "remove access for")


PROJECT = "[--project <project>] [--project-domain <project-domain>]"
ROWS = (
    Row(
        "flavor list",
        "[--public | --private | --all] [--min-disk <#gib>] [--min-ram <#mib>] [--long] [--limit <#count>]"
        " [--marker <flavor>] [--max-items <#count>]",
        "List flavors.",
        list_flavors,
        LIST,
    ),
    Row(
        "flavor create",
        "<flavor-name> [--id <id>] [--ram <#mib>] [--disk <#gib>] [--ephemeral <#gib>] [--swap <#mib>]"
        " [--vcpus <#vcpus>] [--rxtx-factor <factor>] [--public | --private] [--property <key=value>]..."
        f" [--description <description>] {PROJECT}",
        "Create a flavor.",
        create,
        OBJECT,
    ),
    Row("flavor show", "<flavor>", "Show a flavor.", show, OBJECT),
    Row(
        "flavor set",
        f"<flavor> [--no-property] [--property <key=value>]... {PROJECT} [--description <description>]",
        "Change a flavor.",
        set_flavor,
    ),
    Row("flavor unset", f"<flavor> [--property <key>]... {PROJECT}", "Remove properties of a flavor.", unset_flavor),
    Row("flavor delete", "<flavor>...", "Delete flavors.", delete("flavor", "flavor")),
)
