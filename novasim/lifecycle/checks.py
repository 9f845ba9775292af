"""The checks that rows of the action table refer to: flavors, hosts, zones, rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from novasim.errors import BadRequest, Conflict, NotFound, NotReady, NovaFault, PolicyRefusal, QuotaExceeded
from novasim.lifecycle import states
from novasim.lifecycle.check import RESTART_GUEST, SHOW_QUOTA, Check, check
from novasim.lifecycle.flavors import has_flavor
from novasim.records import Caller, Flavor, Host, Migration, Server

LIST_FLAVORS = "List the flavors: {novasim} flavor list"
OTHER_HOST = "Without a host, the scheduler chooses one. To name another one, see: {admin} host list"
LIST_HOSTS = "List the hosts: {admin} host list"

# --- flavors and quota -----------------------------------------------------------------------------------------------


@check(requires="The new flavor exists and is visible to the caller.", remedy=LIST_FLAVORS)
def flavor_exists(flavor_ref: str | None, flavor: Flavor | None) -> Iterator[NovaFault]:
    if flavor_ref is not None and flavor is None:
        yield BadRequest(reason=f"Flavor {flavor_ref} could not be found.")


@check(
    requires="The new flavor requests no accelerators.",
    remedy="Choose a flavor without the extra spec accel:device_profile: {novasim} flavor list",
)
def flavor_without_accelerators(flavor: Flavor | None) -> Iterator[NovaFault]:
    if flavor and flavor.extra_specs.get("accel:device_profile"):
        yield BadRequest(reason="Feature not supported with instances that have accelerators.")


@check(
    requires="The new flavor has a disk if the server has a local disk.",
    remedy="Choose a flavor with a disk: {novasim} flavor list",
)
def flavor_keeps_disk(server: Server, flavor: Flavor | None, volume_backed: bool) -> Iterator[NovaFault]:
    if flavor and not volume_backed and server.flavor["disk"] != 0 and flavor.disk == 0:
        yield BadRequest(
            reason="Server disk was unable to be resized because: Resize to zero disk flavor is not allowed."
        )


@check(
    requires="The new flavor is not disabled.",
    remedy="The flavor is disabled. Choose another one: {novasim} flavor list",
)
def flavor_enabled(server: Server, flavor: Flavor | None) -> Iterator[NovaFault]:
    if flavor and flavor.disabled and not has_flavor(server, flavor):
        yield BadRequest(reason=f"Flavor {flavor.id} could not be found.")


@check(
    requires="The new flavor differs from the current one.",
    remedy="Choose a flavor that the server does not have: {novasim} flavor list",
)
def flavor_differs(server: Server, flavor: Flavor | None) -> Iterator[NovaFault]:
    if flavor and has_flavor(server, flavor):
        yield BadRequest(reason="When resizing, instances must change flavor!")


@check(
    requires="The project's quota allows the additional resources.",
    remedy=SHOW_QUOTA,
    code=403,
)
def within_quota(quota_refusal: QuotaExceeded | None) -> Iterator[NovaFault]:
    if quota_refusal:
        yield quota_refusal


# --- hosts and zones -------------------------------------------------------------------------------------------------


@check(
    requires="A finished resize or migration waits for confirmation.",
    remedy="No resize or migration waits for confirmation. Show the log: {novasim} history {server}",
)
def was_resized(needs_migration: bool, migration: Migration | None) -> Iterator[NovaFault]:
    if needs_migration and migration is None:
        yield BadRequest(reason="Instance has not been resized.")


@check(requires="A host that the request names is a compute host.", remedy=LIST_HOSTS)
def host_exists(host_name: str | None, host: Host | None) -> Iterator[NovaFault]:
    if host_name is not None and host is None:
        yield BadRequest(reason=f"Compute host {host_name} could not be found.")


@check(requires="The target host is not the server's own host.", remedy=OTHER_HOST)
def other_host(server: Server, host_name: str | None) -> Iterator[NovaFault]:
    if host_name is not None and host_name == server.host:
        yield BadRequest(reason="Cannot migrate to the host where the server exists.")


@check(requires="The target host is not the server's own host.", remedy=OTHER_HOST)
def other_evacuation_host(server: Server, host_name: str | None, has_arguments: bool) -> Iterator[NovaFault]:
    if has_arguments and host_name == server.host:  # as in Nova, also None for a server without a host
        yield BadRequest(reason="The target host can't be the same one.")


@check(requires="A host that the request names is a compute host.", remedy=LIST_HOSTS, code=404)
def evacuation_host_exists(host_name: str | None, host: Host | None) -> Iterator[NovaFault]:
    if host_name is not None and host is None:
        yield NotFound(reason=f"Compute host {host_name} not found.")


@check(
    requires="The compute service of the server's host is down.",
    remedy="Only servers of a host that is down are evacuated.\n"
    "To move it off a host that is up: {admin} migrate {server}\n"
    "To simulate that its host has failed: {admin} host set --down {host}",
)
def source_is_down(source_host: Host | None) -> Iterator[NovaFault]:
    if source_host and source_host.up and not source_host.forced_down:
        yield BadRequest(reason=f"Compute service of {source_host.name} is still in use.")


# Source: nova/compute/api.py, check_instance_host, which these actions apply after the states.
@check(
    requires="The server is on a host.",
    remedy="Its build found no host, or its state was reset while it was offloaded.\n"
    "To see what happened: {novasim} history {server}",
    code=409,
)
def is_on_host(server: Server) -> Iterator[NovaFault]:
    if server.host is None:
        yield NotReady(server=server.id)


# Source: nova/compute/api.py, check_instance_host(check_is_up=True).
@check(
    requires="The compute service of the server's host is up.",
    remedy="The host is down. To bring it up: {host_up}\nTo move the server to another host: {admin} evacuate {server}",
    code=409,
)
def source_is_up(source_host: Host | None) -> Iterator[NovaFault]:
    if source_host and not (source_host.up and not source_host.forced_down):
        yield Conflict(reason="Service is unavailable at this time.")


# Source: nova/compute/api.py, confirm_resize.
@check(
    requires="The compute service of the host that the server had before the resize is up.",
    remedy="The previous host is down. To see which it is: {admin} migration list\n"
    "Or go back to the old flavor or host: {novasim} revert-resize {server}",
    code=409,
)
def previous_host_is_up(source_host: Host | None) -> Iterator[NovaFault]:
    yield from source_is_up.function(source_host)


# Source: nova/compute/manager.py, set_admin_password; the request waits until it has finished.
@check(
    requires="The server's guest is running.",
    remedy=RESTART_GUEST,
    code=409,
)
def password_can_be_set(server: Server) -> Iterator[NovaFault]:
    if server.host is not None and server.power_state != states.RUNNING:
        reason = f"Failed to set admin password on {server.id} because instance {server.id} is not running"
        yield Conflict(reason=reason)


@check(
    requires="An availability zone that the request names exists.",
    remedy="List the zones: {novasim} availability-zone list",
)
def zone_exists(zone: str | None, zone_known: bool) -> Iterator[NovaFault]:
    if zone is not None and not zone_known:
        yield BadRequest(reason="The requested availability zone is not available")


# Source of both: nova/api/openstack/compute/servers.py, update.
@check(
    requires="A server that is pinned to an availability zone is not pinned to another one.",
    remedy='Unpin the server first, with {{"server": {{"pinned_availability_zone": null}}}}.',
    code=409,
)
def keeps_pinned_zone(server: Server, zone: str | None) -> Iterator[NovaFault]:
    if zone is not None and server.pinned_availability_zone not in (None, zone):
        yield Conflict(
            reason="Cannot change pinned availability zone directly. Unpin first by setting pinned_availability_zone "
            "to null."
        )


@check(
    requires="A server is pinned only to the availability zone that it is in.",
    remedy="Show the zone of the server: {novasim} show {server} -c OS-EXT-AZ:availability_zone",
    code=409,
)
def pins_present_zone(server: Server, zone: str | None) -> Iterator[NovaFault]:
    if zone is not None and server.pinned_availability_zone is None and zone != server.availability_zone:
        yield Conflict(
            reason="Server can only be pinned to its current availability zone "
            f"'{server.availability_zone}', but '{zone}' was requested."
        )


@check(
    requires="The server is SHELVED_OFFLOADED if the request names a zone or a host.",
    remedy="Leave out zone and host: {novasim} unshelve {server}",
    code=409,
)
def is_offloaded_if_placed(server: Server, requests_placement: bool) -> Iterator[NovaFault]:
    if requests_placement and server.vm_state != states.SHELVED_OFFLOADED:
        yield Conflict(
            reason="Specifying an availability zone or a host when unshelving server "
            f'"{server.id}" with status "{server.vm_state}" is not supported. '
            "The server status must be SHELVED_OFFLOADED."
        )


@check(
    requires="A host that the request names is in the availability zone of the server.",
    remedy="List the hosts and their zones: {admin} host list",
    code=409,
)
def host_in_zone(host: Host | None, zone: str | None, host_in_zone: bool) -> Iterator[NovaFault]:
    if host and zone and not host_in_zone:
        yield Conflict(reason=f'Host "{host.name}" is not in the availability zone "{zone}".')


# Source: nova/conductor/tasks/live_migrate.py, _check_instance_is_active.
@check(
    requires="Before microversion 2.34, the guest is running or paused. Later it is checked after the answer.",
    remedy=RESTART_GUEST,
    code=409,
)
def guest_can_migrate_live(server: Server, minor: int) -> Iterator[NovaFault]:
    if minor < 34 and server.host is not None and not states.is_powered(server.power_state):
        shown = states.POWER_STATES[server.power_state]
        yield Conflict(reason=f"Cannot 'os-migrateLive' instance {server.id} while it is in power_state {shown}")


@check(
    requires="Before microversion 2.34, the target host passes Nova's checks before the request is answered.",
    remedy="List what rules out each host: {admin} host explain {server}",
)
def live_target_accepted(target_refusal: NovaFault | None) -> Iterator[NovaFault]:
    if target_refusal:
        yield target_refusal


# --- rights ----------------------------------------------------------------------------------------------------------


def may_name_host(rule: str) -> Check:
    """The check that a caller who names a host satisfies the policy rule *rule*."""

    @check(
        requires=f"A caller who names a host satisfies the policy rule {rule}.",
        remedy="Leave out the host, or ask an administrator to do it.",
        code=403,
    )
    def may_name_host(host_name: str | None, allowed: Callable[[str], bool]) -> Iterator[NovaFault]:
        if host_name is not None and not allowed(rule):
            yield PolicyRefusal(rule=rule)

    return may_name_host


UNLOCK_OVERRIDE = "os_compute_api:os-lock-server:unlock:unlock_override"


# Source: nova/api/openstack/compute/lock_server.py, _unlock; nova/compute/api.py, is_expected_locked_by.
@check(
    requires="Owners remove their own lock, administrators that of administrators. Otherwise the policy rule "
    f"{UNLOCK_OVERRIDE} is needed.",
    remedy="As administrator: {admin} unlock {server}",
    code=403,
)
def may_unlock(server: Server, caller: Caller, allowed: Callable[[str], bool]) -> Iterator[NovaFault]:
    side = "owner" if caller.project_id == server.project_id else "admin"
    if server.locked_by and server.locked_by != side and not allowed(UNLOCK_OVERRIDE):
        yield PolicyRefusal(rule=UNLOCK_OVERRIDE)


# --- diagnostics -----------------------------------------------------------------------------------------------------


@check(
    requires="The guest is running.",
    remedy="Start the guest: {novasim} plan --run {server} ACTIVE",
    code=409,
)
def guest_is_running(server: Server) -> Iterator[NovaFault]:
    if server.power_state in (states.SHUTDOWN, states.POWER_PAUSED, states.POWER_SUSPENDED, states.CRASHED):
        shown = states.POWER_STATES[server.power_state]
        yield Conflict(reason=f"Cannot 'get_diagnostics' instance {server.id} while it is in power state {shown}")
