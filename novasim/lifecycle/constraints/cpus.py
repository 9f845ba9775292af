"""
What a flavor's extra specs and an image's properties may say together about processors and NUMA nodes.

Source: nova/virt/hardware.py, numa_get_constraints and the functions that it calls, in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from novasim.errors import BadRequest, NovaFault
from novasim.lifecycle.constraints.numa import find_numa_contradiction, parse_cpus
from novasim.strutils import bool_from_string

POLICIES = ("dedicated", "shared", "mixed")
PINNING_POLICIES = ("dedicated", "mixed")
THREAD_POLICIES = ("prefer", "isolate", "require")
EMULATOR_POLICIES = ("share", "isolate")

BAD_POLICY = "{} requested from '{}' is invalid, given: '{}', available: '{}'."
PINNED = "Image property 'hw_cpu_policy' is not permitted to override CPU pinning policy set against the flavor"
THREADS_PINNED = (
    "Image property 'hw_cpu_thread_policy' is not permitted to override CPU thread pinning policy set against the "
    "flavor"
)
BAD_EMULATOR = "CPU emulator threads option requested is invalid, given: '{}', available: '{}'."
RESOURCES_AND_POLICY = (
    "It is not possible to use the 'resources:VCPU' or 'resources:PCPU' extra specs in combination with the "
    "'hw:cpu_policy' extra spec or 'hw_cpu_policy' image metadata property; use one or the other"
)
TWO_RESOURCES = (
    "It is not possible to specify both 'resources:VCPU' and 'resources:PCPU' extra specs; use one or the other"
)
PCPUS_OF_EMULATOR = (
    "You have requested 'hw:emulator_threads_policy=isolate' but have not requested sufficient PCPUs to handle this "
    "policy; you must allocate exactly flavor.vcpus + 1 PCPUs."
)
PCPUS = (
    "There is a mismatch between the number of PCPUs requested via 'resourcesNN:PCPU' and the flavor); you must "
    "allocate exactly flavor.vcpus PCPUs"
)
TRAIT_AND_POLICY = (
    "It is not possible to use the 'trait:HW_CPU_HYPERTHREADING' extra spec in combination with the "
    "'hw:cpu_thread_policy' extra spec or 'hw_cpu_thread_policy' image metadata property; use one or the other"
)
THREADS_NEED_PINNING = "Cannot set cpu thread pinning policy in a non dedicated cpu pinning policy"
EMULATOR_NEEDS_PINNING = "An isolated CPU emulator threads option requires a dedicated CPU policy option."
MASK_NEEDS_MIXED = "Cannot specify 'hw:cpu_dedicated_mask' without the 'mixed' policy."
REALTIME_NEEDS_PINNING = "Cannot set realtime policy in a non dedicated cpu pinning policy"
REALTIME_NEEDS_MASK = (
    "Use of realtime CPUs requires either one or more non-realtime CPU(s) or offloaded emulator threads."
)
DEDICATED_MASK = "Mixed instance must have at least 1 pinned vCPU and 1 unpinned vCPU. See 'hw:cpu_dedicated_mask'."
DEDICATED_OUTSIDE = (
    'Mixed instance dedicated vCPU(s) mask is not a subset of vCPUs in the flavor. See "hw:cpu_dedicated_mask"'
)
REALTIME_OUTSIDE = (
    "Realtime policy vCPU(s) mask is configured with RT vCPUs that are not a subset of the vCPUs in the flavor. See "
    "hw:cpu_realtime_mask or hw_cpu_realtime_mask"
)
MIXED_NEEDS_MASK = (
    "Dedicated CPU set can be specified from either 'hw:cpu_dedicated_mask' or 'hw:cpu_realtime_mask' when using "
    "'mixed' CPU policy. 'hw:cpu_dedicated_mask' and 'hw:cpu_realtime_mask' can not be specified at the same time, or "
    "be specified with none of them."
)


def cpu_refusals(vcpus: int, ram: int, specs: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[NovaFault]:
    """
    Yield a refusal if a flavor and an image contradict each other or themselves.

    Args:
        vcpus, ram: Of the flavor, the RAM in MiB. specs: its extra specs.
    """
    if message := _find_contradiction(vcpus, ram, specs, properties):
        yield BadRequest(reason=message)


def _find_contradiction(vcpus: int, ram: int, specs: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
    if not any(key.startswith(("hw", "resources", "trait")) for key in (*specs, *properties)):
        return ""
    policies = specs.get("hw:cpu_policy"), properties.get("hw_cpu_policy")
    threads = specs.get("hw:cpu_thread_policy"), properties.get("hw_cpu_thread_policy")
    emulator = specs.get("hw:emulator_threads_policy")
    return (
        _check_values("CPU policy", POLICIES, policies)
        or _check_policies(*policies)
        or _check_values("CPU thread policy", THREAD_POLICIES, threads)
        or _check_thread_policies(*threads)
        or _check_realtime(vcpus, specs, properties, emulator)
        or _check_dedicated_mask(vcpus, str(specs.get("hw:cpu_dedicated_mask") or ""))
        or (BAD_EMULATOR.format(emulator, EMULATOR_POLICIES) if emulator not in (None, "", *EMULATOR_POLICIES) else "")
        or _check_resources(vcpus, specs, policies, emulator)
        or _check_combination(specs, properties, _get_policy(specs, policies), any(threads), emulator)
        or find_numa_contradiction(vcpus, ram, specs, properties, _get_policy(specs, policies) in PINNING_POLICIES)
    )


def _check_values(what: str, known: tuple[str, ...], values: tuple[Any, Any]) -> str:
    for source, value in zip(("flavor extra specs", "image properties"), values, strict=True):
        if value and value not in known:
            return BAD_POLICY.format(what, source, value, known)
    return ""


def _check_policies(flavor: Any, image: Any) -> str:
    is_forbidden = (flavor, image) in (("mixed", "dedicated"), ("shared", "mixed"), ("shared", "dedicated"))
    return PINNED if is_forbidden else ""


def _check_thread_policies(flavor: Any, image: Any) -> str:
    return THREADS_PINNED if flavor not in (None, "", "prefer") and image and image != flavor else ""


def _is_realtime(specs: Mapping[str, Any]) -> bool:
    return bool_from_string(specs.get("hw:cpu_realtime"))


def _check_realtime(vcpus: int, specs: Mapping[str, Any], properties: Mapping[str, Any], emulator: Any) -> str:
    """Source: nova/virt/hardware.py, get_realtime_cpu_constraint."""
    if not _is_realtime(specs):
        return ""
    mask = str(properties.get("hw_cpu_realtime_mask") or specs.get("hw:cpu_realtime_mask") or "")
    every = set(range(vcpus))
    try:
        chosen = parse_cpus(vcpus, mask) if mask else every
    except ValueError as error:
        return str(error)
    if not chosen:
        return REALTIME_NEEDS_MASK
    if emulator not in (None, "", *EMULATOR_POLICIES):
        return BAD_EMULATOR.format(emulator, EMULATOR_POLICIES)
    if chosen == every and not emulator:
        return REALTIME_NEEDS_MASK
    return "" if chosen <= every else REALTIME_OUTSIDE


def _check_dedicated_mask(vcpus: int, mask: str) -> str:
    """Source: nova/virt/hardware.py, get_dedicated_cpu_constraint."""
    if not mask:
        return ""
    every = set(range(vcpus))
    try:
        pinned = parse_cpus(vcpus, mask)
    except ValueError as error:
        return str(error)
    if not pinned or not every - pinned:
        return DEDICATED_MASK
    return "" if pinned <= every else DEDICATED_OUTSIDE


def _count_resources(specs: Mapping[str, Any], name: str) -> int:
    """The number of processors of a class that the extra specs request, in all groups. Values in words are skipped."""
    keys = (key for key in specs if re.match(rf"resources([1-9][0-9]*)?:{name}", key))
    return sum(int(specs[key]) for key in keys if str(specs[key]).lstrip("-").isdecimal())


def _check_resources(vcpus: int, specs: Mapping[str, Any], policies: tuple[Any, Any], emulator: Any) -> str:
    shared, pinned = _count_resources(specs, "VCPU"), _count_resources(specs, "PCPU")
    if any(policies) and (shared or pinned):
        return RESOURCES_AND_POLICY
    if shared and pinned:
        return TWO_RESOURCES
    if pinned and emulator == "isolate" and vcpus + 1 != pinned:
        return PCPUS_OF_EMULATOR
    return PCPUS if pinned and emulator != "isolate" and vcpus != pinned else ""


def _get_policy(specs: Mapping[str, Any], policies: tuple[Any, Any]) -> str:
    if _count_resources(specs, "PCPU"):
        return "dedicated"
    return str(policies[0] or policies[1] or "shared")


def _check_combination(
    specs: Mapping[str, Any], properties: Mapping[str, Any], policy: str, has_threads: bool, emulator: Any
) -> str:
    has_trait = any(re.match(r"trait([1-9][0-9]*)?:HW_CPU_HYPERTHREADING", key) for key in specs) or (
        properties.get("trait:HW_CPU_HYPERTHREADING") == "required"
    )
    has_mask, is_realtime = bool(specs.get("hw:cpu_dedicated_mask")), _is_realtime(specs)
    if has_threads and has_trait:
        return TRAIT_AND_POLICY
    if policy == "mixed":
        return MIXED_NEEDS_MASK if is_realtime == has_mask else ""
    if policy == "dedicated":
        return MASK_NEEDS_MIXED if has_mask else ""
    checks = (
        (has_threads or has_trait, THREADS_NEED_PINNING),
        (emulator == "isolate", EMULATOR_NEEDS_PINNING),
        (has_mask, MASK_NEEDS_MIXED),
        (is_realtime, REALTIME_NEEDS_PINNING),
    )
    return next((message for is_broken, message in checks if is_broken), "")


def describe_topology(vcpus: int, specs: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """
    What a flavor and an image request of NUMA nodes, processors and pages; None if the server gets no topology.

    Two images with the same description can replace each other. The values must be valid.

    Source: nova/virt/hardware.py, numa_get_constraints.
    """
    policy = _get_policy(specs, (specs.get("hw:cpu_policy"), properties.get("hw_cpu_policy")))
    pages = properties.get("hw_mem_page_size") or specs.get("hw:mem_page_size")
    nodes = specs.get("hw:numa_nodes") or properties.get("hw_numa_nodes")
    if not (nodes or pages or policy in PINNING_POLICIES):
        return None
    threads = specs.get("hw:cpu_thread_policy")
    if threads in (None, "", "prefer"):
        threads = properties.get("hw_cpu_thread_policy") or threads
    assigned = [(key, str(properties[key])) for key in sorted(properties) if re.match(r"hw_numa_(cpus|mem)\.", key)]
    mask = properties.get("hw_cpu_realtime_mask") if _is_realtime(specs) else None
    values = {"nodes": int(nodes or 1), "pages": pages, "policy": policy, "threads": threads, "mask": mask}
    return {**values, "assigned": assigned, "vcpus": vcpus}
