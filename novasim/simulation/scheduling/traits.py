"""
Requirements on resource providers that Placement checks: traits, and resources beside vCPUs, RAM and disk.

Every host is a provider without children, and has the same traits.

Source: nova/scheduler/utils.py, ResourceRequest; Nova's guide on extra specs, `resources` and `trait`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from novasim.records import Host
from novasim.strutils import bool_from_string

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
OTHER_CLASSES = (
    "PCI_DEVICE",
    "SRIOV_NET_VF",
    "NUMA_SOCKET",
    "NUMA_CORE",
    "NUMA_THREAD",
    "NUMA_MEMORY_MB",
    "IPV4_ADDRESS",
    "VGPU",
    "VGPU_DISPLAY_HEAD",
    "NET_BW_EGR_KILOBIT_PER_SEC",
    "NET_BW_IGR_KILOBIT_PER_SEC",
    "PCPU",
    "MEM_ENCRYPTION_CONTEXT",
    "FPGA",
    "PGPU",
    "NET_PACKET_RATE_KILOPACKET_PER_SEC",
)
"""The other standard classes, of which no host has any."""
REQUIRED, FORBIDDEN = "required", "forbidden"
REQUIREMENT = re.compile(r"(resources|trait)([A-Za-z0-9_-]{1,64})?:(.*)", re.DOTALL)
FORBIDDEN_BY_FLAVOR = (
    "Image traits are part of forbidden traits in flavor associated with the server. Either specify a different image "
    "during rebuild or create a new server with the specified image and a compatible flavor."
)
MISSING_TRAITS = (
    "Image traits cannot be satisfied by the current resource providers. Either specify a different image during "
    "rebuild or create a new server with the specified image."
)
GROUP_POLICIES = ("none", "isolate")


class Requirement(NamedTuple):
    """
    An extra spec that requests a resource or a trait.

    Args:
        kind: "resources" or "trait". group: the suffix of the kind; "" for the group without one.
    """

    kind: str
    group: str
    name: str
    value: str


def list_host_traits(host: Host) -> list[str]:
    """The traits of a host, sorted, including that of a disabled host."""
    return sorted(name for name in (*TRAITS, DISABLED) if _has_trait(host, name))


@cache
def list_standard_traits() -> frozenset[str]:
    """The traits that Placement knows. The simulated one has no custom traits, as no request can create them."""
    text = files(__package__).joinpath("standard_traits.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def find_unmet_requirements(host: Host, specs: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    """
    Yield the requirements that a host does not meet.

    Args:
        specs: The extra specs of a flavor. properties: those of an image, which only require traits.
    """
    requirements = list(_iterate(specs))
    traits = [(each.name, each.value) for each in requirements if each.kind == "trait"]
    traits += [(name, REQUIRED) for name in _list_image_traits(properties)]
    for name, value in traits:
        if value in (REQUIRED, FORBIDDEN) and name not in list_standard_traits():
            yield f"trait {name} {value}, which Placement does not know"
        elif (value, _has_trait(host, name)) in ((REQUIRED, False), (FORBIDDEN, True)):
            yield f"trait {name} {value}"
    for each in requirements:
        if _is_other_class(each) and _read_amount(each.value):
            yield f"{each.name} {each.value}"
    yield from _find_invalid_groups(requirements, str(specs.get("group_policy", "")))
    if any(key.startswith(("hw", "os")) for key in (*specs, *properties)):
        yield from _list_features(specs, properties)


def find_trait_refusal(host: Host, specs: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
    """Nova's reason why a new image with required traits does not fit a server on a host; "" if it fits."""
    required = _list_image_traits(properties)
    if {*required} & {each.name for each in _iterate(specs) if each.kind == "trait" and each.value == FORBIDDEN}:
        return FORBIDDEN_BY_FLAVOR
    return MISSING_TRAITS if any(not _has_trait(host, name) for name in required) else ""


