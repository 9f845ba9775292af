"""The refusals of a flavor and an image that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from novasim.errors import NovaFault
from novasim.lifecycle.constraints.cpus import cpu_refusals
from novasim.lifecycle.constraints.guests import Guest, guest_refusals


def conflict_refusals(
    flavor: Mapping[str, Any], name: str | None, id: str | None, properties: Mapping[str, Any]
) -> Iterator[NovaFault]:
    """
    Yield a refusal (400) for each contradiction of a flavor and an image about the guest's devices or processors.

    Args:
        flavor: Its name, vcpus, ram and extra_specs. name, id: those of the image, if it is known.
    """
    specs = flavor.get("extra_specs", {})
    yield from guest_refusals(Guest(flavor.get("name", ""), flavor["vcpus"], specs, name, id, properties))
    yield from cpu_refusals(flavor["vcpus"], flavor["ram"], specs, properties)
