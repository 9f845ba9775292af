"""The checks of actions that attach, detach or need volumes."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, Conflict, NotFound, NovaFault, WrongState
from novasim.lifecycle import states
from novasim.lifecycle.check import Check, check
from novasim.lifecycle.volumes import reservation_refusals
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
    if volume is None:
        return
    if volume_users and not volume.multiattach:
        users = " ".join(volume_users)
        yield BadRequest(reason=f"Invalid volume: volume {volume.id} is already attached to instances: {users}")
    elif server.id in volume_users:
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


# Source: nova/compute/utils.py, get_next_device_name.
@check(
    requires="No disk of the server has the device name.",
    remedy="Leave out the device name, and the next free one is used. " + SHOW_SERVER,
    code=409,
)
def device_is_free(used_device: str | None) -> Iterator[NovaFault]:
    if used_device is not None:
        yield Conflict(reason=f"The supplied device path ({used_device}) is in use.")


@check(
    requires="The volume is available, or it is a multiattach volume in use (from microversion 2.60).",
    remedy="Choose an available volume: {novasim} volume list",
)
def volume_can_be_reserved(volume: Volume | None, minor: int) -> Iterator[NovaFault]:
    if volume:
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
    if volume is None or server.vm_state == states.SHELVED_OFFLOADED:
        return
    if volume.status != "in-use" or not volume.attachments:
        yield BadRequest(
            reason="Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. "
            "Volume status must be 'in-use' and attach_status must be 'attached' to detach."
        )


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
