"""What queries ask of resource providers: amounts of resources, and traits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from novasim.api.context import Context
from novasim.api.placement.hosts import CLASSES
from novasim.errors import BadRequest

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


class Traits(NamedTuple):
    """Traits that a provider must have, of each group at least one, and those that it must not have."""

    required: frozenset[str]
    groups: tuple[frozenset[str], ...]
    forbidden: frozenset[str]

    def fit(self, traits: Iterable[str]) -> bool:
        """Whether a provider with these traits is what is asked for."""
        there = set(traits)
        return self.required <= there and not self.forbidden & there and all(group & there for group in self.groups)


def asked_resources(ctx: Context) -> dict[str, int]:
    """
    resources=VCPU:1,MEMORY_MB:512 as amounts by class.

    Raises:
        BadRequest: not of that form, or of a class that does not exist (400).
    """
    wanted: dict[str, int] = {}
    for pair in ",".join(ctx.queries("resources")).split(",") if ctx.queries("resources") else ():
        name, _, amount = pair.partition(":")
        if not re.fullmatch(r"[1-9][0-9]{0,8}", amount):
            raise BadRequest(
                reason="Badly formed resources parameter. Expected resources query string parameter in "
                f"form: ?resources=VCPU:2,MEMORY_MB:1024. Got: {pair}."
            )
        if name not in CLASSES and name not in OTHER_CLASSES:
            raise BadRequest(reason=f"Invalid resource class in resources parameter: No such resource class {name}.")
        wanted[name] = wanted.get(name, 0) + int(amount)
    return wanted


def asked_traits(ctx: Context) -> Traits:
    """required=A,!B and required=in:C,D as sets of traits."""
    groups: list[frozenset[str]] = []
    required: set[str] = set()
    forbidden: set[str] = set()
    for value in ctx.queries("required"):
        if value.startswith("in:"):
            groups.append(frozenset(value[3:].split(",")))
            continue
        for name in value.split(","):
            (forbidden if name.startswith("!") else required).add(name.removeprefix("!"))
    return Traits(frozenset(required), tuple(groups), frozenset(forbidden))
