"""Paths from one state to another, from the documents about server states, never from the table."""

from __future__ import annotations

from novasim.lifecycle import plan
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import (
    PlanContext,
    PlanState,
    accepted_vm_states,
    is_accepted,
    is_idle_in,
    plan_state,
    shortest_path,
)
from tests import each_case
from tests.spec.samples import OWNER, server

FOR_ADMINISTRATORS = {"migrate", "live-migrate", "evacuate", "reset-state", "shelve-offload"}


def member(action) -> bool:
    return action.name not in FOR_ADMINISTRATORS


def any_action(action) -> bool:
    return True


def path_to(start: PlanState, goal: str, may=member, **context: bool) -> str | None:
    """The actions of the path to a vm_state without a task, "wait" for a step without one; None if there is no path."""
    found = shortest_path(start, lambda state: is_idle_in(state, goal), PlanContext(may, **context))
    return None if found is None else " ".join(step.action.name if step.action else "wait" for step in found)


PATHS = """
    active            active             |
    active            stopped            | stop
    active            resized            | resize
    active            shelved_offloaded  | shelve
    active            rescued            | rescue
    active            deleted            | delete
    paused            stopped            | unpause stop
    paused            active             | unpause
    suspended         paused             | resume pause
    suspended         rescued            | resume rescue
    stopped           suspended          | start suspend
    stopped           shelved_offloaded  | shelve
    rescued           stopped            | unrescue stop
    rescued           paused             | unrescue pause
    resized           active             | confirm-resize
    resized           stopped            | confirm-resize stop
    shelved           paused             | unshelve pause
    shelved_offloaded stopped            | unshelve stop
    soft-delete       active             | restore
    soft-delete       stopped            | restore stop
    error             active             | hard-reboot
    error             stopped            | stop
    error             rescued            | rescue
"""


@each_case(("line"), PATHS.strip().splitlines())
def test_the_shortest_path_prefers_gentle_actions(line):
    states, _, actions = line.partition("|")
    start, goal = states.split()
    assert path_to(PlanState(start, off=start == "stopped"), goal) == actions.strip()


def test_no_path_leaves_deleted_or_reaches_building():
    assert path_to(PlanState("deleted"), "active", any_action) is None
    assert path_to(PlanState("active"), "building", any_action) is None
    assert path_to(PlanState("active"), "soft-delete") is None


def test_soft_delete_is_reached_if_the_option_is_set():
    assert path_to(PlanState("active"), "soft-delete", soft_deletes=True) == "delete"
    for state in (
        PlanState("error", launched=False),
        PlanState("error", on_host=False),
        PlanState("active", host_down=True),
    ):
        assert path_to(state, "deleted", soft_deletes=True) == "delete"
    assert path_to(PlanState("active"), "deleted", soft_deletes=True) == "force-delete"


def test_shelving_offloads_at_once_or_keeps_the_host():
    assert path_to(PlanState("active"), "shelved") is None
    assert path_to(PlanState("active"), "shelved", offloads=False) == "shelve"
    assert path_to(PlanState("active"), "shelved_offloaded", offloads=False) is None
    assert path_to(PlanState("active"), "shelved_offloaded", any_action, offloads=False) == "shelve shelve-offload"


def test_a_guest_that_was_off_before_a_resize_is_off_afterwards():
    assert path_to(PlanState("resized", off=True), "stopped") == "confirm-resize"
    assert path_to(PlanState("resized", off=True), "active") == "confirm-resize start"
    assert path_to(PlanState("stopped", off=True), "resized") == "resize"


def test_a_path_waits_for_the_running_task():
    assert path_to(PlanState("active", "powering-off", "stopped"), "stopped") == "wait"
    assert path_to(PlanState("active", "powering-off", "stopped"), "active") == "wait start"
    assert path_to(PlanState("active", "shelving", "shelved_offloaded"), "stopped") == "wait unshelve stop"


def test_a_path_interrupts_a_task_that_never_ends():
    assert path_to(PlanState("active", "rebooting"), "active") == "hard-reboot"
    assert path_to(PlanState("active", "image_uploading"), "active", any_action) == "reset-state"
    assert path_to(PlanState("active", "image_uploading"), "active") is None


