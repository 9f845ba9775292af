"""Whether a flavor's RAM and disk are large enough for an image."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, NovaFault
from novasim.records import Image

GIB = 1024**3


def image_refusals(image: Image, ram: int, disk: int, local_disk: bool = True) -> Iterator[NovaFault]:
    """
    Yield why an image cannot be used by a server with *ram* MiB.

    Args:
        disk: The flavor's disk in GiB; 0 is as large as the image. local_disk: whether the image is written to it.
    """
    if image.status != "active":
        yield BadRequest(reason=f"Image {image.id} is not active.")
    yield from ram_refusals(ram, image.min_ram)
    if local_disk and disk and (image.size or 0) > disk * GIB:
        yield BadRequest(
            reason="Flavor's disk is too small for requested image. "
            f"Flavor disk is {disk * GIB} bytes, image is {image.size} bytes."
        )
    if local_disk and disk:
        yield from disk_refusals(disk, image.min_disk)


def ram_refusals(ram: int, min_ram: int) -> Iterator[NovaFault]:
    """Yield a refusal if the flavor's RAM is below the image's minimum (both MiB)."""
    if ram < min_ram:
        yield BadRequest(reason="Flavor's memory is too small for requested image.")


def disk_refusals(disk: int, min_disk: int) -> Iterator[NovaFault]:
    """Yield a refusal if the flavor's disk is below the image's minimum (both GiB)."""
    if disk < min_disk:
        yield BadRequest(
            reason="Flavor's disk is smaller than the minimum size specified in image metadata. "
            f"Flavor disk is {disk * GIB} bytes, minimum size is {min_disk * GIB} bytes."
        )


def volume_refusals(size: int | None, min_disk: int) -> Iterator[NovaFault]:
    """Yield a refusal if a new boot volume is below the image's minimum (both GiB); None is a volume that exists."""
    if size is not None and size < min_disk:
        yield BadRequest(
            reason="Volume is smaller than the minimum size specified in image metadata. "
            f"Volume size is {size * GIB} bytes, minimum size is {min_disk * GIB} bytes."
        )
