"""The checks of images and key pairs that rows of the action table refer to."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, NovaFault
from novasim.lifecycle.check import check
from novasim.lifecycle.images import architecture_refusals, disk_config_refusals, image_refusals, property_refusals
from novasim.records import Image, Server

LIST_IMAGES = "List the images: {novasim} image list"


@check(requires="The image exists and is visible to the caller.", remedy=LIST_IMAGES)
def image_exists(image_ref: str | None, image: Image | None) -> Iterator[NovaFault]:
    if image_ref is not None and image is None:
        yield BadRequest(reason="Cannot find image for rebuild")


@check(
    requires="The image allows OS-DCF:diskConfig to be AUTO, if the request says so.",
    remedy="Leave OS-DCF:diskConfig out, or choose MANUAL.",
)
def disk_config_allowed(server: Server, image: Image | None, disk_config: str | None) -> Iterator[NovaFault]:
    if image:
        yield from disk_config_refusals(image.id, image.properties, disk_config)
    else:
        yield from disk_config_refusals(server.image_id, server.image.get("properties", {}), disk_config)


# Source: nova/compute/api.py, _check_image_arch.
@check(
    requires="The image's property hw_architecture, if it has one, names a known architecture.",
    remedy="Choose another image, or correct its property: {novasim} image list",
)
def image_architecture_known(image: Image | None) -> Iterator[NovaFault]:
    if image:
        yield from architecture_refusals(image)


@check(
    requires="The image is active, fits the server's flavor, and its properties have possible values.",
    remedy="Choose another image, or correct its properties: {novasim} image list",
)
def image_fits(server: Server, image: Image | None, volume_backed: bool) -> Iterator[NovaFault]:
    if image:
        yield from image_refusals(image, server.flavor["ram"], server.flavor["disk"], not volume_backed)


@check(
    requires="A key pair that the request names belongs to the server's user.",
    remedy="List the key pairs: {novasim} keypair list",
)
def key_exists(key_missing: bool) -> Iterator[NovaFault]:
    if key_missing:
        yield BadRequest(reason="Invalid key_name provided.")


@check(requires="A rescue image that the request names exists and is visible to the caller.", remedy=LIST_IMAGES)
def rescue_image_exists(image_ref: str | None, image: Image | None) -> Iterator[NovaFault]:
    if image_ref is not None and image is None:
        yield BadRequest(reason=f"Requested rescue image '{image_ref}' is not supported")


@check(
    requires="The properties of a rescue image that the request names have possible values.",
    remedy="Choose another image, or correct its properties: {novasim} image list",
)
def rescue_image_valid(image: Image | None) -> Iterator[NovaFault]:
    if image:
        yield from property_refusals(image)
