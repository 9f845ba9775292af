"""
What a flavor's extra specs and an image's properties may say together about NUMA nodes and memory pages.

Source: nova/virt/hardware.py, numa_get_constraints and the functions that it calls, in their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

PAGE_SIZE = re.compile(r"any|large|small|\d+|\d+(\.\d+)?\s*([KMGTP]i?)?(b|bit|B)", re.ASCII)
MAX_RANGE = 10_000  # processors of a range in a mask that are looked at; no flavor has more
NODES = "The property 'numa_nodes' cannot be '{}'. It must be a number greater than 0"
UNEVEN = (
    "Instance CPUs and/or memory cannot be evenly distributed across instance NUMA nodes. Explicit assignment of CPUs "
    "and memory to nodes is required"
)
PINNED = "Image property '{}' is not permitted to override NUMA configuration set against the flavor"
INCOMPLETE = "CPU and memory allocation must be provided for all NUMA nodes"
MAX_NODES = 128


def find_numa_contradiction(
    vcpus: int, ram: int, specs: Mapping[str, Any], properties: Mapping[str, Any], is_pinned: bool
) -> str:
    """
    Nova's message about the first contradiction of a flavor and an image; "" without one.

    Args:
        vcpus, ram: Of the flavor, the RAM in MiB. is_pinned: whether processors of the host are dedicated to the guest.
    """
    flavor, image = specs.get("hw:numa_nodes"), properties.get("hw_numa_nodes")
    nodes = flavor or image
    if flavor and image:
        return PINNED.format("hw_numa_nodes")
    if nodes is not None and (not str(nodes).isdecimal() or int(nodes) < 1):
        return NODES.format(nodes)
    pages = specs.get("hw:mem_page_size")
    if message := _check_page_size(pages, properties.get("hw_mem_page_size")):
        return message
    if not (nodes or pages or is_pinned or _has_persistent_memory(specs)):
        return ""
    return _check_assignment(vcpus, ram, int(nodes or 1), specs, properties)


def _has_persistent_memory(specs: Mapping[str, Any]) -> bool:
    return bool(str(specs.get("hw:pmem") or "").replace(",", "").strip())


def _check_page_size(flavor: Any, image: Any) -> str:
    if image and not flavor:
        return f"Page size {image} forbidden against '<empty>'"
    if not flavor:
        return ""
    if not PAGE_SIZE.fullmatch(str(flavor)):
        return f"Invalid memory page size '{flavor}'"
    if image and flavor not in ("any", "large"):
        return f"Page size {image} forbidden against '{flavor}'"
    return f"Invalid memory page size '{image}'" if image and not PAGE_SIZE.fullmatch(str(image)) else ""


def _check_assignment(vcpus: int, ram: int, nodes: int, specs: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
    """Check the processors and the memory of each node, which the flavor or the image may assign."""
    try:
        cpus = _read_nodes("numa_cpus", lambda text: parse_cpus(0, text), specs, properties)
        memory = _read_nodes("numa_mem", int, specs, properties)
    except ValueError as error:
        return str(error)
    if not cpus and not memory:
        return UNEVEN if vcpus % nodes or ram % nodes else ""
    if len(cpus) != nodes or len(memory) != nodes:
        return INCOMPLETE
    return _check_cpus(vcpus, cpus) or _check_memory(ram, memory)


def _read_nodes(
    name: str, parse: Callable[[str], Any], specs: Mapping[str, Any], properties: Mapping[str, Any]
) -> list[Any]:
    """The values of the nodes 0, 1, ... up to the first without one. Raises ValueError: one is invalid."""
    spec, own = (
        [parse(str(value)) for value in _list_values(name, values)]
        for name, values in ((f"hw:{name}", specs), (f"hw_{name}", properties))
    )
    if spec and own:
        raise ValueError(PINNED.format(f"hw_{name}"))
    return spec or own


def _list_values(name: str, values: Mapping[str, Any]) -> list[Any]:
    names = [f"{name}.{node}" for node in range(MAX_NODES)]
    missing = next((node for node, each in enumerate(names) if each not in values), MAX_NODES)
    return [values[each] for each in names[:missing]]


def _check_cpus(vcpus: int, nodes: list[set[int]]) -> str:
    free = set(range(vcpus))
    for number in (number for cpus in nodes for number in sorted(cpus)):
        if number >= vcpus:
            return f"CPU number {number} is larger than max {vcpus - 1}"
        if number not in free:
            return f"CPU number {number} is assigned to two nodes"
        free.remove(number)
    return f"CPU number {free} is not assigned to any node" if free else ""


def _check_memory(ram: int, nodes: list[int]) -> str:
    return "" if sum(nodes) == ram else f"{sum(nodes)} MB of memory assigned, but expected {ram} MB"


def parse_cpus(vcpus: int, mask: str) -> set[int]:
    """
    The processors of a list or mask such as "1-4,^3,6". A mask that begins with ^ excludes them from all.

    Raises:
        ValueError: it is invalid.

    Source: nova/virt/hardware.py, parse_cpu_spec.
    """
    chosen = set(range(vcpus)) if mask.strip().startswith("^") else set()
    excluded: set[int] = set()
    for rule in filter(None, map(str.strip, mask.split(","))):
        target = excluded if rule[0] == "^" else chosen
        target |= _parse_rule(rule, rule.removeprefix("^"))
    return chosen - excluded


def _parse_rule(rule: str, text: str) -> set[int]:
    parts = [part.strip() for part in text.split("-", 1)]
    kind = "range" if len(parts) > 1 else "exclusion" if rule != text else "inclusion"
    if not all(re.fullmatch(r"[+-]?\d{1,9}", part) for part in parts) or int(parts[0]) > int(parts[-1]):
        raise ValueError(f"Invalid {kind} expression {rule!r}")
    first, last = int(parts[0]), int(parts[-1])
    return set(range(first, min(last, first + MAX_RANGE) + 1))
