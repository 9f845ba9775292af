"""
What can be done to a live migration in progress.

Source: nova/compute/api.py live_migrate_force_complete, live_migrate_abort; nova/api/openstack/compute/
server_migrations.py for how their exceptions are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from novasim.errors import BadRequest, InvalidState, Locked, NotFound, NovaFault, WrongState
from novasim.lifecycle.preconditions import is_locked_for
from novasim.lifecycle.states import ACTIVE
from novasim.records import Caller, Migration, Server

MIGRATING = "migrating"


class Interruption(NamedTuple):
    """
    One request about a live migration in progress.

    Args:
        name: The name in refusals due to the server's state. method: That in refusals due to the migration's status.
        vm_states: The vm_states in which it is possible; None for all.
        statuses: The statuses of the migration in which it is possible.
        queued_since: The first microversion (2.N, as N) in which QUEUED are possible, too; None if they never are.
        unknown: The error for a migration that the server does not have.
        has_own_lock_message: Whether the refusal of a locked server says that the server is locked.
    """

    name: str
    method: str
    vm_states: frozenset[str] | None
    unknown: type[NovaFault]
    queued_since: int | None = None
    has_own_lock_message: bool = False
    statuses: tuple[str, ...] = ("running",)


QUEUED = ("queued", "preparing")
FORCE_COMPLETE = Interruption(
    "force_complete", "force complete", frozenset({ACTIVE}), unknown=BadRequest, has_own_lock_message=True
)
ABORT = Interruption("abort live migration", "abort live migration", None, unknown=NotFound, queued_since=65)


def state_refusals(interruption: Interruption, server: Server, caller: Caller) -> Iterator[NovaFault]:
    """Yield the refusals because of the server: Locked, WrongState, InvalidState (409)."""
    if is_locked_for(server, caller):
        is_own = interruption.has_own_lock_message
        yield Locked(server=server.id) if is_own else InvalidState(server=server.id, action=interruption.name)
    if interruption.vm_states is not None and server.vm_state not in interruption.vm_states:
        yield WrongState(action=interruption.name, server=server.id, attr="vm_state", state=server.vm_state)
    if server.task_state is None:
        yield InvalidState(server=server.id, action=interruption.name)
    elif server.task_state != MIGRATING:
        yield WrongState(action=interruption.name, server=server.id, attr="task_state", state=server.task_state)


def status_refusals(
    interruption: Interruption, server: Server, migration: Migration | None, number: str, minor: int
) -> Iterator[NovaFault]:
    """Yield the refusals because of the migration: BadRequest (400), or NotFound (404) for one that does not exist."""
    if migration is None:
        yield interruption.unknown(reason=f"Migration {number} not found for instance {server.id}")
        return
    statuses = interruption.statuses
    if interruption.queued_since is not None and minor >= interruption.queued_since:
        statuses += QUEUED
    if migration.status not in statuses:
        yield BadRequest(
            reason=f"Migration {number} state of instance {server.id} is {migration.status}. "
            f"Cannot {interruption.method} while the migration is in this state."
        )
