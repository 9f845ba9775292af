"""Whether a server may reserve a volume."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, NovaFault
from novasim.records import Volume


def reservation_refusals(volume: Volume, minor: int, prefix: str = "") -> Iterator[NovaFault]:
    """
    Yield why a server cannot reserve *volume* at microversion 2.*minor*.

    A volume must be available or downloading, or be a multiattach volume in use. *prefix* is Nova's prefix to Cinder's
    message.

    Source: nova/compute/utils.py, check_attach_and_reserve_volume; Cinder, _attachment_reserve.
    """
    if volume.multiattach and minor < 60:
        yield BadRequest(reason="Multiattach volumes are only supported starting with compute API version 2.60.")
    yield from availability_refusals(volume, f"{prefix}Invalid input received: Invalid volume: ")


def is_migrating(volume: Volume) -> bool:
    """
    Whether the volume service is migrating a volume.

    Source: Cinder, volume/api.py, _is_volume_migrating and AVAILABLE_MIGRATION_STATUS.
    """
    return volume.migration_status not in (None, "error", "success")


def detachment_refusals(volume: Volume) -> Iterator[NovaFault]:
    """
    Yield why Nova cannot begin to detach a volume.

    Source: Cinder, volume/api.py, begin_detaching.
    """
    if is_migrating(volume) or (volume.status == "in-use" and volume.attachments):
        return
    yield BadRequest(
        reason="Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. "
        "Volume status must be 'in-use' and attach_status must be 'attached' to detach."
    )


def availability_refusals(volume: Volume, prefix: str) -> Iterator[NovaFault]:
    """
    Yield why the volume service cannot reserve a volume for another server.

    Source: Cinder, volume/api.py, _attachment_reserve.
    """
    expected = ("available", "in-use", "downloading") if volume.multiattach else ("available", "downloading")
    if volume.status not in expected:
        yield BadRequest(
            reason=f"{prefix}Volume {volume.id} status must be {' or '.join(expected)} to reserve, but the current "
            f"status is {volume.status}."
        )


def describe_too_many_disks(most: int) -> str:
    """The refusal of a disk beyond the option max_disk_devices_to_attach."""
    return f"The maximum allowed number of disk devices ({most}) to attach to a single instance has been exceeded."
