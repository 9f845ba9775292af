"""Ways from one state to another, as the documents of the server's states have them: never read from the table."""

from __future__ import annotations

import pytest

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
from novasim.records import Caller, Server

OWNER = Caller("u", "p", ("reader", "member"))
FOR_ADMINISTRATORS = {"migrate", "live-migrate", "evacuate", "reset-state", "shelve-offload"}


def member(action) -> bool:
    return action.name not in FOR_ADMINISTRATORS


def everybody(action) -> bool:
    return True


def names(start: PlanState, goal: str, may=member, **circumstances: bool) -> str | None:
    """The actions of the way into a vm_state at rest, "wait" where there is none; None if there is no way."""
    found = shortest_path(start, lambda state: is_idle_in(state, goal), PlanContext(may, **circumstances))
    return None if found is None else " ".join(step.action.name if step.action else "wait" for step in found)


WAYS = """
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


@pytest.mark.parametrize(("line"), WAYS.strip().splitlines())
def test_the_shortest_way_gentle_actions_first(line):
    states, _, actions = line.partition("|")
    start, goal = states.split()
    assert names(PlanState(start, off=start == "stopped"), goal) == actions.strip()


def test_there_is_no_way_out_of_nothing_nor_into_a_build():
    assert names(PlanState("deleted"), "active", everybody) is None
    assert names(PlanState("active"), "building", everybody) is None
    assert names(PlanState("active"), "soft-delete") is None


def test_a_soft_deletion_is_a_place_to_go_to_where_the_cloud_has_it():
    assert names(PlanState("active"), "soft-delete", soft_deletes=True) == "delete"
    for state in (
        PlanState("error", launched=False),
        PlanState("error", on_host=False),
        PlanState("active", host_down=True),
    ):
        assert names(state, "deleted", soft_deletes=True) == "delete"
    assert names(PlanState("active"), "deleted", soft_deletes=True) == "force-delete"


def test_shelving_leaves_the_host_at_once_or_later():
    assert names(PlanState("active"), "shelved") is None
    assert names(PlanState("active"), "shelved", offloads=False) == "shelve"
    assert names(PlanState("active"), "shelved_offloaded", offloads=False) is None
    assert names(PlanState("active"), "shelved_offloaded", everybody, offloads=False) == "shelve shelve-offload"


def test_what_was_off_before_a_resize_is_off_afterwards():
    assert names(PlanState("resized", off=True), "stopped") == "confirm-resize"
    assert names(PlanState("resized", off=True), "active") == "confirm-resize start"
    assert names(PlanState("stopped", off=True), "resized") == "resize"


def test_a_running_task_is_waited_for():
    assert names(PlanState("active", "powering-off", "stopped"), "stopped") == "wait"
    assert names(PlanState("active", "powering-off", "stopped"), "active") == "wait start"
    assert names(PlanState("active", "shelving", "shelved_offloaded"), "stopped") == "wait unshelve stop"


def test_a_task_that_never_ends_is_broken_off():
    assert names(PlanState("active", "rebooting"), "active") == "hard-reboot"
    assert names(PlanState("active", "image_uploading"), "active", everybody) == "reset-state"
    assert names(PlanState("active", "image_uploading"), "active") is None


def test_a_lock_is_lifted_first_and_only_where_it_stands_in_the_way():
    assert names(PlanState("active", locked=True), "stopped") == "unlock stop"
    assert names(PlanState("active", locked=True), "active") == ""
    assert names(PlanState("active", "powering-off", "stopped", locked=True), "stopped") == "wait"
    assert names(PlanState("paused", locked=True), "stopped") == "unlock unpause stop"


def test_a_dead_host_is_left_by_evacuation_alone():
    assert names(PlanState("active", host_down=True), "stopped") is None
    assert names(PlanState("active", host_down=True), "stopped", everybody) == "evacuate"
    assert names(PlanState("active", host_down=True), "paused", everybody) == "evacuate start pause"
    assert names(PlanState("stopped", off=True, host_down=True), "active", everybody) == "evacuate start"
    assert names(PlanState("active"), "stopped", everybody) == "stop"


def test_a_server_on_no_host_has_to_get_one():
    assert names(PlanState("stopped", on_host=False, off=True), "active") != "start"
    assert names(PlanState("error", on_host=False), "active") == "hard-reboot"
    assert names(PlanState("shelved_offloaded", on_host=False), "stopped") == "unshelve stop"


def test_a_server_that_never_ran_can_only_go():
    assert names(PlanState("error", launched=False), "deleted") == "delete"
    assert names(PlanState("error", launched=False), "active") is None


def test_the_last_resort_is_the_last():
    assert names(PlanState("error"), "active", everybody) == "hard-reboot"
    assert names(PlanState("rescued"), "error", everybody) == "reset-state"


def test_a_step_knows_where_it_ends():
    steps = shortest_path(PlanState("paused"), lambda state: state.vm_state == "stopped", PlanContext(member))
    assert [(step.action.name, step.end) for step in steps] == [("unpause", "active"), ("stop", "stopped")]
    waiting = shortest_path(
        PlanState("active", "pausing", "paused"), lambda state: state.task_state is None, PlanContext(member)
    )
    assert [(step.action, step.end) for step in waiting] == [(None, "paused")]


def server(**fields: object) -> Server:
    usual = {"vm_state": "active", "task_state": None, "host": "h", "power_state": 1, "launched_at": "then"}
    return Server(id="s", name="s", project_id="p", user_id="u", created_at="", updated_at="", **{**usual, **fields})


@pytest.mark.parametrize(
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
def test_where_a_server_stands(fields, state):
    assert plan_state(server(**fields), OWNER) == state
    assert plan_state(server(**fields), OWNER, "active", True) == state._replace(becomes="active", host_down=True)


@pytest.mark.parametrize(
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
def test_what_is_accepted_where(action, state, accepted):
    assert is_accepted(ACTIONS[action], state) is accepted


def test_gentle_ways_are_preferred_to_rough_ones():
    assert names(PlanState("paused"), "active") == "unpause"  # not a hard reboot
    assert names(PlanState("active"), "resized", everybody) == "resize"  # no migration of an administrator's
    assert names(PlanState("resized"), "active") == "confirm-resize"  # what was asked for is not taken back
    assert names(PlanState("stopped", off=True), "rescued") == "rescue"
    assert names(PlanState("error"), "active", lambda row: row.name in ("rebuild", "hard-reboot")) == "hard-reboot"


def test_rest():
    assert is_idle_in(PlanState("active"), "active")
    assert not is_idle_in(PlanState("active", "pausing"), "active")
    assert not is_idle_in(PlanState("paused"), "active")


def test_what_an_action_needs():
    assert accepted_vm_states(ACTIONS["rebuild"]) == ["active", "error", "stopped"]
    assert accepted_vm_states(ACTIONS["lock"]) == []


def test_what_is_accepted_in_a_state_or_during_a_task():
    always = {row.name for row in plan.actions_accepted_in("deleted")}
    assert {"delete", "lock", "reset-state"} <= always
    assert not {"create", "reset-network", "stop", "start"} & always
    assert {"unpause", "shelve", "hard-reboot"} <= {row.name for row in plan.actions_accepted_in("paused")} - always
    during = {row.name for row in plan.actions_accepted_during("pausing")}
    assert {"delete", "hard-reboot", "lock"} <= during
    assert not {"create", "stop", "reboot"} & during
    assert len(during) < len(ACTIONS) - 20


def reaching(start: PlanState, wanted, may=everybody) -> str:
    """The actions of the way to a state that is described."""
    return " ".join(
        step.action.name if step.action else "wait" for step in shortest_path(start, wanted, PlanContext(may))
    )


def test_a_guest_stays_off_through_a_resize():
    assert reaching(PlanState("stopped", off=True), lambda state: state.vm_state == "resized" and state.off) == "resize"
    assert reaching(PlanState("active"), lambda state: state.vm_state == "resized" and state.off) == "stop resize"
    on = reaching(PlanState("stopped", off=True), lambda state: state.vm_state == "resized" and not state.off)
    assert on == "start resize"
    assert reaching(PlanState("active"), lambda state: state.off) == "stop"


def test_unlocking_leaves_the_task_alone():
    busy = PlanState("active", "powering-off", "stopped", locked=True)
    assert reaching(busy, lambda state: not state.locked and state.task_state == "powering-off") == "unlock"
    assert reaching(busy, lambda state: not state.locked and state.becomes == "stopped") == "unlock"
    assert reaching(busy, lambda state: state.task_state is None) == "wait"
    assert names(PlanState("active", None, "stopped"), "stopped") == "stop"


def test_who_has_a_host():
    assert reaching(PlanState("shelved_offloaded", on_host=False), lambda state: state.on_host) == "unshelve"
    assert reaching(PlanState("active"), lambda state: not state.on_host) == "shelve"
    assert reaching(PlanState("building", "spawning", "active", on_host=False), lambda state: state.on_host) == "wait"


def test_who_has_run():
    building = PlanState("building", "spawning", "active", launched=False)
    assert reaching(building, lambda state: state.launched and state.vm_state == "active") == "wait"
    failed = shortest_path(PlanState("error", launched=False), lambda state: state.launched, PlanContext(everybody))
    assert failed is None


def test_what_a_dead_host_does_not_delay():
    dead = PlanState("active", host_down=True)
    assert names(dead, "deleted") == "delete"
    assert names(dead, "error", everybody) == "reset-state"
    for_good = names(dead._replace(vm_state="soft-delete"), "deleted", lambda row: row.name == "force-delete")
    assert for_good == "force-delete"