def test_a_path_unlocks_first_and_only_if_it_has_to():
    assert path_to(PlanState("active", locked=True), "stopped") == "unlock stop"
    assert path_to(PlanState("active", locked=True), "active") == ""
    assert path_to(PlanState("active", "powering-off", "stopped", locked=True), "stopped") == "wait"
    assert path_to(PlanState("paused", locked=True), "stopped") == "unlock unpause stop"


def test_only_evacuation_leaves_a_host_that_is_down():
    assert path_to(PlanState("active", host_down=True), "stopped") is None
    assert path_to(PlanState("active", host_down=True), "stopped", any_action) == "evacuate"
    assert path_to(PlanState("active", host_down=True), "paused", any_action) == "evacuate start pause"
    assert path_to(PlanState("stopped", off=True, host_down=True), "active", any_action) == "evacuate start"
    assert path_to(PlanState("active"), "stopped", any_action) == "stop"


def test_a_server_on_no_host_gets_one_first():
    assert path_to(PlanState("stopped", on_host=False, off=True), "active") != "start"
    assert path_to(PlanState("error", on_host=False), "active") == "rebuild"  # a hard reboot would never start
    assert path_to(PlanState("shelved_offloaded", on_host=False), "stopped") == "unshelve stop"


def test_a_server_that_never_ran_can_only_be_deleted():
    assert path_to(PlanState("error", launched=False), "deleted") == "delete"
    assert path_to(PlanState("error", launched=False), "active") is None


def test_reset_state_is_the_last_resort():
    assert path_to(PlanState("error"), "active", any_action) == "hard-reboot"
    assert path_to(PlanState("rescued"), "error", any_action) == "reset-state"


def test_a_step_has_its_end_state():
    steps = shortest_path(PlanState("paused"), lambda state: state.vm_state == "stopped", PlanContext(member))
    assert [(step.action.name, step.end) for step in steps] == [("unpause", "active"), ("stop", "stopped")]
    waiting = shortest_path(
        PlanState("active", "pausing", "paused"), lambda state: state.task_state is None, PlanContext(member)
    )
    assert [(step.action, step.end) for step in waiting] == [(None, "paused")]


@each_case(
    ("fields", "state"),
    [
        ({}, PlanState("active")),
        ({"task_state": "pausing"}, PlanState("active", "pausing")),
        ({"locked_by": "owner"}, PlanState("active", locked=True)),
        ({"host": None}, PlanState("active", on_host=False)),
        ({"launched_at": None}, PlanState("active", launched=False)),
        ({"vm_state": "stopped"}, PlanState("stopped", off=True)),
        ({"vm_state": "resized", "old_vm_state": "stopped"}, PlanState("resized", off=True)),
        ({"vm_state": "resized", "power_state": 4}, PlanState("resized", off=True)),
        ({"vm_state": "resized", "old_vm_state": "active"}, PlanState("resized")),
        ({"vm_state": "paused", "power_state": 4}, PlanState("paused")),
    ],
)
def test_the_plan_state_of_a_server(fields, state):
    assert plan_state(server(**fields), OWNER) == state
    assert plan_state(server(**fields), OWNER, "active", True) == state._replace(becomes="active", host_down=True)


@each_case(
    ("action", "state", "accepted"),
    [
        ("stop", PlanState("active"), True),
        ("stop", PlanState("paused"), False),
        ("stop", PlanState("active", "pausing"), False),
        ("stop", PlanState("active", locked=True), False),
        ("lock", PlanState("active", locked=True), True),
        ("stop", PlanState("active", on_host=False), False),
        ("pause", PlanState("active", on_host=False), True),
        ("pause", PlanState("active", launched=False), False),
        ("delete", PlanState("active", launched=False), True),
        ("resize", PlanState("active", host_down=True), False),
        ("resize", PlanState("active"), True),
        ("evacuate", PlanState("active", host_down=True), True),
        ("evacuate", PlanState("active"), False),
    ],
)
def test_which_states_accept_an_action(action, state, accepted):
    assert is_accepted(ACTIONS[action], state) is accepted


