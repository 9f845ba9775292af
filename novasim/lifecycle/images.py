"""Whether an image can be used: its status, its properties, and its needs of a flavor and OS-DCF:diskConfig."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from novasim.errors import BadRequest, NovaFault
from novasim.lifecycle.states import ACTIVE
from novasim.records import Image, Server
from novasim.strutils import bool_from_string

GIB = 1024**3
NO_GUEST_AGENT = "QEMU guest agent is not enabled"


class FlavorNeeds(NamedTuple):
    """The flavor that an image or a server needs: RAM in MiB, disk in GiB (0: its disk does not matter)."""

    ram: int
    disk: int


def image_refusals(
    image: Image, ram: int, disk: int, local_disk: bool = True, shown_id: str = ""
) -> Iterator[NovaFault]:
    """
    Yield why an image cannot be used by a server with *ram* MiB.

    Args:
        shown_id: What Nova calls the image, if not its id.
        disk: The flavor's disk in GiB; 0 is as large as the image. local_disk: whether the image is written to it.
    """
    if image.status != "active":
        yield BadRequest(reason=f"Image {shown_id or image.id} is not active.")
    yield from config_drive_refusals(image)
    yield from _size_refusals(image, ram, disk if local_disk else 0)
    yield from property_refusals(image)


def _size_refusals(image: Image, ram: int, disk: int) -> Iterator[NovaFault]:
    """Yield why a flavor is too small for an image. A disk of 0 GiB fits; The refusals carry what would fit."""
    size = image.size or 0
    needs = FlavorNeeds(image.min_ram, max(image.min_disk, -(-size // GIB)) if disk else 0)
    yield from ram_refusals(ram, image.min_ram, needs)
    if disk and size > disk * GIB:
        yield BadRequest(
            reason="Flavor's disk is too small for requested image. "
            f"Flavor disk is {disk * GIB} bytes, image is {size} bytes.",
            needs=needs,
        )
    if disk:
        yield from disk_refusals(disk, image.min_disk, needs)


def encryption_refusals(image: Image) -> Iterator[NovaFault]:
    """
    Yield a refusal if the image was uploaded from an encrypted volume. What a volume keeps of such an image is fine.

    Source: nova/compute/api.py, _detect_nonbootable_image_from_properties.
    """
    if image.id and image.properties.get("cinder_encryption_key_id"):
        yield BadRequest(
            reason=f"Image {image.id} is unacceptable: "
            "Direct booting of an image uploaded from an encrypted volume is unsupported."
        )


def config_drive_refusals(image: Image) -> Iterator[NovaFault]:
    """Yield a refusal if the image's property img_config_drive has an unknown value."""
    if (option := image.properties.get("img_config_drive", "optional")) not in ("optional", "mandatory"):
        yield BadRequest(reason=f"Image's config drive option '{option}' is invalid")


def architecture_refusals(image: Image) -> Iterator[NovaFault]:
    """Yield a refusal if the image is for an unknown architecture."""
    if (name := image.properties.get("hw_architecture")) is None:
        return
    from novasim.lifecycle.image_properties import NAMES

    if str(name).lower() not in NAMES["hw_architecture"][1]:
        yield BadRequest(reason=f"Architecture name '{name}' is not recognised")


def property_refusals(image: Image) -> Iterator[NovaFault]:
    """Yield a refusal if a property has an impossible value. Source: nova/compute/api.py, _get_image_meta_obj."""
    if not image.properties:
        return
    from novasim.lifecycle.image_properties import find_invalid_property

    if error := find_invalid_property(image.properties):
        yield BadRequest(reason=error if "expression" in error else f"Invalid image metadata. Error: {error}")


def lacks_agent_to_quiesce(server: Server) -> bool:
    """Whether a snapshot has to freeze the file systems of a running guest, which has no agent that does it."""
    properties = server.image.get("properties", {})
    return (
        server.vm_state == ACTIVE
        and bool_from_string(properties.get("os_require_quiesce"))
        and not bool_from_string(properties.get("hw_qemu_guest_agent"))
    )


def find_kernel_and_ramdisk(properties: Mapping[str, Any]) -> tuple[str, str]:
    """
    The IDs of the images with the kernel and the ramdisk of an image; "" without them.

    Source: nova/compute/api.py, _handle_kernel_and_ramdisk.
    """
    kernel, ramdisk = properties.get("kernel_id"), properties.get("ramdisk_id")
    return ("", "") if kernel == "nokernel" else (str(kernel or ""), str(ramdisk or ""))


def disk_config_refusals(image_id: str, properties: Mapping[str, Any], disk_config: str | None) -> Iterator[NovaFault]:
    """
    Yield a refusal if OS-DCF:diskConfig is AUTO and the image's properties do not allow it.

    Source: nova/compute/api.py _ensure_auto_disk_config_is_valid.
    """
    is_disabled = str(properties.get("auto_disk_config", "")).strip().lower() == "disabled"
    if disk_config == "AUTO" and is_disabled:
        yield BadRequest(reason=f"Requested image {image_id} has automatic disk resize disabled.")


def default_disk_config(properties: Mapping[str, Any]) -> str:
    """
    Return the OS-DCF:diskConfig for a request that has no such argument.

    Source: nova/compute/api.py _inherit_properties_from_image.
    """
    return "AUTO" if bool_from_string(properties.get("auto_disk_config")) else "MANUAL"


def ram_refusals(ram: int, min_ram: int, needs: FlavorNeeds | None = None) -> Iterator[NovaFault]:
    """Yield a refusal if the flavor's RAM is below the image's minimum (both MiB)."""
    if ram < min_ram:
        yield BadRequest(reason="Flavor's memory is too small for requested image.", needs=needs)


def disk_refusals(disk: int, min_disk: int, needs: FlavorNeeds | None = None) -> Iterator[NovaFault]:
    """Yield a refusal if the flavor's disk is below the image's minimum (both GiB)."""
    if disk < min_disk:
        yield BadRequest(
            reason="Flavor's disk is smaller than the minimum size specified in image metadata. "
            f"Flavor disk is {disk * GIB} bytes, minimum size is {min_disk * GIB} bytes.",
            needs=needs,
        )


def volume_refusals(size: int | None, min_disk: int) -> Iterator[NovaFault]:
    """Yield a refusal if a new boot volume is below the image's minimum (both GiB); None is a volume that exists."""
    if size is not None and size < min_disk:
        yield BadRequest(
            reason="Volume is smaller than the minimum size specified in image metadata. "
            f"Volume size is {size * GIB} bytes, minimum size is {min_disk * GIB} bytes."
        )
