"""Claims of hosts' resources, and the availability zones of hosts. Only this module changes a host's usage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.records import Aggregate, Allocation, Host
from novasim.simulation.hosts.control_services import CONTROL_ZONE, list_control_services
from novasim.simulation.scheduling.traits import override_resources
from novasim.simulation.world import World


def is_service_up(host: Host) -> bool:
    """Whether the compute service of a host shows as up."""
    return host.up and not host.forced_down


def resources_from_flavor(flavor: Mapping[str, Any], volume_backed: bool = False) -> tuple[int, int, int]:
    """
    The resources that a flavor needs: vCPUs, RAM in MiB, disk in GiB (root, ephemeral, and swap rounded up).

    Its extra specs `resources:VCPU` and so on replace these amounts.
    """
    root = 0 if volume_backed else flavor["disk"]
    swap = -(-int(flavor.get("swap") or 0) // 1024)
    resources = flavor["vcpus"], flavor["ram"], root + flavor.get("ephemeral", 0) + swap
    specs = flavor.get("extra_specs")
    return override_resources(specs, resources) if specs else resources


def get_capacity(host: Host) -> tuple[float, float, float]:
    """The capacity of a host for servers, after reservations and allocation ratios: vCPUs, RAM in MiB, disk in GiB."""
    return (
        (host.vcpus - host.reserved_vcpus) * host.cpu_allocation_ratio,
        get_ram_capacity(host),
        (host.disk_gb - host.reserved_disk_gb) * host.disk_allocation_ratio,
    )


def get_ram_capacity(host: Host) -> float:
    """The RAM of a host for servers, after the reservation and the allocation ratio, in MiB."""
    return (host.ram_mb - host.reserved_ram_mb) * host.ram_allocation_ratio


def get_usage(host: Host) -> tuple[int, int, int]:
    """The resources of a host that servers have claimed: vCPUs, RAM in MiB, disk in GiB."""
    return host.used_vcpus, host.used_ram_mb, host.used_disk_gb


def get_limits(host: Host) -> tuple[int, int, int]:
    """
    The most that one server can have of a host, whatever the allocation ratios: vCPUs, RAM in MiB, disk in GiB.

    Source: max_unit of the inventories; nova/virt/libvirt/driver.py, update_provider_tree.
    """
    return host.vcpus, host.ram_mb, host.disk_gb


def has_room(host: Host, resources: tuple[int, int, int]) -> bool:
    """Whether a host has room for more vCPUs, RAM (MiB) and disk (GiB) for one server."""
    vcpus, ram_mb, disk_gb = get_capacity(host)
    return (
        host.used_vcpus + resources[0] <= vcpus
        and host.used_ram_mb + resources[1] <= ram_mb
        and host.used_disk_gb + resources[2] <= disk_gb
        and resources[0] <= host.vcpus
        and resources[1] <= host.ram_mb
        and resources[2] <= host.disk_gb
    )


def claim(world: World, server_id: str, host_name: str, resources: tuple[int, int, int]) -> None:
    """Claim resources of a host for a server, which is their first consumer: vCPUs, RAM in MiB, disk in GiB."""
    host = world.tx.get(Host, host_name)
    if host is None:
        return
    vcpus, ram_mb, disk_gb = resources
    _add(world, host, vcpus, ram_mb, disk_gb)
    world.tx.put(
        Allocation(
            id=server_id,
            consumer=server_id,
            server_id=server_id,
            host=host_name,
            vcpus=vcpus,
            ram_mb=ram_mb,
            disk_gb=disk_gb,
        )
    )


def release(world: World, consumer: str) -> None:
    """Release the resources that a consumer, a server or a migration, has claimed, if any."""
    allocation = world.tx.get(Allocation, consumer)
    if allocation is None:
        return
    if host := world.tx.get(Host, allocation.host):
        _add(world, host, -allocation.vcpus, -allocation.ram_mb, -allocation.disk_gb)
    world.tx.delete(allocation)


def transfer(world: World, old_consumer: str, new_consumer: str) -> None:
    """Transfer a claim, if there is one, to another consumer. The host's usage stays the same."""
    allocation = world.tx.get(Allocation, old_consumer)
    if allocation is None:
        return
    world.tx.delete(allocation)
    fields = {**vars(allocation), "id": new_consumer, "consumer": new_consumer}
    world.tx.put(Allocation(**fields))


def get_zone(world: World, host_name: str | None) -> str | None:
    """The availability zone of a host; None for no host."""
    if host_name is None:
        return None
    zones = world.lookups.zone_by_host
    if zones is None:
        zones = world.lookups.zone_by_host = {
            host: str(aggregate.metadata["availability_zone"])
            for aggregate in list_aggregates(world)
            if "availability_zone" in aggregate.metadata
            for host in aggregate.hosts
        }
    return zones.get(host_name, str(world.option("default_availability_zone")))


def list_aggregates(world: World) -> list[Aggregate]:
    """All aggregates, queried once per unit of work."""
    if world.lookups.aggregates is None:
        world.lookups.aggregates = world.tx.query(Aggregate)
    return world.lookups.aggregates


def has_aggregate(world: World, zone: str) -> bool:
    """Whether an aggregate defines a zone, as it does for every zone but the default one."""
    return any(aggregate.metadata.get("availability_zone") == zone for aggregate in list_aggregates(world))


def list_zones(world: World) -> set[str]:
    """List the availability zones that have hosts."""
    return {str(get_zone(world, host.name)) for host in world.tx.query(Host)}


def list_available_zones(world: World) -> set[str]:
    """List the zones that a server may request: those with an enabled service of a host or of the controller."""
    zones = {str(get_zone(world, host.name)) for host in world.tx.query(Host) if not host.disabled}
    return zones | {CONTROL_ZONE} if list_control_services(world) else zones


def _add(world: World, host: Host, vcpus: int, ram_mb: int, disk_gb: int) -> None:
    host.used_vcpus += vcpus
    host.used_ram_mb += ram_mb
    host.used_disk_gb += disk_gb
    if ram_mb < 0:
        world.lookups.hosts_by_load = None
    world.tx.put(host)
