"""
The named checks that rows of the action table refer to: arguments, images, flavors, hosts, rights.

Each takes the server, the caller and the facts read beforehand, and yields the refusals it finds. A fact that
was not read (None) is not judged, so that `why` can ask without arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from novasim.errors import BadRequest, Conflict, NotFound, NovaFault, PolicyRefusal, QuotaExceeded, WrongState
from novasim.lifecycle import states
from novasim.records import Caller, Flavor, Host, Image, Migration, Server

GIB = 1024**3


def _anybody(rule: str) -> bool:
    return True


class Facts(NamedTuple):
    """
    What the checks may need beside server and caller. Everything is optional; what is None is not judged.

    Args:
        minor: The microversion 2.N as N. allowed: whether a policy rule holds for the caller on the server.
        flavor_ref, image_ref, host_name: What the request names; flavor, image, host: what was found for it.
        over_quota, target_refusal: A refusal found beforehand.
        zone: The zone that the server would come to; host_in_zone: whether the host named lies in it.
        not_attached: A volume named in the request that the server does not have.
        placed: Whether the request names a zone or a host at all.
    """

    minor: int = 1
    allowed: Callable[[str], bool] = _anybody
    flavor_ref: str | None = None
    flavor: Flavor | None = None
    image_ref: str | None = None
    image: Image | None = None
    over_quota: QuotaExceeded | None = None
    key_missing: bool = False
    host_name: str | None = None
    host: Host | None = None
    source_host: Host | None = None
    zone: str | None = None
    zone_known: bool = True
    host_in_zone: bool = True
    migration: Migration | None = None
    needs_migration: bool = False
    volume_backed: bool = False
    arguments: bool = False
    placed: bool = False
    target_refusal: NovaFault | None = None
    not_attached: str | None = None


Check = Callable[[Server, Caller, Facts], Iterator[NovaFault]]


def is_locked_for(server: Server, caller: Caller) -> bool:
    """Whether a lock stands against the caller; administrators are exempt from every lock."""
    return bool(server.locked_by) and not caller.is_admin


def flavor_exists(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """The new flavor is there, visible to the caller, and (unless it is the present one) not disabled."""
    if facts.flavor_ref is not None and facts.flavor is None:
        yield BadRequest(reason=f"Flavor {facts.flavor_ref} could not be found.")


def flavor_keeps_a_disk(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """A server with a local disk is not resized to a flavor without one."""
    if facts.flavor and not facts.volume_backed and server.flavor["disk"] != 0 and facts.flavor.disk == 0:
        yield BadRequest(
            reason="Server disk was unable to be resized because: Resize to zero disk flavor is not allowed."
        )


def flavor_enabled(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """A disabled flavor is as if it were not there, except for servers that have it."""
    if facts.flavor and facts.flavor.disabled and facts.flavor.id != server.flavor["id"]:
        yield BadRequest(reason=f"Flavor {facts.flavor.id} could not be found.")


def flavor_differs(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """A resize changes the flavor."""
    if facts.flavor and facts.flavor.id == server.flavor["id"]:
        yield BadRequest(reason="When resizing, instances must change flavor!")


def within_quota(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """The project's quota has room for what is asked in addition."""
    if facts.over_quota:
        yield facts.over_quota


