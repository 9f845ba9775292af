"""A compute host as a resource provider: id, inventory, usage, traits, aggregates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.errors import NotFound
from novasim.records import Aggregate, Allocation, Host
from novasim.simulation.seeded import Generator


def check_policy(ctx: Context, rule: str) -> None:
    """
    Require an administrator: the service is for operators and other services.

    Raises:
        Forbidden: the caller is not an administrator (403).
    """
    require_admin(ctx, f"Access was denied to this resource.\n\n placement:{rule} ")


def provider_uuid(ctx: Context, host: Host) -> str:
    """The UUID of a host's resource provider; the compute service shows the same for the hypervisor."""
    return Generator(ctx.world.settings.seed, f"hypervisor of service {host.service_id}").uuid()


def get_host(ctx: Context, uuid: str) -> Host:
    """
    Return the host with a resource provider's UUID.

    Raises:
        NotFound: it does not exist (404).
    """
    for host in ctx.world.tx.query(Host):
        if provider_uuid(ctx, host) == uuid:
            return host
    raise NotFound(reason=f"No resource provider with uuid {uuid} found : No resource provider with uuid {uuid} found")


def inventory_view(host: Host) -> dict[str, dict[str, Any]]:
    """The inventories of a host, by resource class."""
    amounts = (
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
        for name, total, reserved, ratio in amounts
        if total
    }


def find_usage(host: Host) -> dict[str, int]:
    """Return the allocated amounts of a host, by resource class."""
    amounts = {"VCPU": host.used_vcpus, "MEMORY_MB": host.used_ram_mb, "DISK_GB": host.used_disk_gb}
    return {name: amounts[name] for name in inventory_view(host)}


def find_capacity(host: Host) -> dict[str, int]:
    """Return the amounts that can be allocated, by resource class: total minus reserved, times the allocation ratio."""
    return {
        name: int((inventory["total"] - inventory["reserved"]) * inventory["allocation_ratio"])
        for name, inventory in inventory_view(host).items()
    }


def has_resources(host: Host, requested: Mapping[str, int]) -> bool:
    """Whether a consumer can get amounts of a host: they are free, and no more than the host has in all."""
    inventories, capacity, used = inventory_view(host), find_capacity(host), find_usage(host)
    return all(
        name in capacity and amount <= min(capacity[name] - used[name], inventories[name]["max_unit"])
        for name, amount in requested.items()
    )


def allocated_resources(allocation: Allocation) -> dict[str, int]:
    """The amounts of an allocation, by resource class."""
    amounts = {"VCPU": allocation.vcpus, "MEMORY_MB": allocation.ram_mb, "DISK_GB": allocation.disk_gb}
    return {name: amount for name, amount in amounts.items() if amount}


def provider_generation(ctx: Context, host: Host) -> int:
    """A number that changes when the host's allocations change."""
    return len(ctx.world.tx.query(Allocation, {"host": host.name})) + 1


def list_host_aggregates(ctx: Context, host: Host) -> list[str]:
    """Return the UUIDs of the aggregates that contain a host."""
    return [aggregate.uuid for aggregate in ctx.world.tx.query(Aggregate) if host.name in aggregate.hosts]
