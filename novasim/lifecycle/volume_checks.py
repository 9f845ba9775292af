"""The checks of actions that attach, detach or need volumes."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, Conflict, Forbidden, NotFound, NovaFault, WrongState
from novasim.lifecycle import states
from novasim.lifecycle.check import Check, check
from novasim.lifecycle.volumes import (
    availability_refusals,
    describe_too_many_disks,
    detachment_refusals,
    reservation_refusals,
)
from novasim.records import Server, Volume

LIST_VOLUMES = "List the volumes: {novasim} volume list"
SHOW_SERVER = "Show the attached volumes: {novasim} show {server}"
CORRECT_STATUS = "As administrator, correct the status: {admin} volume set VOLUME --state in-use"


def not_shelved_before_2_20(action: str) -> Check:
    """The check that the volumes of a shelved server do not change before 2.20; *action* is its name in refusals."""

    @check(
        requires="Before microversion 2.20, the server is not shelved.",
        remedy="Use microversion 2.20 or later: novasim --api-version 2.20 ...",
        code=409,
    )
    def not_shelved_before_2_20(server: Server, minor: int) -> Iterator[NovaFault]:
        if minor < 20 and server.vm_state in (states.SHELVED, states.SHELVED_OFFLOADED):
            yield WrongState(action=action, server=server.id, attr="vm_state", state=server.vm_state)

    return not_shelved_before_2_20


@check(requires="The volume exists and is visible to the caller.", remedy=LIST_VOLUMES, code=404)
def volume_exists(volume_ref: str | None, volume: Volume | None) -> Iterator[NovaFault]:
    if volume_ref is not None and volume is None:
        yield NotFound(reason=f"Volume {volume_ref} could not be found.")


# --- attach ----------------------------------------------------------------------------------------------------------


# Source: nova/compute/api.py, _check_volume_already_attached.
@check(
    requires="The volume is not attached to a server; a multiattach volume is not attached to this server.",
    remedy="Detach the volume first, or choose another one: {novasim} volume list",
)
def volume_is_unused(server: Server, volume: Volume | None, volume_users: tuple[str, ...]) -> Iterator[NovaFault]:
    yield from _usage_refusals(server, volume, volume_users)


def _usage_refusals(server: Server, volume: Volume | None, users: tuple[str, ...]) -> Iterator[NovaFault]:
    if volume is None:
        return
    if users and not volume.multiattach:
        names = " ".join(users)
        yield BadRequest(reason=f"Invalid volume: volume {volume.id} is already attached to instances: {names}")
    elif server.id in users:
        yield BadRequest(reason=f"Invalid volume: volume {volume.id} already attached")


@check(
    requires="A server that is SHELVED_OFFLOADED gets no tagged volume.",
    remedy="Leave out the tag, or unshelve the server first: {novasim} unshelve {server}",
)
def is_untagged_if_offloaded(server: Server, device_tag: str | None) -> Iterator[NovaFault]:
    if device_tag and server.vm_state == states.SHELVED_OFFLOADED:
        yield BadRequest(reason="Tagged volume attachment is not supported for shelved-offloaded instances.")


@check(
    requires="A server that is SHELVED_OFFLOADED gets no multiattach volume.",
    remedy="Unshelve the server first: {novasim} unshelve {server}",
)
def not_multiattach_while_offloaded(server: Server, volume: Volume | None) -> Iterator[NovaFault]:
    if volume and volume.multiattach and server.vm_state == states.SHELVED_OFFLOADED:
        yield BadRequest(reason="Attaching multiattach volumes is not supported for shelved-offloaded instances.")


def _is_checked_first(server: Server, minor: int) -> bool:
    """
    Whether the device and the reservation of a volume are checked before the answer.

    From 2.101 on the conductor checks them afterwards: the request is accepted and has no effect. Source: microversion
    2.101; nova/conductor/manager.py, attach_volume.
    """
    return minor < 101 or server.vm_state == states.SHELVED_OFFLOADED


# Source of both: nova/compute/utils.py, get_next_device_name. Servers on no host have no limit.
@check(
    requires="Before microversion 2.101, the server has fewer disks than the option max_disk_devices_to_attach allows.",
    remedy="Detach a volume that is not needed. " + SHOW_SERVER,
    code=403,
)
def within_disk_limit(server: Server, reached_disk_limit: int | None, minor: int) -> Iterator[NovaFault]:
    if reached_disk_limit is not None and _is_checked_first(server, minor):
        yield Forbidden(reason=describe_too_many_disks(reached_disk_limit))


@check(
    requires="Before microversion 2.101, no disk of the server has the device name.",
    remedy="Leave out the device name, and the next free one is used. " + SHOW_SERVER,
    code=409,
)
def device_is_free(server: Server, used_device: str | None, minor: int) -> Iterator[NovaFault]:
    if used_device is not None and _is_checked_first(server, minor):
        yield Conflict(reason=f"The supplied device path ({used_device}) is in use.")


@check(
    requires="The volume is available, or it is a multiattach volume in use (from microversion 2.60). From "
    "microversion 2.101 on, this is checked after the answer.",
    remedy="Choose an available volume: {novasim} volume list",
)
def volume_can_be_reserved(server: Server, volume: Volume | None, minor: int) -> Iterator[NovaFault]:
    if volume and _is_checked_first(server, minor):
        yield from reservation_refusals(volume, minor)


# --- detach ----------------------------------------------------------------------------------------------------------


@check(requires="The volume is attached to the server.", remedy=SHOW_SERVER, code=404)
def volume_is_attached(server: Server, missing_volume: str | None) -> Iterator[NovaFault]:
    if missing_volume is not None:
        yield NotFound(reason=f"Instance {server.id} is not attached to volume {missing_volume}")


@check(
    requires="The server does not boot from the volume.",
    remedy="A server cannot lose its boot volume. To see its other volumes: {novasim} show {server}",
)
def volume_is_not_root(is_root_volume: bool) -> Iterator[NovaFault]:
    if is_root_volume:
        yield BadRequest(reason="Cannot detach a root device volume")


# Source: Cinder, begin_detaching. Nova does not call Cinder for a server without a host.
@check(
    requires="The volume is in-use, if the server is on a host.",
    remedy=CORRECT_STATUS,
)
def volume_is_in_use(server: Server, volume: Volume | None) -> Iterator[NovaFault]:
    if volume and server.vm_state != states.SHELVED_OFFLOADED:
        yield from detachment_refusals(volume)


# --- swap ------------------------------------------------------------------------------------------------------------

OTHER_VOLUME = "Choose an available volume that is large enough: {novasim} volume list"


# Source: nova/api/openstack/compute/volume_attachments.py, _update_volume_swap.
@check(
    requires="The volume service is migrating the volume, or has tried to.",
    remedy="Only the volume service may replace a volume. Otherwise detach it and attach the other one: "
    "{novasim} detach-volume {server} VOLUME",
    code=409,
)
def volume_is_migrating(volume: Volume | None) -> Iterator[NovaFault]:
    if volume and not volume.migration_status:
        yield Conflict(reason=f"volume {volume.id} is not migrating; this API should only be called by Cinder")


@check(requires="The new volume exists and is visible to the caller.", remedy=LIST_VOLUMES)
def new_volume_exists(new_volume_ref: str | None, new_volume: Volume | None) -> Iterator[NovaFault]:
    if new_volume_ref is not None and new_volume is None:
        yield BadRequest(reason=f"Volume {new_volume_ref} could not be found.")


# Source of the others: nova/compute/api.py, swap_volume.
@check(requires="The volume to replace is attached to the server.", remedy=SHOW_SERVER)
def old_volume_is_attached(server: Server, volume: Volume | None) -> Iterator[NovaFault]:
    if volume and server.id not in [entry["server_id"] for entry in volume.attachments]:
        yield BadRequest(reason="Invalid volume: Old volume is attached to a different instance.")


@check(requires="The new volume is not attached.", remedy=OTHER_VOLUME)
def new_volume_is_detached(new_volume: Volume | None) -> Iterator[NovaFault]:
    if new_volume and new_volume.attachments:
        yield BadRequest(reason="Invalid volume: New volume must be detached in order to swap.")


@check(requires="The new volume is at least as large as the old one.", remedy=OTHER_VOLUME)
def new_volume_is_large_enough(volume: Volume | None, new_volume: Volume | None) -> Iterator[NovaFault]:
    if volume and new_volume and new_volume.size < volume.size:
        yield BadRequest(reason="Invalid volume: New volume must be the same size or larger.")


@check(requires="The volume to replace is attached to no other server.", remedy=SHOW_SERVER)
def volume_has_one_attachment(volume: Volume | None) -> Iterator[NovaFault]:
    if volume and len(volume.attachments) > 1:
        yield BadRequest(
            reason="Swapping multi-attach volumes with more than one read/write attachment is not supported."
        )


@check(requires="No server has the new volume.", remedy=OTHER_VOLUME)
def new_volume_is_unused(
    server: Server, new_volume: Volume | None, new_volume_users: tuple[str, ...]
) -> Iterator[NovaFault]:
    yield from _usage_refusals(server, new_volume, new_volume_users)


@check(requires="The new volume is available.", remedy=OTHER_VOLUME)
def new_volume_can_be_reserved(new_volume: Volume | None) -> Iterator[NovaFault]:
    if new_volume:
        yield from availability_refusals(new_volume, "Invalid volume: Invalid input received: Invalid volume: ")


# --- snapshots that the volume service asks for ---------------------------------------------------------------------


def assisted_snapshot_refusals(server: Server, action: str, merges: bool = False) -> Iterator[NovaFault]:
    """
    Yield why the host cannot create or delete a snapshot of an attached volume.

    Args:
        action: Nova's name of it in refusals. merges: whether a snapshot between two others is deleted.

    Source: nova/compute/api.py, volume_snapshot_create and volume_snapshot_delete.
    """
    if server.host is None:
        yield BadRequest(reason=f"Instance {server.id} is not ready")
    if server.task_state is not None:
        yield _invalid_state(server, "task_state", server.task_state, action)
    if server.launched_at is None:
        yield _invalid_state(server, None, server.vm_state, action)
    if merges and server.vm_state != states.ACTIVE:
        yield _invalid_state(server, "vm_state", server.vm_state, action.removeprefix("do_"))


def _invalid_state(server: Server, attr: str | None, state: str, action: str) -> BadRequest:
    return BadRequest(
        reason=f"Instance {server.id} in {attr} {state}. Cannot {action} while the instance is in this state."
    )


# --- rescue and rebuild ----------------------------------------------------------------------------------------------


def volumes_are_in_use(fault: type[NovaFault]) -> Check:
    """The check that every volume of the server is in-use; *fault* refuses. Source: Nova, _check_volume_status."""

    @check(
        requires="Every attached volume is in-use.",
        remedy=CORRECT_STATUS,
        code=fault.http,
    )
    def volumes_are_in_use(attached_volumes: tuple[Volume, ...]) -> Iterator[NovaFault]:
        for volume in attached_volumes:
            if volume.status != "in-use":
                yield fault(
                    reason=f"Invalid volume: volume '{volume.id}' status must be 'in-use'. "
                    f"Currently in '{volume.status}' status"
                )

    return volumes_are_in_use
