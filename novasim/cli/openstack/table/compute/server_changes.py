"""The commands `server set` and `unset`, and those that create images of servers."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, opt
from novasim.cli.openstack.rows import OBJECT, Row
from novasim.cli.openstack.table.image.images import show_image

CHANGES = {
    "name": opt("name"),
    "description": opt("description"),
    "hostname": opt("hostname"),
    "pinned_availability_zone": opt("pinned_availability_zone"),
}
ASK = (
    "Resetting the server state can make it much harder to recover a server from an error state. If the server is in "
    "error status due to a failed move operation then this is likely not the correct approach to fix the problem. Do "
    "you wish to continue? [y/n]: "
)


def set_server(call: Call) -> None:
    """Change a server."""
    args, id = call.args, call.find_id("server", call.args.server)
    if changes := build(call, CHANGES):
        call.send("PUT", f"/servers/{id}", {"server": changes}, minor=_change_minor(call))
    if args.property:
        call.send("POST", f"/servers/{id}/metadata", {"metadata": args.property}, minor=100)
    if args.state:
        if not args.auto_approve and input(ASK) not in ("y", "Y", "yes"):
            return
        call.act(id, "os-resetState", {"state": args.state})
    if args.password or args.root_password:
        call.act(id, "changePassword", {"adminPass": args.password or _ask_password()})
    elif args.no_password:
        call.send("DELETE", f"/servers/{id}/os-server-password", minor=100)
    for tag in args.tag or ():
        call.send("PUT", f"/servers/{id}/tags/{tag}", minor=100)


def _change_minor(call: Call) -> int:
    return 104 if getattr(call.args, "pinned_availability_zone", None) else 100


def _ask_password() -> str:
    from getpass import getpass

    password = getpass("New password: ")
    if password != getpass("Retype new password: "):
        raise CommandError("Passwords do not match, password unchanged")
    return password


def unset_server(call: Call) -> None:
    """Remove properties of a server."""
    args, id = call.args, call.find_id("server", call.args.server)
    keys = list(args.property or ())
    if args.all_properties:
        keys = list(call.send("GET", f"/servers/{id}/metadata", minor=100).body["metadata"])
    for key in keys:
        call.try_send("DELETE", f"/servers/{id}/metadata/{key}", minor=100)
    if args.description:
        call.update("server", id, {"description": ""})
    if args.pinned_availability_zone:
        call.send("PUT", f"/servers/{id}", {"server": {"pinned_availability_zone": None}}, minor=104)
    for tag in args.tag or ():
        call.send("DELETE", f"/servers/{id}/tags/{tag}", minor=100)
    if args.all_tags:
        call.send("DELETE", f"/servers/{id}/tags", minor=100)


def create_image(call: Call) -> Output:
    """Create an image of a server."""
    server = call.find("server", call.args.server)
    body = build(call, {"name": opt("name", server["name"]), "metadata": opt("property")})
    return _show_new_image(call, call.act(server["id"], "createImage", body, minor=45)["image_id"])


def create_backup(call: Call) -> Output:
    """Create a backup image of a server."""
    server = call.find("server", call.args.server)
    body = {
        "name": call.args.name or server["name"],
        "backup_type": call.args.type or "",
        "rotation": 1 if call.args.rotate is None else call.args.rotate,
    }
    return _show_new_image(call, call.act(server["id"], "createBackup", body, minor=45)["image_id"])


def _show_new_image(call: Call, id: str) -> Output:
    if call.args.wait:
        call.wait(lambda: call.get("image", id)["status"] in IMAGE_DONE, f"Error creating server image: {id}")
        call.write_line("")
    return show_image(call.get("image", id))


IMAGE_DONE = ("active", "killed")
BACKUP = "[--type <backup-type>] [--rotate <#count>]"
ROWS = (
    Row(
        "server set",
        "<server> [--name <name>] [--password <password> | --no-password | --root-password]"
        " [--property <key=value>]... [--auto-approve] [--state {active,error}] [--description <description>]"
        " [--tag <tag>]... [--hostname <hostname>] [--pinned-availability-zone <zone>]",
        "Change a server.",
        set_server,
    ),
    Row(
        "server unset",
        "<server> [--property <key>... | --all-properties] [--description] [--tag <tag>... | --all-tags]"
        " [--pinned-availability-zone]",
        "Remove properties of a server.",
        unset_server,
    ),
    Row(
        "server image create",
        "<server> [--name <image-name>] [--property <key=value>]... [--wait]",
        "Create an image of a server.",
        create_image,
        OBJECT,
    ),
    Row(
        "server backup create",
        f"<server> [--name <image-name>] {BACKUP} [--wait]",
        "Create a backup image of a server.",
        create_backup,
        OBJECT,
    ),
)