def _list_image_traits(properties: Mapping[str, Any]) -> list[str]:
    """The traits that an image requires."""
    return [
        key.removeprefix("trait:")
        for key, value in properties.items()
        if key.startswith("trait:") and value == REQUIRED
    ]


def _is_other_class(each: Requirement) -> bool:
    """Whether a requirement is for a resource of which no host has any."""
    return each.kind == "resources" and each.name not in HOST_CLASSES and _is_class(each.name)


def _find_invalid_groups(requirements: list[Requirement], policy: str) -> Iterator[str]:
    """
    Yield why Placement refuses the groups of a request, or why no host without children meets them.

    Source: placement/lib.py, RequestGroup.dict_from_request; placement/handlers/allocation_candidate.py.
    """
    requested = [each for each in requirements if each.group and _is_requested(each)]
    groups = dict.fromkeys(each.group for each in requested)
    filled = {each.group for each in requested if each.kind == "resources" and _read_amount(each.value)}
    for group in groups:
        if group not in filled:
            yield f"group {group} of the extra specs, which requests no resources"
    if len(groups) > 1 and policy != "none":
        words = "each group on a provider of its own" if policy in GROUP_POLICIES else "groups without a group_policy"
        yield f"{words} ({', '.join(groups)})"


def _is_requested(each: Requirement) -> bool:
    """Whether Nova takes a requirement over into its request. It leaves out unknown classes and other values."""
    if each.kind == "trait":
        return each.value in (REQUIRED, FORBIDDEN)
    return (each.name in HOST_CLASSES or _is_class(each.name)) and _read_amount(each.value) is not None


def _has_trait(host: Host, name: str) -> bool:
    return name in TRAITS or (name == DISABLED and host.disabled)


def _iterate(specs: Mapping[str, Any]) -> Iterator[Requirement]:
    for key, value in specs.items():
        if ":" in key and (match := REQUIREMENT.fullmatch(key)):
            yield Requirement(match[1], match[2] or "", match[3], str(value))


def _is_class(name: str) -> bool:
    """Whether Nova asks Placement for this class; it leaves out others."""
    return name.startswith("CUSTOM_") or name in OTHER_CLASSES


def _list_features(specs: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    """
    Encrypted memory, a TPM, persistent memory and others, which hosts have only with such hardware or configuration.

    Source: nova/scheduler/utils.py, _translate_mem_encryption_request and the functions after it.
    """
    from novasim.lifecycle.constraints.features import list_feature_traits

    if bool_from_string(specs.get("hw:mem_encryption")) or bool_from_string(properties.get("hw_mem_encryption")):
        yield "MEM_ENCRYPTION_CONTEXT 1"
    if version := specs.get("hw:tpm_version") or properties.get("hw_tpm_version"):
        yield f"TPM {version}"
    for trait in list_feature_traits(specs, properties):
        yield f"trait {trait} required"
    if labels := [each.strip() for each in str(specs.get("hw:pmem") or "").split(",") if each.strip()]:
        yield f"persistent memory {', '.join(labels)}"


def override_resources(specs: Mapping[str, Any], resources: tuple[int, int, int]) -> tuple[int, int, int]:
    """
    The vCPUs, RAM in MiB and disk in GiB of a flavor, with the amounts that extra specs set instead.

    Nova adds up those of all groups, and leaves out what is no amount.
    """
    amounts: dict[str, int] = {}
    for kind, _, name, value in _iterate(specs):
        if kind == "resources" and (amount := _read_amount(value)) is not None:
            amounts[name] = amounts.get(name, 0) + amount
    vcpus, ram, disk = (amounts.get(name, amount) for name, amount in zip(HOST_CLASSES, resources, strict=True))
    return vcpus, ram, disk


def _read_amount(value: str) -> int | None:
    """A number of units; None for any other text."""
    try:
        amount = int(value)
    except ValueError:
        return None
    return amount if amount >= 0 else None