def flavor_fits_disk(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """The disk does not shrink: the present flavor's disk counts as the image's min_disk."""
    if facts.flavor and not facts.volume_backed:
        yield from disk_large_enough(facts.flavor.disk, server.flavor["disk"])
        yield from ram_large_enough(facts.flavor.ram, server.image.get("min_ram", 0))


def image_exists(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """The image to rebuild from is visible to the caller."""
    if facts.image_ref is not None and facts.image is None:
        yield BadRequest(reason="Cannot find image for rebuild")


def image_fits(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """The image is active and fits the server's flavor."""
    if facts.image:
        flavor = server.flavor
        yield from image_usable(facts.image, flavor["ram"], flavor["disk"], not facts.volume_backed)


def key_exists(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """The key pair named belongs to the user."""
    if facts.key_missing:
        yield BadRequest(reason="Invalid key_name provided.")


def was_resized(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """There is a finished migration to confirm or revert."""
    if facts.needs_migration and facts.migration is None:
        yield BadRequest(reason="Instance has not been resized.")


def host_exists(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """A host that is asked for by name is a compute host."""
    if facts.host_name is not None and facts.host is None:
        yield BadRequest(reason=f"Compute host {facts.host_name} could not be found.")


def other_host(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """A cold migration goes to another host."""
    if facts.host_name is not None and facts.host_name == server.host:
        yield BadRequest(reason="Cannot migrate to the host where the server exists.")


def not_the_same_host(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """An evacuation goes to another host; a server on no host cannot tell it from "any"."""
    if facts.arguments and facts.host_name == server.host:
        yield BadRequest(reason="The target host can't be the same one.")


def evacuation_host_exists(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """A host named for an evacuation is a compute host (404 where a migration says 400)."""
    if facts.host_name is not None and facts.host is None:
        yield NotFound(reason=f"Compute host {facts.host_name} could not be found.")


def source_is_down(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """A server is evacuated only from a host whose compute service is down."""
    source = facts.source_host
    if source and source.up and not source.forced_down:
        yield BadRequest(reason=f"Compute service of {source.name} is still in use.")


def source_answers(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """
    A server is resized or migrated only from a host whose compute service is up.

    Source: nova/compute/api.py, check_instance_host(check_is_up=True).
    """
    source = facts.source_host
    if source and not (source.up and not source.forced_down):
        yield Conflict(reason="Service is unavailable at this time.")


def zone_exists(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """The availability zone asked for is there."""
    if facts.zone is not None and not facts.zone_known:
        yield BadRequest(reason="The requested availability zone is not available")


def offloaded_for_placement(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """A zone or a host can be asked for only when an offloaded server comes back."""
    if facts.placed and server.vm_state != states.SHELVED_OFFLOADED:
        yield Conflict(
            reason="Specifying an availability zone or a host when unshelving server "
            f'"{server.id}" with status "{server.vm_state}" is not supported. '
            "The server status must be SHELVED_OFFLOADED."
        )


def host_in_zone(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """The host asked for lies in the zone asked for."""
    if facts.host and facts.zone and not facts.host_in_zone:
        yield Conflict(reason=f'Host "{facts.host.name}" is not in the availability zone "{facts.zone}".')


def rescue_image_usable(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """A rescue image that is named is there."""
    if facts.image_ref is not None and facts.image is None:
        yield BadRequest(reason=f"Requested rescue image '{facts.image_ref}' is not supported")


def live_target_accepted(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """Before 2.34 the checks of a live migration's target are made while the request waits."""
    if facts.target_refusal:
        yield facts.target_refusal


def may_choose_host(rule: str) -> Check:
    """A check that only who has *rule* names a host."""

    def check(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
        if facts.host_name is not None and not facts.allowed(rule):
            yield PolicyRefusal(rule=rule)

    return check


def may_undo_the_lock(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """
    Who locked may unlock; the other side needs the override rule.

    Source: matrix_settled, "unlock" by owner and administrator; surprises, "Locks".
    """
    rule = "os_compute_api:os-lock-server:unlock:unlock_override"
    side = "owner" if caller.project_id == server.project_id else "admin"
    if server.locked_by and server.locked_by != side and not facts.allowed(rule):
        yield PolicyRefusal(rule=rule)


def shelved_devices_as(called: str) -> Check:
    """A check that the volumes of a shelved server stay as they are before 2.20; *called* is the refused action."""

    def check(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
        if facts.minor < 20 and server.vm_state in (states.SHELVED, states.SHELVED_OFFLOADED):
            yield WrongState(action=called, server=server.id, attr="vm_state", state=server.vm_state)

    return check


def has_the_volume(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """The volume to detach is attached to this server."""
    if facts.not_attached is not None:
        yield NotFound(reason=f"Instance {server.id} is not attached to volume {facts.not_attached}")


def powered_on(server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """Diagnostics come from a guest that runs."""
    if server.power_state in (states.SHUTDOWN, states.POWER_PAUSED, states.POWER_SUSPENDED, states.CRASHED):
        shown = states.POWER_STATES[server.power_state]
        yield Conflict(reason=f"Cannot 'get_diagnostics' instance {server.id} while it is in power state {shown}")


def image_usable(image: Image, ram: int, disk: int, local_disk: bool = True) -> Iterator[NovaFault]:
    """An image that a server with *ram* MiB and *disk* GiB (0: as large as the image) can be made from."""
    if image.status != "active":
        yield BadRequest(reason=f"Image {image.id} is not active.")
    yield from ram_large_enough(ram, image.min_ram)
    if local_disk and disk and (image.size or 0) > disk * GIB:
        yield BadRequest(
            reason="Flavor's disk is too small for requested image. "
            f"Flavor disk is {disk * GIB} bytes, image is {image.size} bytes."
        )
    if local_disk and disk:
        yield from disk_large_enough(disk, image.min_disk)


def ram_large_enough(ram: int, needed: int) -> Iterator[NovaFault]:
    """The flavor's memory (MiB) reaches the image's min_ram."""
    if ram < needed:
        yield BadRequest(reason="Flavor's memory is too small for requested image.")


def disk_large_enough(disk: int, needed: int) -> Iterator[NovaFault]:
    """The flavor's disk (GiB) reaches the image's min_disk."""
    if disk < needed:
        yield BadRequest(
            reason="Flavor's disk is smaller than the minimum size specified in image metadata. "
            f"Flavor disk is {disk * GIB} bytes, minimum size is {needed * GIB} bytes."
        )
