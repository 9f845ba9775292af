"""A compute host as a resource provider: its id, its inventory, what of it is used, its traits."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.errors import NotFound
from novasim.records import Aggregate, Allocation, Host
from novasim.simulation.seeded import Generator

CLASSES = ("VCPU", "MEMORY_MB", "DISK_GB")
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


def need(ctx: Context, rule: str) -> None:
    """Refuse (403) everybody but administrators: the service is for operators and other services."""
    require_admin(ctx, f"Access was denied to this resource.\n\n placement:{rule} ")


def provider_id(ctx: Context, host: Host) -> str:
    """The same UUID that the compute service shows for the hypervisor."""
    return Generator(ctx.world.settings.seed, f"hypervisor of service {host.service_id}").uuid()


def host_of(ctx: Context, uuid: str) -> Host:
    """The host that is this resource provider (404 otherwise)."""
    for host in ctx.world.tx.query(Host):
        if provider_id(ctx, host) == uuid:
            return host
    raise NotFound(reason=f"No resource provider with uuid {uuid} found : No resource provider with uuid {uuid} found")


def inventory_of(host: Host) -> dict[str, dict[str, Any]]:
    """What a host has, by resource class."""
    figures = (
        ("VCPU", host.vcpus, host.reserved_vcpus, host.cpu_allocation_ratio),
        ("MEMORY_MB", host.ram_mb, host.reserved_ram_mb, host.ram_allocation_ratio),
        ("DISK_GB", host.disk_gb, host.reserved_disk_gb, host.disk_allocation_ratio),
    )
    return {
        name: {
            "total": total,
            "reserved": reserved,
            "min_unit": 1,
            "max_unit": total,
            "step_size": 1,
            "allocation_ratio": ratio,
        }
        for name, total, reserved, ratio in figures
        if total
    }


def used_of(host: Host) -> dict[str, int]:
    """How much of it is allocated."""
    figures = {"VCPU": host.used_vcpus, "MEMORY_MB": host.used_ram_mb, "DISK_GB": host.used_disk_gb}
    return {name: figures[name] for name in inventory_of(host)}


def capacity_of(host: Host) -> dict[str, int]:
    """How much of it may be allocated: what is not reserved, times the ratio."""
    return {
        name: int((one["total"] - one["reserved"]) * one["allocation_ratio"])
        for name, one in inventory_of(host).items()
    }


def resources_of(held: Allocation) -> dict[str, int]:
    """What an allocation holds, by resource class."""
    figures = {"VCPU": held.vcpus, "MEMORY_MB": held.ram_mb, "DISK_GB": held.disk_gb}
    return {name: amount for name, amount in figures.items() if amount}


def generation_of(ctx: Context, host: Host) -> int:
    """A number that is another one when the allocations are others."""
    return len(ctx.world.tx.query(Allocation, {"host": host.name})) + 1


def traits_of(host: Host) -> list[str]:
    """What a host can do; one that is disabled says so by a trait."""
    return sorted([*TRAITS, DISABLED] if host.disabled else TRAITS)


def aggregates_of(ctx: Context, host: Host) -> list[str]:
    """The aggregates that a host is in, by UUID."""
    return [aggregate.uuid for aggregate in ctx.world.tx.query(Aggregate) if host.name in aggregate.hosts]
