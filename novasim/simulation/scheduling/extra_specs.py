"""
Requirements of flavors' extra specs and images' properties on hosts.

Source: Nova's administration guide on AggregateInstanceExtraSpecsFilter, ComputeCapabilitiesFilter and
ImagePropertiesFilter.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from novasim.records import Host, Server
from novasim.simulation.scheduling.placement import list_aggregates
from novasim.simulation.world import World

NUMBERS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
}
TEXTS: dict[str, Callable[[str, str], bool]] = {
    "s==": operator.eq,
    "s!=": operator.ne,
    "s>=": operator.ge,
    "s>": operator.gt,
    "s<=": operator.le,
    "s<": operator.lt,
}
OF_AGGREGATES, OF_HOSTS = "aggregate_instance_extra_specs", "capabilities"
ALIASES = {"amd64": "x86_64", "i386": "i686", "i486": "i686", "i586": "i686"}
RUNS = {"x86_64": ("x86_64", "i686")}  # architectures that a processor can run
HYPERVISORS = {"qemu": ("qemu", "kvm")}


def matches(value: str, requirement: str) -> bool:
    """
    Whether a value matches a requirement. A requirement without an operator matches the same text.

    Args:
        requirement: The requirement: "16", ">= 16", "s== fast", "<in> ss", "<all-in> a b", "<or> a <or> b".
    """
    word, _, rest = requirement.strip().partition(" ")
    if word in NUMBERS:
        return _are_numbers(value, rest) and NUMBERS[word](float(value), float(rest))
    if word in TEXTS:
        return TEXTS[word](value, rest.strip())
    if word == "<in>":
        return rest.strip() in value
    if word == "<all-in>":
        return all(part in value for part in rest.split())
    if word == "<or>":
        return value in [part.strip() for part in requirement.split("<or>") if part.strip()]
    return value == requirement


def _are_numbers(*texts: str) -> bool:
    try:
        return all(float(text) == float(text) for text in texts)
    except ValueError:
        return False


def find_missing_in_aggregates(world: World, host: Host, specs: Mapping[str, Any]) -> Iterator[str]:
    """Yield the extra specs for aggregates that no aggregate of the host matches."""
    metadata = _collect_metadata(world, host)
    for key, requirement in specs.items():
        scope, _, name = key.rpartition(":")
        if scope == OF_AGGREGATES and not any(matches(value, str(requirement)) for value in metadata.get(name, ())):
            yield f"{name} {requirement}"


def _collect_metadata(world: World, host: Host) -> Mapping[str, list[str]]:
    """The values of each metadata key in the aggregates of a host. Commas separate the values of a key."""
    found: dict[str, list[str]] = {}
    for aggregate in list_aggregates(world):
        if host.name in aggregate.hosts:
            for key, value in aggregate.metadata.items():
                found.setdefault(key, []).extend(part.strip() for part in str(value).split(","))
    return found


def find_missing_in_host(host: Host, specs: Mapping[str, Any]) -> Iterator[str]:
    """Yield the extra specs for capabilities that the host does not match."""
    for key, requirement in specs.items():
        scope, _, name = key.partition(":")
        if scope == OF_HOSTS and not matches(str(getattr(host, name.replace(":", "_"), None)), str(requirement)):
            yield f"{name} {requirement}"


def find_unfit_for_image(host: Host, server: Server) -> Iterator[str]:
    """Yield the image's requirements on processor and hypervisor that the host does not match."""
    properties: Mapping[str, Any] = server.image.get("properties", {})
    arch = _find_property(properties, "hw_architecture", "architecture")
    kind = _find_property(properties, "img_hv_type", "hypervisor_type")
    mode = _find_property(properties, "hw_vm_mode", "vm_mode")
    if arch and ALIASES.get(arch, arch) not in RUNS.get(host.architecture, (host.architecture,)):
        yield f"architecture {arch}"
    if kind and kind not in HYPERVISORS.get(host.hypervisor_type.lower(), (host.hypervisor_type.lower(),)):
        yield f"hypervisor {kind}"
    if mode and mode != "hvm":
        yield f"mode {mode}"


def _find_property(properties: Mapping[str, Any], *names: str) -> str:
    return next((str(properties[name]).lower() for name in names if properties.get(name)), "")
