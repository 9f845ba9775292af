"""
Requirements on resource providers that Placement checks: traits, and resources beside vCPUs, RAM and disk.

Every host is a provider without children, and has the same traits.

Source: nova/scheduler/utils.py, ResourceRequest; Nova's guide on extra specs, `resources` and `trait`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from novasim.records import Host

TRAITS = (
    "COMPUTE_IMAGE_TYPE_ISO",
    "COMPUTE_IMAGE_TYPE_QCOW2",
    "COMPUTE_IMAGE_TYPE_RAW",
    "COMPUTE_NET_ATTACH_INTERFACE",
    "COMPUTE_NET_ATTACH_INTERFACE_WITH_TAG",
    "COMPUTE_NODE",
    "COMPUTE_RESCUE_BFV",
    "COMPUTE_VOLUME_ATTACH_WITH_TAG",
    "COMPUTE_VOLUME_EXTEND",
    "COMPUTE_VOLUME_MULTI_ATTACH",
)
DISABLED = "COMPUTE_STATUS_DISABLED"
HOST_CLASSES = ("VCPU", "MEMORY_MB", "DISK_GB")
REQUIREMENT = re.compile(r"(resources|trait)([A-Za-z0-9_-]{1,64})?:(.+)")


def list_host_traits(host: Host) -> list[str]:
    """The traits of a host, sorted, including that of a disabled host."""
    return sorted([*TRAITS, DISABLED] if host.disabled else TRAITS)


def find_unmet_requirements(host: Host, specs: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    """
    Yield the requirements that a host does not meet.

    Args:
        specs: The extra specs of a flavor. properties: those of an image, of which only traits count.
    """
    traits = [(name, value) for kind, name, value in _iterate(specs, properties) if kind == "trait"]
    for name, value in traits if traits else ():
        if (value, name in list_host_traits(host)) in (("required", False), ("forbidden", True)):
            yield f"trait {name} {value}"
    for kind, name, value in _iterate(specs, {}):
        if kind == "resources" and name not in HOST_CLASSES and _read_amount(value):
            yield f"{name} {value}"


def _iterate(specs: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The kind, the name and the value of each requirement."""
    for key, value in (*specs.items(), *properties.items()):
        if ":" in key and (match := REQUIREMENT.fullmatch(key)):
            yield match[1], match[3], str(value)


def override_resources(specs: Mapping[str, Any], resources: tuple[int, int, int]) -> tuple[int, int, int]:
    """The vCPUs, RAM in MiB and disk in GiB of a flavor, with the amounts that extra specs set instead."""
    vcpus, ram, disk = (
        amount if (own := specs.get(f"resources:{name}")) is None else _read_amount(str(own))
        for name, amount in zip(HOST_CLASSES, resources, strict=True)
    )
    return vcpus, ram, disk


def _read_amount(value: str) -> int:
    """A number of units; 0 for any other text, and Nova leaves out 0."""
    return int(value) if value.isdecimal() else 0