def test_gentle_actions_are_preferred_to_rough_ones():
    assert path_to(PlanState("paused"), "active") == "unpause"  # not a hard reboot
    assert path_to(PlanState("active"), "resized", any_action) == "resize"  # no migration of an administrator's
    assert path_to(PlanState("resized"), "active") == "confirm-resize"  # what was asked for is not taken back
    assert path_to(PlanState("stopped", off=True), "rescued") == "rescue"
    assert path_to(PlanState("error"), "active", lambda row: row.name in ("rebuild", "hard-reboot")) == "hard-reboot"


def test_idle():
    assert is_idle_in(PlanState("active"), "active")
    assert not is_idle_in(PlanState("active", "pausing"), "active")
    assert not is_idle_in(PlanState("paused"), "active")


def test_the_vm_states_that_accept_an_action():
    assert accepted_vm_states(ACTIONS["rebuild"]) == ["active", "error", "stopped"]
    assert accepted_vm_states(ACTIONS["lock"]) == []


def test_which_actions_a_vm_state_or_task_state_accepts():
    always = {row.name for row in plan.actions_accepted_in("deleted")}
    assert {"delete", "lock", "reset-state"} <= always
    assert not {"create", "reset-network", "stop", "start"} & always
    assert {"unpause", "shelve", "hard-reboot"} <= {row.name for row in plan.actions_accepted_in("paused")} - always
    during = {row.name for row in plan.actions_accepted_during("pausing")}
    assert {"delete", "hard-reboot", "lock"} <= during
    assert not {"create", "stop", "reboot"} & during
    assert len(during) < len(ACTIONS) - 20


def path_until(start: PlanState, is_goal, may=any_action) -> str:
    """The actions of the path to a goal."""
    return " ".join(
        step.action.name if step.action else "wait" for step in shortest_path(start, is_goal, PlanContext(may))
    )


def test_a_guest_stays_off_through_a_resize():
    assert (
        path_until(PlanState("stopped", off=True), lambda state: state.vm_state == "resized" and state.off) == "resize"
    )
    assert path_until(PlanState("active"), lambda state: state.vm_state == "resized" and state.off) == "stop resize"
    on = path_until(PlanState("stopped", off=True), lambda state: state.vm_state == "resized" and not state.off)
    assert on == "start resize"
    assert path_until(PlanState("active"), lambda state: state.off) == "stop"


def test_unlocking_keeps_the_running_task():
    busy = PlanState("active", "powering-off", "stopped", locked=True)
    assert path_until(busy, lambda state: not state.locked and state.task_state == "powering-off") == "unlock"
    assert path_until(busy, lambda state: not state.locked and state.becomes == "stopped") == "unlock"
    assert path_until(busy, lambda state: state.task_state is None) == "wait"
    assert path_to(PlanState("active", None, "stopped"), "stopped") == "stop"


def test_which_paths_end_on_a_host():
    assert path_until(PlanState("shelved_offloaded", on_host=False), lambda state: state.on_host) == "unshelve"
    assert path_until(PlanState("active"), lambda state: not state.on_host) == "shelve"
    assert path_until(PlanState("building", "spawning", "active", on_host=False), lambda state: state.on_host) == "wait"


def test_which_paths_launch_a_server():
    building = PlanState("building", "spawning", "active", launched=False)
    assert path_until(building, lambda state: state.launched and state.vm_state == "active") == "wait"
    failed = shortest_path(PlanState("error", launched=False), lambda state: state.launched, PlanContext(any_action))
    assert failed is None


def test_a_host_that_is_down_does_not_delay_deletion_and_reset_state():
    dead = PlanState("active", host_down=True)
    assert path_to(dead, "deleted") == "delete"
    assert path_to(dead, "error", any_action) == "reset-state"
    for_good = path_to(dead._replace(vm_state="soft-delete"), "deleted", lambda row: row.name == "force-delete")
    assert for_good == "force-delete"
