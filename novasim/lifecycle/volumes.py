"""Whether a server may reserve a volume."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, NovaFault
from novasim.records import Volume


def reservation_refusals(volume: Volume, minor: int, prefix: str = "") -> Iterator[NovaFault]:
    """
    Yield why a server cannot reserve *volume* at microversion 2.*minor*.

    *prefix* is what Nova puts before Cinder's words. A volume must be free, or be a multiattach volume in use.

    Source: nova/compute/utils.py, check_attach_and_reserve_volume; Cinder, _attachment_reserve.
    """
    if volume.multiattach and minor < 60:
        yield BadRequest(reason="Multiattach volumes are only supported starting with compute API version 2.60.")
    if volume.status not in ("available", "downloading") and not (volume.multiattach and volume.status == "in-use"):
        yield BadRequest(
            reason=f"{prefix}Invalid input received: Invalid volume: Volume {volume.id} status must be available or "
            f"downloading to reserve, but the current status is {volume.status}."
        )
