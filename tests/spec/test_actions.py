"""The actions as Nova's API reference and the recorded matrices have them: copied by hand, never from the table."""

from __future__ import annotations

import pytest

from novasim.errors import InvalidState, Locked, NotReady, WrongState
from novasim.lifecycle.actions import ACTIONS, find_action
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import refusals
from novasim.lifecycle.states import VM_STATES
from novasim.records import Caller
from tests.spec.samples import ADMIN, OWNER, server

# action: the vm_states from which it is accepted ("any" is everywhere), what a lock does, the code of acceptance,
# the name in the log ("-" is none), the vm_state at the end ("=" is the same), the first and last microversion
SPECIFICATION = """
    create               any                                              free     202 create             active            1 104
    delete               any                                              locked   204 delete             deleted           1 104
    force-delete         any                                              locked   202 delete             deleted           1 104
    restore              soft-delete                                      invalid  202 restore            active            1 104
    start                stopped                                          locked   202 start              active            1 104
    stop                 active,error                                     locked   202 stop               stopped           1 104
    reboot               active                                           locked   202 reboot             active            1 104
    hard-reboot          active,error,paused,stopped,suspended            locked   202 reboot             active            1 104
    pause                active                                           locked   202 pause              paused            1 104
    unpause              paused                                           locked   202 unpause            active            1 104
    suspend              active                                           locked   202 suspend            suspended         1 104
    resume               suspended                                        locked   202 resume             active            1 104
    crash-dump           active,paused,rescued,resized,error              locked   202 trigger_crash_dump =                 17 104
    lock                 any                                              free     202 lock               =                 1 104
    unlock               any                                              free     202 unlock             =                 1 104
    resize               active,stopped                                   locked   202 resize             resized           1 104
    confirm-resize       resized                                          locked   204 confirmResize      active            1 104
    revert-resize        resized                                          locked   202 revertResize       active            1 104
    rebuild              active,stopped,error                             locked   202 rebuild            active            1 104
    rescue               active,stopped,error                             locked   200 rescue             rescued           1 104
    unrescue             rescued                                          locked   202 unrescue           active            1 104
    shelve               active,stopped,paused,suspended                  locked   202 shelve             shelved_offloaded 1 104
    shelve-offload       shelved                                          locked   202 shelveOffload      shelved_offloaded 1 104
    unshelve             shelved,shelved_offloaded                        locked   202 unshelve           active            1 104
    change-password      active                                           invalid  202 changePassword     =                 1 104
    create-image         active,stopped,paused,suspended                  free     202 createImage        =                 1 104
    create-backup        active,stopped,paused,suspended                  free     202 createBackup       =                 1 104
    console-log          any                                              free     200 -                  =                 1 104
    console-url          any                                              free     200 -                  =                 6 104
    console-url-vnc      any                                              free     200 -                  =                 1 5
    console-url-spice    any                                              free     200 -                  =                 1 5
    console-url-rdp      any                                              free     200 -                  =                 1 5
    console-url-serial   any                                              free     200 -                  =                 1 5
    diagnostics          any                                              free     200 -                  =                 1 104
    migrate              active,stopped                                   free     202 migrate            resized           1 104
    live-migrate         active,paused                                    free     202 live-migration     =                 1 104
    evacuate             active,stopped,error                             free     200 evacuate           active            1 104
    reset-state          any                                              free     202 resetState         error             1 104
    inject-network-info  any                                              free     202 -                  =                 1 104
    reset-network        any                                              free     410 -                  =                 1 104
    add-floating-ip      any                                              free     202 -                  =                 1 43
    remove-floating-ip   any                                              free     202 -                  =                 1 43
    add-fixed-ip         any                                              locked   202 -                  =                 1 43
    remove-fixed-ip      any                                              locked   202 -                  =                 1 43
    add-security-group   any                                              free     202 -                  =                 1 104
    remove-security-group any                                             free     202 -                  =                 1 104
    set                  any                                              free     200 -                  =                 1 104
    metadata-create      active,stopped,paused,suspended                  locked   200 -                  =                 1 104
    metadata-replace     active,stopped,paused,suspended                  locked   200 -                  =                 1 104
    metadata-set-item    active,stopped,paused,suspended                  locked   200 -                  =                 1 104
    metadata-delete-item active,stopped,paused,suspended                  locked   204 -                  =                 1 104
    tag-add              active,stopped,paused,suspended                  free     201 -                  =                 26 104
    tag-replace          active,stopped,paused,suspended                  free     200 -                  =                 26 104
    tag-delete           active,stopped,paused,suspended                  free     204 -                  =                 26 104
    tag-delete-all       active,stopped,paused,suspended                  free     204 -                  =                 26 104
    attach-volume        active,paused,resized,shelved,shelved_offloaded,soft-delete,stopped locked 200 attach_volume = 1 104
    detach-volume        active,paused,resized,shelved,shelved_offloaded,soft-delete,stopped locked 202 detach_volume = 1 104
    attach-port          active,paused,stopped                            locked   200 attach_interface   =                 1 104
    detach-port          active,paused,stopped                            locked   202 detach_interface   =                 1 104
"""  # noqa: E501
ROWS = [line.split() for line in SPECIFICATION.strip().splitlines()]
NEEDS_A_HOST = {
    "start",
    "stop",
    "crash-dump",
    "console-log",
    "console-url",
    "diagnostics",
    "inject-network-info",
    "add-fixed-ip",
    "remove-fixed-ip",
    "console-url-vnc",
    "console-url-spice",
    "console-url-rdp",
    "console-url-serial",
}
NEVER_RUN_WILL_DO = {
    "create",
    "delete",
    "force-delete",
    "set",
    "lock",
    "unlock",
    "reset-state",
    "reset-network",
    "tag-add",
    "tag-replace",
    "tag-delete",
    "tag-delete-all",
    "add-floating-ip",
    "remove-floating-ip",
    "add-security-group",
    "remove-security-group",
    *NEEDS_A_HOST,
}
TASK_WILL_DO = {
    "hard-reboot",
    "evacuate",
    "delete",
    "force-delete",
    "set",
    "lock",
    "unlock",
    "reset-state",
    "create",
    "reset-network",
    "add-floating-ip",
    "remove-floating-ip",
    "add-security-group",
    "remove-security-group",
    *(NEEDS_A_HOST - {"start", "stop", "crash-dump"}),
    *(name for name, *_ in ROWS if name.startswith(("metadata-", "tag-"))),
}


