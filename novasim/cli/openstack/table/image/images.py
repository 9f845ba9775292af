"""The commands `image` that list, show and delete images, and how an image is shown."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from novasim.cli.files import check_is_not_cloud
from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, delete, opt, ref, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

COLUMNS = "ID, Name, Status"
LONG = """
    ID, Name, Disk Format, Container Format, Size, Checksum, Status, Visibility, Protected, Project|owner,
    Hash Algorithm|hash_algo, Hash Value, Tags||list
"""
FIELDS = """
    checksum container_format created_at disk_format file id min_disk min_ram name owner properties||dict protected
    schema size status tags||list updated_at virtual_size visibility
"""
MEMBERS = "Image ID, Member ID, Status"
MEMBER = "created_at image_id member_id schema status updated_at"
VISIBILITIES = ("public", "private", "community", "shared", "all")
BASE = frozenset(part.partition("|")[0] for part in FIELDS.split()) | {"self"}
FIRST = ("os_hidden", "os_hash_algo", "os_hash_value")
LAST = ("architecture", "instance_uuid", "kernel_id", "os_distro", "os_type", "os_version", "ramdisk_id")
UNITS = ("", "K", "M", "G", "T", "P")
KILO = 1000


def show_image(image: Mapping[str, Any], human_readable: bool = False) -> Output:
    """Show an image: attributes without a value are left out, and others than the basic ones are properties."""
    names = sorted((key for key in image if key not in BASE), key=_property_order)
    properties = {key: image[key] for key in names if image[key] is not None}
    item = {**image, "properties": properties or None}
    if human_readable:
        item["size"] = format_size(image.get("size"))
    fields = [field for field in FIELDS.split() if item.get(field.partition("|")[0]) is not None]
    return show_item(item, " ".join(fields))


def _property_order(name: str) -> int:
    """The place of a property: openstacksdk reads attributes of the service first, and those it knows last."""
    return 0 if name in FIRST else 2 if name in LAST else 1


def format_size(size: float | None) -> str:
    """A size in bytes with a decimal unit."""
    number, unit = float(size or 0), 0
    while number >= KILO and unit < len(UNITS) - 1:
        number, unit = number / KILO, unit + 1
    return f"{number:.1f}".removesuffix(".0") + UNITS[unit]


def list_images(call: Call) -> Output:
    """List images, by name unless --sort says otherwise."""
    args = call.args
    visibility = next((word for word in VISIBILITIES if getattr(args, word)), None)
    query = build(call, {"name": opt("name"), "status": opt("status"), "member_status": opt("member_status")})
    query |= build(call, {"owner": ref("project"), "limit": opt("limit"), "marker": ref("image", "marker")})
    pairs = [*query.items(), *(("tag", tag) for tag in args.tag or ()), ("visibility", visibility)]
    images = call.list("image", [*pairs, ("os_hidden", "True" if args.hidden else None)])
    wanted = args.property or {}
    images = [image for image in images if all(str(image.get(key)) == value for key, value in wanted.items())]
    return show_items(_sort(images, args.sort or "name:asc")[: args.max_items], LONG if args.long else COLUMNS)


def _sort(images: list[Item], order: str) -> list[Item]:
    for part in reversed(order.split(",")):
        key, _, direction = part.partition(":")
        images = sorted(images, key=lambda image: str(image.get(key) or ""), reverse=direction == "desc")
    return images


def show(call: Call) -> Output:
    """Show an image."""
    return show_image(call.find("image", call.args.image), call.args.human_readable)


def save(call: Call) -> None:
    """Save the data of an image."""
    if call.args.file is not None:
        check_is_not_cloud(call.args.file, call.session.path)
    id = call.find_id("image", call.args.image)
    data = call.send("GET", f"/v2/images/{id}/file", service="image").body or b""
    content = data if isinstance(data, bytes) else str(data).encode()
    if call.args.file is None:
        sys.stdout.buffer.write(content)
        return
    try:
        with open(call.args.file, "wb") as file:
            file.write(content)
    except OSError as error:
        raise CommandError(f"{call.args.file}: {error.strerror}") from None


def find_project(call: Call) -> str:
    """The ID of the project; the name itself if the caller may not look it up."""
    try:
        return call.find_id("project", call.args.project)
    except CommandError:
        return str(call.args.project)


def _members(call: Call, rest: str = "") -> str:
    return f"/v2/images/{call.find_id('image', call.args.image)}/members{rest}"


def add_member(call: Call) -> Output:
    """Share an image with a project."""
    project = find_project(call)
    return show_item(call.send("POST", _members(call), {"member": project}, service="image").body, MEMBER)


def remove_member(call: Call) -> None:
    """Stop sharing an image with a project."""
    project = find_project(call)
    call.send("DELETE", _members(call, f"/{project}"), service="image")


def list_members(call: Call) -> Output:
    """List the projects with which an image is shared."""
    return show_items(call.send("GET", _members(call), service="image").body["members"], MEMBERS)


def show_member(call: Call) -> Output:
    """Show the membership of a project."""
    project = find_project(call)
    return show_item(call.send("GET", _members(call, f"/{project}"), service="image").body, MEMBER)


MEMBER_USAGE = "<image> <project> [--project-domain <project-domain>]"
ROWS = (
    Row(
        "image list",
        "[--public | --private | --community | --shared | --all] [--property <key=value>]... [--name <name>]"
        " [--status <status>] [--member-status {accepted,pending,rejected,all}] [--project <project>]"
        " [--project-domain <project-domain>] [--tag <tag>]... [--hidden] [--long] [--page-size <size>]"
        " [--sort <key:direction>] [--limit <#count>] [--marker <image>] [--max-items <#count>]",
        "List images.",
        list_images,
        LIST,
    ),
    Row("image show", "[--human-readable] <image>", "Show an image.", show, OBJECT),
    Row("image save", "[--file <file>] [--chunk-size <#bytes>] <image>", "Save the data of an image.", save),
    Row("image delete", "<image>...", "Delete images.", delete("image", "image")),
    Row("image add project", MEMBER_USAGE, "Share an image with a project.", add_member, OBJECT),
    Row("image remove project", MEMBER_USAGE, "Stop sharing an image.", remove_member),
    Row("image member list", "<image>", "List the projects of a shared image.", list_members, LIST),
    Row("image member get", MEMBER_USAGE, "Show the membership of a project.", show_member, OBJECT),
)
