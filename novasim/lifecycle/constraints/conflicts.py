"""The refusals of a flavor and an image that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from novasim.errors import NovaFault
from novasim.lifecycle.constraints.cpus import cpu_refusals
from novasim.lifecycle.constraints.features import build_conflict_refusals, device_conflict_refusals
from novasim.lifecycle.constraints.guests import Guest, guest_refusals


def build_guest(flavor: Mapping[str, Any], name: str | None, id: str | None, properties: Mapping[str, Any]) -> Guest:
    """
    The guest of a flavor and an image.

    Args:
        flavor: Its name, vcpus, ram and extra_specs. name, id: those of the image, if it is known.
    """
    return Guest(flavor.get("name", ""), flavor["vcpus"], flavor.get("extra_specs", {}), name, id, properties)


def conflict_refusals(guest: Guest, ram: int) -> Iterator[NovaFault]:
    """
    Yield a refusal (400) for each contradiction of a flavor and an image about the guest's devices or processors.

    Args:
        ram: Of the flavor, in MiB.
    """
    yield from guest_refusals(guest)
    yield from cpu_refusals(guest.vcpus, ram, guest.specs, guest.properties)


def image_conflict_refusals(guest: Guest, ram: int) -> Iterator[NovaFault]:
    """Yield the refusals (400) of an image that a server is created or rebuilt from. Arguments as above."""
    yield from conflict_refusals(guest, ram)
    yield from device_conflict_refusals(guest)


def create_conflict_refusals(guest: Guest, ram: int) -> Iterator[NovaFault]:
    """Yield the refusals (400, 403) of a flavor and an image for a new server. Arguments as above."""
    yield from build_conflict_refusals(guest)
    yield from image_conflict_refusals(guest, ram)
