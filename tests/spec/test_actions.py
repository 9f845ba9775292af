"""The actions according to Nova's API reference and the recorded matrices: copied by hand, never from the table."""

from __future__ import annotations

import pytest

from novasim.errors import InvalidState, Locked, NotReady, WrongState
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import refusals
from novasim.lifecycle.states import VM_STATES
from novasim.records import Caller
from tests import each_case
from tests.spec.samples import ADMIN, OWNER, server

# action, vm_states that accept it ("any": all), refusal by a lock, code of acceptance, name in the log ("-": none),
# vm_state at the end ("=": unchanged), first and last microversion
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
    migrate              active,stopped                                   locked   202 migrate            resized           1 104
    live-migrate         active,paused                                    locked   202 live-migration     =                 1 104
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
    swap-volume          active,paused,resized                            locked   202 swap_volume        =                 1 104
    attach-port          active,paused,stopped                            locked   200 attach_interface   =                 1 104
    detach-port          active,paused,stopped                            locked   202 detach_interface   =                 1 104
"""  # noqa: E501
ROWS = [line.split() for line in SPECIFICATION.strip().splitlines()]
NEED_HOST = {
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
ALLOW_NEVER_RUN = {
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
    *NEED_HOST,
}
ALLOW_TASK = {
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
    *(NEED_HOST - {"start", "stop", "crash-dump"}),
    *(name for name, *_ in ROWS if name.startswith(("metadata-", "tag-"))),
}


def refusal_types(name: str, caller: Caller = OWNER, **fields: object) -> list[type[Exception]]:
    """The types of the refusals of an action on a server with these fields."""
    return [type(fault) for fault in refusals(ACTIONS[name], server(**fields), caller, Facts(minor=104))]


def accepted_state(name: str, states: str) -> str:
    """A vm_state from which the action is accepted."""
    return "active" if states == "any" else states.split(",")[0]


@each_case(("name", "states"), [row[:2] for row in ROWS])
def test_actions_are_accepted_in_exactly_the_documented_states(name, states):
    allowed = VM_STATES if states == "any" else set(states.split(","))
    found = {state for state in VM_STATES if WrongState not in refusal_types(name, vm_state=state)}
    assert found == set(allowed)


@each_case(("name", "states", "lock"), [row[:3] for row in ROWS])
def test_a_lock_blocks_the_documented_actions_except_for_administrators(name, states, lock):
    expected = {"locked": [Locked], "invalid": [InvalidState], "free": []}[lock]
    state = accepted_state(name, states)
    assert refusal_types(name, vm_state=state, locked_by="owner") == expected
    assert refusal_types(name, ADMIN, vm_state=state, locked_by="admin") == []


@each_case(("name", "states"), [row[:2] for row in ROWS])
def test_a_server_on_no_host_is_refused_where_a_host_is_needed(name, states):
    found = refusal_types(name, vm_state=accepted_state(name, states), host=None)
    assert found == ([NotReady] if name in {*NEED_HOST, "resize", "migrate"} else [])


@each_case(("name", "states"), [row[:2] for row in ROWS])
def test_a_server_that_never_ran_is_refused_where_it_must_have_launched(name, states):
    found = refusal_types(name, vm_state=accepted_state(name, states), launched_at=None)
    missing = name not in ALLOW_NEVER_RUN or name in {"start", "stop", "crash-dump"}
    assert found == ([InvalidState] if missing else [])


def test_a_wrong_state_hides_that_a_server_never_ran():
    assert refusal_types("start", vm_state="active", launched_at=None) == [WrongState]
    assert refusal_types("start", vm_state="stopped", task_state="rebooting", launched_at=None) == [WrongState]


@each_case(("name", "states"), [row[:2] for row in ROWS])
def test_a_running_task_blocks_the_documented_actions(name, states):
    found = refusal_types(name, vm_state=accepted_state(name, states), task_state="rebooting")
    assert found == ([] if name in ALLOW_TASK else [WrongState])


@each_case(("name", "states", "lock", "code", "recorded", "ends", "since", "until"), ROWS)
def test_codes_log_names_ends_and_microversions(name, states, lock, code, recorded, ends, since, until):
    row = ACTIONS[name]
    assert (row.success_code, row.log_name or "-", row.ends or "=") == (int(code), recorded, ends)
    assert (row.lock or "free") == lock
    assert [minor for minor in range(1, 105) if row.exists_at(minor)] == list(range(int(since), int(until) + 1))


def test_every_action_is_specified():
    assert set(ACTIONS) == {name for name, *_ in ROWS}


@pytest.mark.parametrize(
    "task", "pausing reboot_pending reboot_started rebooting rebooting_hard resuming suspending unpausing".split()
)
def test_a_hard_reboot_is_accepted_during_tasks_that_may_be_stuck(task):
    assert refusal_types("hard-reboot", task_state=task) == []


@pytest.mark.parametrize("task", ["reboot_pending_hard", "reboot_started_hard", "deleting", "resize_prep", "spawning"])
def test_a_hard_reboot_is_refused_during_other_tasks(task):
    assert refusal_types("hard-reboot", task_state=task) == [WrongState]


def test_consoles_are_refused_during_migration_and_deletion():
    assert (
        refusal_types("console-url", task_state="migrating")
        == refusal_types("console-url", task_state="deleting")
        == [WrongState]
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
def test_who_may_unlock(locked_by, caller, may):
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
def test_naming_a_host_requires_another_rule(name, arguments, minor, rule):
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
def test_which_task_states_an_action_may_show(name, task, is_it):
    assert ACTIONS[name].may_show(task) is is_it