def refused(name: str, caller: Caller = OWNER, **fields: object) -> list[type[Exception]]:
    """What stands against an action, for a server in this condition."""
    return [type(fault) for fault in refusals(ACTIONS[name], server(**fields), caller, Facts(minor=104))]


def accepted(name: str, states: str) -> str:
    """A vm_state from which the action is accepted."""
    return "active" if states == "any" else states.split(",")[0]


@pytest.mark.parametrize(("name", "states"), [row[:2] for row in ROWS])
def test_it_is_accepted_in_exactly_the_documented_states(name, states):
    allowed = VM_STATES if states == "any" else set(states.split(","))
    found = {state for state in VM_STATES if WrongState not in refused(name, vm_state=state)}
    assert found == set(allowed)


@pytest.mark.parametrize(("name", "states", "lock"), [row[:3] for row in ROWS])
def test_a_lock_stops_what_it_should_and_never_an_administrator(name, states, lock):
    expected = {"locked": [Locked], "invalid": [InvalidState], "free": []}[lock]
    state = accepted(name, states)
    assert refused(name, vm_state=state, locked_by="owner") == expected
    assert refused(name, ADMIN, vm_state=state, locked_by="admin") == []


@pytest.mark.parametrize(("name", "states"), [row[:2] for row in ROWS])
def test_a_server_on_no_host(name, states):
    found = refused(name, vm_state=accepted(name, states), host=None)
    assert found == ([NotReady] if name in NEEDS_A_HOST else [])


@pytest.mark.parametrize(("name", "states"), [row[:2] for row in ROWS])
def test_a_server_that_never_ran(name, states):
    found = refused(name, vm_state=accepted(name, states), launched_at=None)
    missing = name not in NEVER_RUN_WILL_DO or name in {"start", "stop", "crash-dump"}
    assert found == ([InvalidState] if missing else [])


def test_a_wrong_state_says_enough_of_a_server_that_never_ran():
    assert refused("start", vm_state="active", launched_at=None) == [WrongState]
    assert refused("start", vm_state="stopped", task_state="rebooting", launched_at=None) == [WrongState]


@pytest.mark.parametrize(("name", "states"), [row[:2] for row in ROWS])
def test_a_server_that_is_busy(name, states):
    found = refused(name, vm_state=accepted(name, states), task_state="rebooting")
    assert found == ([] if name in TASK_WILL_DO else [WrongState])


