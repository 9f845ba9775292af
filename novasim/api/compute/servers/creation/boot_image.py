"""
Checks whether a server can boot from its image: RAM, disk or volume size, and image properties.

Source: nova/compute/api.py, _validate_flavor_image_nostatus and _check_auto_disk_config.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.errors import BadRequest, Forbidden
from novasim.lifecycle.images import (
    disk_config_refusals,
    encryption_refusals,
    find_kernel_and_ramdisk,
    image_refusals,
    volume_refusals,
)
from novasim.records import Flavor, Image

ZERO_DISK_RULE = "os_compute_api:servers:create:zero_disk_flavor"
UNNAMED = "None"  # Nova's word for the image of a request that names none
ZERO_DISK = "Only volume-backed servers are allowed for flavors with zero disk."


def check_certificates(body: dict[str, Any], image: Image | None) -> None:
    """Raises BadRequest (400): certificates for a request without an image."""
    if image is None and body.get("trusted_image_certificates"):
        raise BadRequest(reason="Image certificate validation is not supported when booting from volume")


def check_boot_image(
    ctx: Context, body: dict[str, Any], image: Image | None, flavor: Flavor, root: dict[str, Any] | None
) -> None:
    """
    Check an image against the flavor and the boot disk.

    Args:
        root: The boot device; None if the request does not name one.

    Raises:
        BadRequest: the image does not fit (400). Forbidden: the flavor has no disk for it (403).
    """
    on_volume = root is not None and root["destination_type"] == "volume"
    if image is None:
        return
    is_named = bool(body.get("imageRef"))
    for refusal in disk_config_refusals(image.id or UNNAMED, image.properties, body.get("OS-DCF:diskConfig")):
        raise refusal
    for refusal in encryption_refusals(image) if is_named else ():
        raise refusal
    shown_id = "" if is_named else UNNAMED
    for refusal in image_refusals(image, flavor.ram, flavor.disk, not on_volume, shown_id):
        raise refusal
    if on_volume and root:
        for refusal in volume_refusals(None if root["volume_id"] else root["volume_size"], image.min_disk):
            raise refusal
    elif flavor.disk == 0 and not ctx.is_allowed(ZERO_DISK_RULE):
        raise Forbidden(reason=ZERO_DISK)


def check_kernel(ctx: Context, image: Image | None) -> None:
    """Raises BadRequest (400): the kernel or the ramdisk that an image names does not exist."""
    if find_missing_kernel(ctx, image):
        raise BadRequest(reason="Can not find requested image")


def find_missing_kernel(ctx: Context, image: Image | None) -> str:
    """The ID of the kernel or ramdisk that an image names and the caller does not find; "" without one."""
    ids = find_kernel_and_ramdisk(image.properties) if image else ()
    return next((id for id in ids if id and find_image(ctx, id) is None), "")


def check_cpus(flavor: Flavor, image: Image | None) -> None:
    """Raises BadRequest (400), Forbidden (403): the flavor and the image have invalid values for the guest."""
    properties = image.properties if image else {}
    if not (flavor.extra_specs or properties):
        return
    from novasim.lifecycle.constraints.conflicts import build_guest, create_conflict_refusals
    from novasim.lifecycle.constraints.guests import device_refusals

    name, id = (image.name, image.id or None) if image else (None, None)
    for refusal in create_conflict_refusals(build_guest(vars(flavor), name, id, properties), flavor.ram):
        raise refusal
    for refusal in device_refusals(flavor.extra_specs):
        raise refusal
