"""The commands `image create`, `set` and `unset`."""

from __future__ import annotations

from typing import Any

from novasim.api.image.uploads import Upload
from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import OMIT, build, opt, ref, show_item, switch
from novasim.cli.openstack.rows import OBJECT, Row
from novasim.cli.openstack.table.image.images import find_project, show_image

CONTAINERS = "{ami,ari,aki,bare,docker,ova,ovf}"
DISKS = "{ami,ari,aki,vhd,vmdk,raw,qcow2,vhdx,vdi,iso,ploop}"
VISIBILITIES = ("public", "private", "community", "shared")
VISIBILITY = "[--public | --private | --community | --shared]"
PART = 2**20  # bytes read at once


def _visibility(call: Call) -> Any:
    return next((word for word in VISIBILITIES if getattr(call.args, word)), OMIT)


CHANGES = {
    "name": opt("name"),
    "container_format": opt("container_format"),
    "disk_format": opt("disk_format"),
    "min_disk": opt("min_disk"),
    "min_ram": opt("min_ram"),
    "architecture": opt("architecture"),
    "instance_id": opt("instance_id"),
    "kernel_id": opt("kernel_id"),
    "os_distro": opt("os_distro"),
    "os_version": opt("os_version"),
    "ramdisk_id": opt("ramdisk_id"),
    "protected": switch("protected", "unprotected"),
    "visibility": _visibility,
    "os_hidden": switch("hidden", "unhidden"),
}
ATTRIBUTES = {
    "id": opt("id"),
    "name": opt("image_name"),
    "container_format": opt("container_format", "bare"),
    "disk_format": opt("disk_format", "raw"),
    "min_disk": opt("min_disk"),
    "min_ram": opt("min_ram"),
    "tags": opt("tag"),
    "visibility": _visibility,
    "protected": switch("protected", "unprotected"),
    "owner": ref("project"),
}


def create(call: Call) -> Output:
    """Create an image, with its data if there is a file."""
    if call.args.volume:
        return _create_from_volume(call)
    upload = _read_file(call.args.file) if call.args.file else None
    image = call.create("image", {**build(call, ATTRIBUTES), **(call.args.property or {}), **_own_properties(call)})
    if upload is not None:
        call.send("PUT", f"/v2/images/{image['id']}/file", upload, service="image")
    return show_image(call.get("image", image["id"]))


def _own_properties(call: Call) -> dict[str, str]:
    """The properties with which openstacksdk marks the images that it uploads from a file."""
    if not call.args.file:
        return {}
    mark = "owner_specified.openstack."
    return {f"{mark}md5": "", f"{mark}sha256": "", f"{mark}object": f"images/{call.args.image_name}"}


def _read_file(path: str) -> Upload:
    upload = Upload()
    try:
        with open(path, "rb") as file:
            while part := file.read(PART):
                upload.add(part)
    except OSError:
        raise CommandError(f"{path!r} is not a valid file") from None
    return upload


def _create_from_volume(call: Call) -> Output:
    args = call.args
    body = {
        "image_name": args.image_name,
        "force": args.force,
        "disk_format": args.disk_format or "raw",
        "container_format": args.container_format or "bare",
        "visibility": next((word for word in VISIBILITIES if getattr(args, word)), "private"),
        "protected": bool(args.protected),
    }
    volume = call.find_id("volume", args.volume)
    path = f"/v3/{call.project_id}/volumes/{volume}/action"
    response = call.send("POST", path, {"os-volume_upload_image": body}, service="volume", minor=71)
    info: Item = response.body["os-volume_upload_image"]
    kind = info.get("volume_type")
    info["volume_type"] = kind["name"] if isinstance(kind, dict) else kind
    return show_item(info, " ".join(f"{key}|{key}" for key in sorted(info)))


def set_image(call: Call) -> None:
    """Change an image."""
    args, image = call.args, call.find("image", call.args.image)
    path = f"/v2/images/{image['id']}"
    if args.activate or args.deactivate:
        call.send("POST", f"{path}/actions/{'deactivate' if args.deactivate else 'reactivate'}", service="image")
    status = {"accept": "accepted", "reject": "rejected", "pending": "pending"}
    answer = next((word for option, word in status.items() if getattr(args, option)), None)
    if answer:
        member = find_project(call) if args.project else call.project_id
        call.send("PUT", f"{path}/members/{member}", {"status": answer}, service="image")
    changes = {**build(call, CHANGES), **(args.property or {})}
    if args.project and not answer:
        changes["owner"] = call.find_id("project", args.project)
    if args.tag:
        changes["tags"] = [*dict.fromkeys([*image["tags"], *args.tag])]
    _patch(call, path, [{"op": "add", "path": f"/{key}", "value": value} for key, value in changes.items()])


def _patch(call: Call, path: str, operations: list[Item]) -> None:
    if operations:
        call.send("PATCH", path, operations, service="image")


def unset_image(call: Call) -> None:
    """Remove tags and properties of an image."""
    image = call.find("image", call.args.image)
    path = f"/v2/images/{image['id']}"
    tags, properties = call.args.tag or [], call.args.property or []
    for tag in tags:
        if call.try_send("DELETE", f"{path}/tags/{tag}", service="image").fault:
            call.fail(f"tag unset failed, '{tag}' is a nonexistent tag ")
    missing_tags = call.failures
    for key in properties:
        if key not in image:
            call.fail(f"property unset failed, '{key}' is a nonexistent property ")
    _patch(call, path, [{"op": "remove", "path": f"/{key}"} for key in properties if key in image])
    parts = [
        f"{number} of {total} {word}"
        for number, total, word in (
            (missing_tags, len(tags), "tags"),
            (call.failures - missing_tags, len(properties), "properties"),
        )
        if number
    ]
    if parts:
        raise CommandError(",".join(f"Failed to unset {part}" for part in parts) + ".")


ROWS = (
    Row(
        "image create",
        f"<image-name> [--id <id>] [--container-format {CONTAINERS}] [--disk-format {DISKS}] [--min-disk <#gib>]"
        " [--min-ram <#mib>] [--file <file> | --volume <volume>] [--force] [--progress]"
        f" [--protected | --unprotected] {VISIBILITY} [--property <key=value>]... [--tag <tag>]..."
        " [--project <project>] [--project-domain <project-domain>] [--import]",
        "Create an image.",
        create,
        OBJECT,
    ),
    Row(
        "image set",
        f"<image> [--name <name>] [--min-disk <#gib>] [--min-ram <#mib>] [--container-format {CONTAINERS}]"
        f" [--disk-format {DISKS}] [--protected | --unprotected] {VISIBILITY} [--property <key=value>]..."
        " [--tag <tag>]... [--architecture <architecture>] [--instance-id~--instance-uuid <id>] [--kernel-id <id>]"
        " [--os-distro <name>] [--os-version <version>] [--ramdisk-id <id>] [--deactivate | --activate]"
        " [--project <project>] [--project-domain <project-domain>] [--accept | --reject | --pending]"
        " [--hidden | --unhidden]",
        "Change an image.",
        set_image,
    ),
    Row("image unset", "<image> [--tag <tag>]... [--property <key>]...", "Remove tags and properties.", unset_image),
)