@pytest.mark.parametrize(("name", "states", "lock", "code", "recorded", "ends", "since", "until"), ROWS)
def test_codes_log_ends_and_microversions(name, states, lock, code, recorded, ends, since, until):
    row = ACTIONS[name]
    assert (row.code, row.log_name or "-", row.ends or "=") == (int(code), recorded, ends)
    assert (row.lock or "free") == lock
    assert [minor for minor in range(1, 105) if row.exists_at(minor)] == list(range(int(since), int(until) + 1))


ENDS_BY_BEGINNING = [
    ("delete", "active", {"deleted", "soft-delete"}),
    ("force-delete", "soft-delete", {"deleted"}),
    ("rebuild", "active", {"active"}),
    ("rebuild", "stopped", {"stopped"}),
    ("rebuild", "error", {"active"}),
    ("confirm-resize", "resized", {"active", "stopped"}),
    ("revert-resize", "resized", {"active", "stopped"}),
    ("shelve", "paused", {"shelved", "shelved_offloaded"}),
    ("unshelve", "shelved", {"active"}),
    ("evacuate", "active", {"active", "stopped"}),
    ("evacuate", "stopped", {"stopped"}),
    ("evacuate", "error", {"active"}),
    ("reset-state", "paused", {"active", "error"}),
    ("live-migrate", "paused", {"paused"}),
    ("lock", "suspended", {"suspended"}),
]


@pytest.mark.parametrize(("name", "begins", "ends"), ENDS_BY_BEGINNING)
def test_where_it_ends_can_depend_on_where_it_began(name, begins, ends):
    assert set(ACTIONS[name].end_states(begins)) == ends


def test_no_action_is_left_out():
    assert set(ACTIONS) == {name for name, *_ in ROWS}


@pytest.mark.parametrize(
    ("kind", "name"), [("SOFT", "reboot"), ("soft", "reboot"), ("HARD", "hard-reboot"), ("Hard", "hard-reboot")]
)
def test_the_type_of_a_reboot_chooses_its_row(kind, name):
    assert find_action("reboot", {"type": kind}).name == name


@pytest.mark.parametrize(
    "task", "pausing reboot_pending reboot_started rebooting rebooting_hard resuming suspending unpausing".split()
)
def test_a_hard_reboot_ends_what_hangs(task):
    assert refused("hard-reboot", task_state=task) == []


@pytest.mark.parametrize("task", ["reboot_pending_hard", "reboot_started_hard", "deleting", "resize_prep", "spawning"])
def test_a_hard_reboot_does_not_end_everything(task):
    assert refused("hard-reboot", task_state=task) == [WrongState]


def test_consoles_are_closed_while_a_server_moves_or_goes():
    assert (
        refused("console-url", task_state="migrating") == refused("console-url", task_state="deleting") == [WrongState]
    )


@pytest.mark.parametrize(
    ("locked_by", "caller", "may"),
    [
        ("owner", OWNER, True),
        ("admin", OWNER, False),
        ("owner", ADMIN, True),
        ("admin", ADMIN, True),
    ],
)
def test_who_may_undo_which_lock(locked_by, caller, may):
    facts = Facts(minor=104, allowed=lambda rule: caller.is_admin)
    found = list(refusals(ACTIONS["unlock"], server(locked_by=locked_by), caller, facts))
    assert (not found) == may


@pytest.mark.parametrize(
    ("name", "arguments", "minor", "rule"),
    [
        ("migrate", None, 96, "os_compute_api:os-migrate-server:migrate"),
        ("migrate", {"host": "h"}, 55, "os_compute_api:os-migrate-server:migrate"),
        ("migrate", {"host": "h"}, 56, "os_compute_api:os-migrate-server:migrate:host"),
        ("live-migrate", {"host": None}, 96, "os_compute_api:os-migrate-server:migrate_live"),
        ("live-migrate", {"host": "h"}, 1, "os_compute_api:os-migrate-server:migrate_live:host"),
    ],
)
def test_naming_a_host_takes_another_right(name, arguments, minor, rule):
    assert ACTIONS[name].rule_for(arguments, minor) == rule


@pytest.mark.parametrize(
    ("name", "task", "is_it"),
    [
        ("resize", "resize_prep", True),
        ("resize", "resize_reverting", False),
        ("delete", "soft-deleting", True),
        ("rebuild", "powering-off", True),
        ("confirm-resize", None, False),
    ],
)
def test_what_may_be_behind_a_task_state(name, task, is_it):
    assert ACTIONS[name].may_show(task) is is_it


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("resize", True),
        ("suspend", True),
        ("stop", False),
        ("create-image", False),
    ],
)
def test_which_failures_change_the_state(name, changes):
    assert ACTIONS[name].may_fail is changes
