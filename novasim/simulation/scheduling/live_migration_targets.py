"""
The target of a live migration: the scheduler's choice, unless the hypervisors or the storage of the hosts do not match.

Source: nova/conductor/tasks/live_migrate.py, _find_destination; nova/virt/libvirt/driver.py,
check_can_live_migrate_source.
"""

from __future__ import annotations

from novasim.records import Host, Server
from novasim.simulation import volumes
from novasim.simulation.failures import TaskFailed
from novasim.simulation.scheduling.placement import get_capacity, has_room, is_service_up
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.scheduler import no_valid_host, select_host
from novasim.simulation.world import World

OTHER_HYPERVISOR = "The supplied hypervisor type of is invalid."  # sic
OLD_HYPERVISOR = "The instance requires a newer hypervisor version than has been provided."


def select_target(world: World, source: Host | None, spec: RequestSpec, block_migration: bool | None) -> Host:
    """
    Select the target. After a host whose hypervisor does not match, others are tried, as migrate_max_retries allows.

    Args:
        block_migration: Whether to copy the disks; None lets Nova decide.

    Raises:
        TaskFailed: No host passes the filters, the hosts do not match, or too many of them did not. The forced host is
            that of the server, is down, or has no room.
    """
    target = select_host(world, spec)
    if spec.forced:
        _check_forced_target(source, target, spec)
    while source is not None and not spec.forced and explain_hypervisors(source, target):
        spec = spec._replace(excluded_hosts=(*spec.excluded_hosts, target.name))
        _check_retries(world, spec)
        target = select_host(world, spec)
    if source is not None and (mismatch := explain_storage(source, target, spec.server, block_migration)):
        raise TaskFailed(mismatch, unplaced=True)
    return target


def _check_forced_target(source: Host | None, target: Host, spec: RequestSpec) -> None:
    """The checks of a host that the scheduler does not see, in the order of `LiveMigrationTask._execute`."""
    server, name = spec.server, target.name
    if name == server.host:
        raise TaskFailed(f"Unable to migrate instance ({server.id}) to current host ({name}).", unplaced=True)
    check_service(target)
    _, capacity, _ = get_capacity(target)
    free = capacity - target.used_ram_mb
    if free <= (needed := spec.resources[1]):
        raise TaskFailed(
            f"Migration pre-check error: Unable to migrate {server.id} to {name}: Lack of memory(host:{float(free)} <= "
            f"instance:{needed})",
            unplaced=True,
        )
    if source is not None and (mismatch := explain_hypervisors(source, target)):
        raise TaskFailed(mismatch, unplaced=True)
    check_capacity(target, spec)


def check_service(host: Host) -> None:
    """Raises TaskFailed: the compute service of a host is down."""
    if not is_service_up(host):
        raise TaskFailed(f"Compute service of {host.name} is unavailable at this time.", unplaced=True)


def check_capacity(target: Host, spec: RequestSpec) -> None:
    """
    Raises TaskFailed: a forced target has not enough room. The server keeps its vm_state.

    Source: nova/scheduler/utils.py, claim_resources_on_destination; nova/conductor/manager.py,
    _allocate_for_evacuate_dest_host.
    """
    if not has_room(target, spec.resources):
        failure = no_valid_host(
            f"Unable to move instance {spec.server.id} to host {target.name}. There is not enough capacity on the host "
            "for the instance."
        )
        failure.vm_state = spec.server.vm_state
        raise failure


def _check_retries(world: World, spec: RequestSpec) -> None:
    retries, most = len(spec.excluded_hosts) - 1, int(world.option("migrate_max_retries"))
    if 0 <= most < retries:
        raise TaskFailed(
            f"Exceeded maximum number of retries. Exceeded max scheduling retries {retries} for instance "
            f"{spec.server.id} during live migration",
            to_error=True,
            unplaced=True,
        )


def explain_hypervisors(source: Host, target: Host) -> str:
    """Why the target's hypervisor cannot take a guest of the source; "" if it can."""
    if source.hypervisor_type != target.hypervisor_type:
        return OTHER_HYPERVISOR
    return OLD_HYPERVISOR if source.hypervisor_version > target.hypervisor_version else ""


def explain_storage(source: Host, target: Host, server: Server, block_migration: bool | None) -> str:
    """Why block_migration does not match the storage of the hosts; "" if it does, or the hosts do not say theirs."""
    if block_migration is None or None in (source.shared_storage, target.shared_storage):
        return ""
    shared = (source.shared_storage and target.shared_storage) or _has_no_local_disk(server)
    if block_migration and shared:
        return f"{source.name} is not on local storage: Block migration can not be used with shared storage."
    if not block_migration and not shared:
        return (
            f"{source.name} is not on shared storage: Shared storage live-migration requires either shared storage or "
            "boot-from-volume with no local disks."
        )
    return ""


def _has_no_local_disk(server: Server) -> bool:
    return volumes.is_volume_backed(server) and not server.flavor.get("ephemeral") and not server.flavor.get("swap")
