"""What blocks forcing or aborting a live migration in progress, from Nova's API reference and its source."""

from __future__ import annotations

import pytest

from novasim.errors import BadRequest, InvalidState, Locked, NotFound, WrongState
from novasim.lifecycle.live_migration import ABORT, FORCE_COMPLETE, state_refusals, status_refusals
from novasim.lifecycle.states import VM_STATES
from novasim.records import Migration
from tests import each_case
from tests.spec.samples import ADMIN, OWNER, server

NAMES = {FORCE_COMPLETE: "force_complete", ABORT: "abort live migration"}
BOTH = pytest.mark.parametrize("interruption", NAMES, ids=NAMES.values())


def states(interruption, caller=OWNER, **fields: object) -> list[tuple[type, str]]:
    """The types and texts of the refusals of a server that migrates, with other fields."""
    refusals = state_refusals(interruption, server(**{"task_state": "migrating", **fields}), caller)
    return [(type(fault), str(fault)) for fault in refusals]


def statuses(interruption, status: str | None, minor: int = 104) -> list[tuple[type, str]]:
    """The types and texts of the refusals of a migration with a status; None for one that does not exist."""
    migration = None if status is None else Migration(id="m", server_id="s", status=status)
    return [(type(fault), str(fault)) for fault in status_refusals(interruption, server(), migration, "7", minor)]


@BOTH
def test_a_running_live_migration_can_be_interrupted(interruption):
    assert states(interruption) == statuses(interruption, "running") == statuses(interruption, "running", 1) == []


def test_a_lock_blocks_owners_but_not_administrators():
    assert states(FORCE_COMPLETE, locked_by="admin") == [(Locked, "Instance s is locked")]
    words = "Instance s is in an invalid state for 'abort live migration'"
    assert states(ABORT, locked_by="admin") == [(InvalidState, words)]
    assert states(FORCE_COMPLETE, ADMIN, locked_by="owner") == states(ABORT, ADMIN, locked_by="owner") == []


@each_case("vm_state", sorted(VM_STATES))
def test_only_an_active_server_is_forced(vm_state):
    words = f"Cannot 'force_complete' instance s while it is in vm_state {vm_state}"
    assert states(FORCE_COMPLETE, vm_state=vm_state) == ([] if vm_state == "active" else [(WrongState, words)])
    assert states(ABORT, vm_state=vm_state) == []


@BOTH
def test_the_server_has_to_migrate(interruption):
    name = NAMES[interruption]
    assert states(interruption, task_state=None) == [
        (InvalidState, f"Instance s is in an invalid state for '{name}'"),
    ]
    assert states(interruption, task_state="pausing") == [
        (WrongState, f"Cannot '{name}' instance s while it is in task_state pausing"),
    ]


@pytest.mark.parametrize(("interruption", "error"), [(FORCE_COMPLETE, BadRequest), (ABORT, NotFound)])
def test_the_migration_has_to_exist(interruption, error):
    assert statuses(interruption, None) == [(error, "Migration 7 not found for instance s")]


@pytest.mark.parametrize("status", ["queued", "preparing"])
@pytest.mark.parametrize(("minor", "allowed"), [(64, False), (65, True), (66, True)])
def test_a_queued_migration_can_be_aborted_from_2_65(status, minor, allowed):
    words = (
        f"Migration 7 state of instance s is {status}. "
        "Cannot abort live migration while the migration is in this state."
    )
    assert statuses(ABORT, status, minor) == ([] if allowed else [(BadRequest, words)])


@pytest.mark.parametrize("status", ["queued", "preparing", "completed", "error"])
def test_only_a_running_migration_is_forced(status):
    words = f"Migration 7 state of instance s is {status}. Cannot force complete while the migration is in this state."
    assert statuses(FORCE_COMPLETE, status) == [(BadRequest, words)]


@pytest.mark.parametrize("status", ["completed", "error", "cancelled"])
def test_a_migration_that_has_ended_cannot_be_aborted(status):
    assert [kind for kind, _ in statuses(ABORT, status)] == [BadRequest]
