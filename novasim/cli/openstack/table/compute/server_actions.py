"""The commands that act on servers: power, locks, resizing, rebuilding, shelving, moving."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import OMIT, act, build, flag, opt, ref
from novasim.cli.openstack.rows import OBJECT, Row, Run
from novasim.cli.openstack.table.compute.server_creation import read_encoded
from novasim.cli.openstack.table.compute.server_details import show_server
from novasim.render.output import print_message

MANY = "<server>..."
RESIZED = ("ACTIVE", "VERIFY_RESIZE")
EVACUATED = "ACTIVE"
UNSHELVED = (EVACUATED, "SHUTOFF")
IS_SHELVED = ("SHELVED", "SHELVED_OFFLOADED")
OFFLOADED = ("SHELVED_OFFLOADED",)
RUNNING = ("ACTIVE",)
AFTER_REBUILD = {"ACTIVE": ("ACTIVE",), "ERROR": ("ACTIVE",), "SHUTOFF": ("SHUTOFF",)}
"""The status that `server rebuild --wait` waits for, by the status before it."""


def lock(call: Call) -> None:
    """Lock servers."""
    reason = {"locked_reason": call.args.reason} if call.args.reason else None
    for name in call.args.server:
        call.act(call.find_id("server", name), "lock", reason)


def reboot(call: Call) -> None:
    """Reboot a server."""
    id = call.find_id("server", call.args.server)
    call.act(id, "reboot", {"type": "HARD" if call.args.hard else "SOFT"})
    if call.args.wait:
        call.wait_for_status(id, RUNNING, f"Error rebooting server: {id}")
        call.write_line("Complete")


def rescue(call: Call) -> None:
    """Boot a server from a rescue image."""
    body = build(call, {"rescue_image_ref": ref("image"), "adminPass": opt("password")})
    call.act(call.find_id("server", call.args.server), "rescue", body or None)


def resize(call: Call) -> None:
    """Resize a server, or end its resize."""
    id = call.find_id("server", call.args.server)
    if call.args.confirm or call.args.revert:
        word = "confirm" if call.args.confirm else "revert"
        instead = f"Please use the 'openstack server resize {word}' command instead."
        print_message(f"The --{word} option has been deprecated. {instead}")
        call.act(id, "confirmResize" if call.args.confirm else "revertResize")
        return
    call.act(id, "resize", {"flavorRef": call.find_id("flavor", call.args.flavor)})
    if call.args.wait:
        call.wait_for_status(id, RESIZED, f"Error resizing server: {id}")
        call.write_line("Complete")


def rebuild(call: Call) -> Output:
    """Rebuild a server from an image."""
    server = call.find("server", call.args.server)
    if not server["image"] and not call.args.image:
        raise CommandError("The --image option is required when rebuilding a volume-backed server")
    image = call.find_id("image", call.args.image) if call.args.image else server["image"]["id"]
    if not server["image"] and not call.args.reimage_boot_volume:
        raise CommandError("--reimage-boot-volume is required to rebuild a volume-backed server")
    awaited = AFTER_REBUILD.get(server["status"])
    if awaited is None:
        raise CommandError("The server status is not ACTIVE, SHUTOFF or ERROR.")
    rebuilt = call.act(server["id"], "rebuild", {"imageRef": image, **_rebuild_body(call)})["server"]
    if call.args.wait:
        call.wait_for_status(server["id"], awaited, f"Error rebuilding server: {server['id']}")
        call.write_line("Complete")
    return show_server(call, rebuilt)


def _rebuild_body(call: Call) -> dict[str, object]:
    args = call.args
    body = build(
        call,
        {
            "name": opt("name"),
            "adminPass": opt("password"),
            "metadata": opt("property"),
            "description": opt("description"),
            "key_name": opt("key_name", None if args.no_key_name else OMIT),
            "user_data": flag("no_user_data", None),
            "trusted_image_certificates": opt("trusted_image_cert", None if args.no_trusted_image_certs else OMIT),
            "hostname": opt("hostname"),
            "preserve_ephemeral": flag("preserve_ephemeral", True, False if args.no_preserve_ephemeral else OMIT),
        },
    )
    return body | ({"user_data": read_encoded(args.user_data)} if args.user_data else {})


def shelve(call: Call) -> None:
    """Shelve servers, and offload them with --offload."""
    ids = []
    for name in call.args.servers:
        server = call.find("server", name)
        if server["status"] not in IS_SHELVED:
            ids.append(server["id"])
            call.act(server["id"], "shelve")
    for id in ids if call.args.wait or call.args.offload else ():
        call.wait_for_status(id, IS_SHELVED, f"Error shelving server: {id}")
    for id in ids if call.args.offload else ():
        if call.get("server", id)["status"] not in OFFLOADED:
            call.act(id, "shelveOffload")
    for id in ids if call.args.offload and call.args.wait else ():
        call.wait_for_status(id, OFFLOADED, f"Error offloading shelved server: {id}")


def unshelve(call: Call) -> None:
    """Unshelve servers."""
    zone = opt("availability_zone", None if call.args.no_availability_zone else OMIT)
    body = build(call, {"availability_zone": zone, "host": opt("host")})
    for name in call.args.server:
        server = call.find("server", name)
        if server["status"] in IS_SHELVED:
            call.act(server["id"], "unshelve", body or None)
            if call.args.wait:
                call.wait_for_status(server["id"], UNSHELVED, f"Error unshelving server: {server['id']}")


def migrate(call: Call) -> None:
    """Migrate a server to another host."""
    args, id = call.args, call.find_id("server", call.args.server)
    if args.live_migration:
        kind = True if args.block_migration else False if args.shared_migration else "auto"
        call.act(id, "os-migrateLive", {"host": args.host, "block_migration": kind}, minor=30)
    elif args.block_migration or args.disk_overcommit:
        raise CommandError("--live-migration must be specified if --block-migration or --disk-overcommit is specified")
    else:
        call.act(id, "migrate", {"host": args.host} if args.host else None)
    if args.wait:
        call.wait_for_status(id, RESIZED, f"Error migrating server: {id}")
        call.write_line("Complete, check success/failure by openstack server migration/event list/show")


def evacuate(call: Call) -> Output:
    """Rebuild a server of a failed host on another host."""
    if call.args.shared_storage:
        raise CommandError("--os-compute-api-version 2.13 or earlier is required to specify shared-storage.")
    server = call.find("server", call.args.server)
    # Since 2.95 the server ends as SHUTOFF, for which the real client waits only if the server was stopped before.
    statuses = [status for status in UNSHELVED if status in (EVACUATED, server["status"])]
    call.act(server["id"], "evacuate", build(call, {"host": opt("host"), "adminPass": opt("password")}))
    if call.args.wait:
        call.wait_for_status(server["id"], statuses, f"Error evacuating server: {server['id']}")
        call.write_line("Complete")
    return show_server(call, server, call.get("server", server["id"]))


def deprecated(words: str, newer: str, run: Run) -> Run:
    """A command that has been renamed."""

    def warn(call: Call) -> Output | None:
        print_message(f"The '{words}' command has been deprecated in favour of the '{newer}' command.")
        return run(call)

    return warn


ROWS = (
    Row("server start", f"{MANY} [--all-projects]", "Start servers.", act("os-start")),
    Row("server stop", f"{MANY} [--all-projects]", "Stop servers.", act("os-stop")),
    Row("server pause", MANY, "Pause servers.", act("pause")),
    Row("server unpause", MANY, "Unpause servers.", act("unpause")),
    Row("server suspend", MANY, "Suspend servers.", act("suspend")),
    Row("server resume", MANY, "Resume servers.", act("resume")),
    Row("server lock", f"{MANY} [--reason <reason>]", "Lock servers.", lock),
    Row("server unlock", MANY, "Unlock servers.", act("unlock")),
    Row("server restore", MANY, "Restore soft-deleted servers.", act("restore")),
    Row("server dump create", MANY, "Trigger a crash dump in guests.", act("trigger_crash_dump")),
    Row("server reboot", "<server> [--hard | --soft] [--wait]", "Reboot a server.", reboot),
    Row(
        "server rescue",
        "<server> [--image <image>] [--password <password>]",
        "Boot a server from a rescue image.",
        rescue,
    ),
    Row("server unrescue", "<server>", "Boot a rescued server from its own disk.", act("unrescue")),
    Row(
        "server resize",
        "<server> (--flavor <flavor> | --confirm | --revert) [--wait]",
        "Change the flavor of a server.",
        resize,
    ),
    Row("server resize confirm", "<server>", "Confirm the resize of a server.", act("confirmResize")),
    Row("server resize revert", "<server>", "Revert the resize of a server.", act("revertResize")),
    Row(
        "server rebuild",
        "<server> [--image <image>] [--name <name>] [--password <password>] [--property <key=value>]..."
        " [--description <description>] [--preserve-ephemeral | --no-preserve-ephemeral]"
        " [--key-name <key-name> | --no-key-name~--key-unset] [--user-data <file> | --no-user-data]"
        " [--trusted-image-cert <cert>... | --no-trusted-image-certs] [--hostname <hostname>]"
        " [--reimage-boot-volume | --no-reimage-boot-volume] [--wait]",
        "Rebuild a server from an image.",
        rebuild,
        OBJECT,
    ),
    Row("server shelve", "<servers>... [--offload] [--wait]", "Shelve servers.", shelve),
    Row(
        "server unshelve",
        "<server>... [--availability-zone <zone> | --no-availability-zone] [--host <host>] [--wait]",
        "Start shelved servers again.",
        unshelve,
    ),
    Row(
        "server migrate",
        "<server> [--live-migration] [--host <host>] [--shared-migration | --block-migration]"
        " [--disk-overcommit | --no-disk-overcommit] [--wait]",
        "Migrate a server to another host.",
        migrate,
    ),
    Row(
        "server migrate confirm",
        "<server>",
        "Confirm the migration of a server.",
        deprecated("server migrate confirm", "server migration confirm", act("confirmResize")),
    ),
    Row(
        "server migrate revert",
        "<server>",
        "Revert the migration of a server.",
        deprecated("server migrate revert", "server migration revert", act("revertResize")),
    ),
    Row("server migration confirm", "<server>", "Confirm the migration of a server.", act("confirmResize")),
    Row("server migration revert", "<server>", "Revert the migration of a server.", act("revertResize")),
    Row(
        "server evacuate",
        "<server> [--wait] [--host <host>] [--password <password> | --shared-storage]",
        "Rebuild a server of a failed host on another host.",
        evacuate,
        OBJECT,
    ),
)
