"""The checks of images, key pairs, and flavors for an image, that rows of the action table refer to."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, Forbidden, NovaFault
from novasim.lifecycle.check import check
from novasim.lifecycle.flavors import has_flavor
from novasim.lifecycle.images import (
    NO_GUEST_AGENT,
    FlavorNeeds,
    architecture_refusals,
    disk_config_refusals,
    disk_refusals,
    encryption_refusals,
    image_refusals,
    lacks_agent_to_quiesce,
    property_refusals,
    ram_refusals,
    volume_refusals,
)
from novasim.records import Flavor, Image, Server

LIST_IMAGES = "List the images: {novasim} image list"


@check(requires="The image exists and is visible to the caller.", remedy=LIST_IMAGES)
def image_exists(image_ref: str | None, image: Image | None) -> Iterator[NovaFault]:
    if image_ref is not None and image is None:
        yield BadRequest(reason="Cannot find image for rebuild")


@check(
    requires="If the request sets OS-DCF:diskConfig to AUTO, the image allows it.",
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
        yield from encryption_refusals(image)
        yield from image_refusals(image, server.flavor["ram"], server.flavor["disk"], not volume_backed)


# Source: nova/compute/api.py, _validate_flavor_image_numa_pci.
@check(
    requires="The image's properties on processors, devices and NUMA nodes are valid and fit the flavor's extra specs.",
    remedy="Choose another image, or correct its properties: {novasim} image list",
)
def image_fits_cpus(server: Server, image: Image | None) -> Iterator[NovaFault]:
    if image:
        from novasim.lifecycle.constraints.conflicts import build_guest, image_conflict_refusals

        guest = build_guest(server.flavor, image.name, image.id, image.properties)
        yield from image_conflict_refusals(guest, server.flavor["ram"])


# Source: nova/compute/api.py, _validate_numa_rebuild.
@check(
    requires="A new image requests the same NUMA nodes, processors and pages as the server's present one.",
    remedy="Choose an image with the same properties hw_numa_* and hw_cpu_*: {novasim} image list",
)
def image_keeps_numa_topology(server: Server, image: Image | None, boot_image_id: str | None) -> Iterator[NovaFault]:
    if image is None or image.id == boot_image_id:
        return
    from novasim.lifecycle.constraints.cpus import describe_topology

    specs, vcpus = server.flavor.get("extra_specs", {}), server.flavor["vcpus"]
    before = describe_topology(vcpus, specs, server.image.get("properties", {}))
    if before != describe_topology(vcpus, specs, image.properties):
        yield BadRequest(
            reason="An instance's NUMA topology cannot be changed as part of a rebuild. "
            "The image provided is invalid for this instance."
        )


@check(
    requires="The new flavor has at least the RAM that the image requires (min_ram). Unless the server boots from a "
    "volume, the flavor's disk is at least as large as when the server was created or last rebuilt.",
    remedy="Choose a flavor with a disk at least as large: {novasim} flavor list",
)
def flavor_fits_disk(server: Server, flavor: Flavor | None, volume_backed: bool) -> Iterator[NovaFault]:
    if flavor and not has_flavor(server, flavor):
        ram, disk = server.image.get("min_ram", 0), server.image.get("min_disk", server.flavor["disk"])
        yield from ram_refusals(flavor.ram, ram, needs := FlavorNeeds(ram, 0 if volume_backed else disk))
        yield from disk_refusals(flavor.disk or disk, needs.disk, needs)


# Source: nova/compute/api.py, resize.
@check(
    requires="The new flavor's extra specs on processors, devices and NUMA nodes are valid and fit the image's "
    "properties.",
    remedy="An administrator can correct the extra specs: {admin} flavor set FLAVOR. Or choose another flavor.",
)
def flavor_fits_cpus(server: Server, flavor: Flavor | None) -> Iterator[NovaFault]:
    if flavor and not has_flavor(server, flavor):
        from novasim.lifecycle.constraints.conflicts import build_guest, conflict_refusals

        guest = build_guest(vars(flavor), None, None, server.image.get("properties", {}))
        yield from conflict_refusals(guest, flavor.ram)
        if flavor.extra_specs:
            from novasim.lifecycle.constraints.guests import device_refusals

            yield from device_refusals(flavor.extra_specs)


# Source: nova/compute/api.py, rebuild.
@check(
    requires="Before microversion 2.93, a server that boots from a volume keeps the image of that volume.",
    remedy="Use microversion 2.93 or later: novasim --api-version 2.93 ...",
)
def keeps_boot_image(
    image: Image | None, volume_backed: bool, minor: int, boot_image_id: str | None
) -> Iterator[NovaFault]:
    if image and volume_backed and minor < 93 and image.id != boot_image_id:
        yield BadRequest(
            reason=f"Image {image.id} is unacceptable: "
            "Unable to rebuild with a different image for a volume-backed server."
        )


@check(
    requires="The volume that a server boots from is at least as large as the image's min_disk.",
    remedy="Choose an image with a smaller min_disk: {novasim} image list",
)
def image_fits_volume(image: Image | None, volume_backed: bool, boot_volume_size: int | None) -> Iterator[NovaFault]:
    if image and volume_backed:
        yield from volume_refusals(boot_volume_size, image.min_disk)


@check(
    requires="A key pair that the request names belongs to the server's user.",
    remedy="List the key pairs: {novasim} keypair list",
)
def key_exists(key_missing: bool) -> Iterator[NovaFault]:
    if key_missing:
        yield BadRequest(reason="Invalid key_name provided.", unknown="key_name")


# Source: nova/compute/api.py, rescue.
@check(
    requires="A rescue image that the request names exists, is visible to the caller and has a disk of its own.",
    remedy=LIST_IMAGES,
)
def rescue_image_exists(image_ref: str | None, image: Image | None) -> Iterator[NovaFault]:
    if image_ref is not None and (image is None or image.properties.get("block_device_mapping")):
        yield BadRequest(reason=f"Requested rescue image '{image_ref}' is not supported")


@check(
    requires="The properties of a rescue image that the request names have possible values.",
    remedy="Choose another image, or correct its properties: {novasim} image list",
)
def rescue_image_valid(image: Image | None) -> Iterator[NovaFault]:
    if image:
        yield from property_refusals(image)


# Source: nova/compute/api.py, rescue.
@check(
    requires="Rescuing a server that boots from a volume needs microversion 2.87 or later, and the rescue image or the "
    "server's own has the properties hw_rescue_device and hw_rescue_bus.",
    remedy="Name a rescue image with the properties hw_rescue_device and hw_rescue_bus: {novasim} image list",
)
def volume_can_be_rescued(server: Server, image: Image | None, volume_backed: bool, minor: int) -> Iterator[NovaFault]:
    properties = image.properties if image else server.image.get("properties", {})
    if volume_backed and (minor < 87 or not {"hw_rescue_device", "hw_rescue_bus"} <= properties.keys()):
        yield BadRequest(reason=f"Instance {server.id} cannot be rescued: Cannot rescue a volume-backed instance")


# Source: nova/compute/api.py, backup.
@check(
    requires="The server does not boot from a volume.",
    remedy="Create a snapshot of its volumes instead: {novasim} create-image {server} NAME",
)
def can_be_backed_up(volume_backed: bool) -> Iterator[NovaFault]:
    if volume_backed:
        yield BadRequest(reason="Backup is not supported for volume-backed instances.")


# Source: nova/compute/api.py, rebuild.
@check(
    requires="A request for a server that boots from a volume names no certificates of the image.",
    remedy="Leave out trusted_image_certificates (--trusted-image-cert).",
)
def certificates_can_be_checked(volume_backed: bool, trusted_certs: tuple[str, ...]) -> Iterator[NovaFault]:
    if volume_backed and trusted_certs:
        yield BadRequest(reason="Image certificate validation is not supported for volume-backed servers.")


# Source: nova/compute/api.py, snapshot_volume_backed; nova/virt/libvirt/driver.py, _can_quiesce.
@check(
    requires="If the server is ACTIVE and boots from a volume, and its image has the property os_require_quiesce, the "
    "image also has hw_qemu_guest_agent.",
    remedy="Stop the server first: {novasim} stop {server}",
)
def guest_can_be_quiesced(server: Server, volume_backed: bool) -> Iterator[NovaFault]:
    if volume_backed and lacks_agent_to_quiesce(server):
        yield BadRequest(reason=NO_GUEST_AGENT)


# Source: nova/compute/api.py, snapshot_volume_backed.
@check(
    requires="If the server boots from a volume, the snapshot quota allows a snapshot of each of its volumes.",
    remedy="To see which snapshots use the quota: {novasim} volume-snapshot list",
    code=403,
)
def within_snapshot_quota(snapshot_quota_excess: str) -> Iterator[NovaFault]:
    if snapshot_quota_excess:
        yield Forbidden(reason=snapshot_quota_excess)
