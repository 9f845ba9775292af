"""Ways from one place to another, as the documents of the server's states have them: never read from the table."""

from __future__ import annotations

import pytest

from novasim.lifecycle import plan
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import Circumstances, Place, accepted_at, needs, place_of, rests_in, way
from novasim.records import Caller, Server

OWNER = Caller("u", "p", ("reader", "member"))
FOR_ADMINISTRATORS = {"migrate", "live-migrate", "evacuate", "reset-state", "shelve-offload"}


def member(action) -> bool:
    return action.name not in FOR_ADMINISTRATORS


def everybody(action) -> bool:
    return True


def names(start: Place, goal: str, may=member, **circumstances: bool) -> str | None:
    """The actions of the way into a vm_state at rest, "wait" where there is none; None if there is no way."""
    found = way(start, lambda place: rests_in(place, goal), Circumstances(may, **circumstances))
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
    places, _, actions = line.partition("|")
    start, goal = places.split()
    assert names(Place(start, off=start == "stopped"), goal) == actions.strip()


def test_there_is_no_way_out_of_nothing_nor_into_a_build():
    assert names(Place("deleted"), "active", everybody) is None
    assert names(Place("active"), "building", everybody) is None
    assert names(Place("active"), "soft-delete") is None


def test_a_soft_deletion_is_a_place_to_go_to_where_the_cloud_has_it():
    assert names(Place("active"), "soft-delete", soft_deletes=True) == "delete"
    for place in (Place("error", launched=False), Place("error", on_host=False), Place("active", host_down=True)):
        assert names(place, "deleted", soft_deletes=True) == "delete"
    assert names(Place("active"), "deleted", soft_deletes=True) == "force-delete"


def test_shelving_leaves_the_host_at_once_or_later():
    assert names(Place("active"), "shelved") is None
    assert names(Place("active"), "shelved", offloads=False) == "shelve"
    assert names(Place("active"), "shelved_offloaded", offloads=False) is None
    assert names(Place("active"), "shelved_offloaded", everybody, offloads=False) == "shelve shelve-offload"


def test_what_was_off_before_a_resize_is_off_afterwards():
    assert names(Place("resized", off=True), "stopped") == "confirm-resize"
    assert names(Place("resized", off=True), "active") == "confirm-resize start"
    assert names(Place("stopped", off=True), "resized") == "resize"


def test_a_running_task_is_waited_for():
    assert names(Place("active", "powering-off", "stopped"), "stopped") == "wait"
    assert names(Place("active", "powering-off", "stopped"), "active") == "wait start"
    assert names(Place("active", "shelving", "shelved_offloaded"), "stopped") == "wait unshelve stop"


def test_a_task_that_never_ends_is_broken_off():
    assert names(Place("active", "rebooting"), "active") == "hard-reboot"
    assert names(Place("active", "image_uploading"), "active", everybody) == "reset-state"
    assert names(Place("active", "image_uploading"), "active") is None


def test_a_lock_is_lifted_first_and_only_where_it_stands_in_the_way():
    assert names(Place("active", locked=True), "stopped") == "unlock stop"
    assert names(Place("active", locked=True), "active") == ""
    assert names(Place("active", "powering-off", "stopped", locked=True), "stopped") == "wait"
    assert names(Place("paused", locked=True), "stopped") == "unlock unpause stop"


def test_a_dead_host_is_left_by_evacuation_alone():
    assert names(Place("active", host_down=True), "stopped") is None
    assert names(Place("active", host_down=True), "stopped", everybody) == "evacuate"
    assert names(Place("active", host_down=True), "paused", everybody) == "evacuate start pause"
    assert names(Place("stopped", off=True, host_down=True), "active", everybody) == "evacuate start"
    assert names(Place("active"), "stopped", everybody) == "stop"


def test_a_server_on_no_host_has_to_get_one():
    assert names(Place("stopped", on_host=False, off=True), "active") != "start"
    assert names(Place("error", on_host=False), "active") == "hard-reboot"
    assert names(Place("shelved_offloaded", on_host=False), "stopped") == "unshelve stop"


def test_a_server_that_never_ran_can_only_go():
    assert names(Place("error", launched=False), "deleted") == "delete"
    assert names(Place("error", launched=False), "active") is None


def test_the_last_resort_is_the_last():
    assert names(Place("error"), "active", everybody) == "hard-reboot"
    assert names(Place("rescued"), "error", everybody) == "reset-state"


def test_a_step_knows_where_it_ends():
    steps = way(Place("paused"), lambda place: place.vm_state == "stopped", Circumstances(member))
    assert [(step.action.name, step.end) for step in steps] == [("unpause", "active"), ("stop", "stopped")]
    waiting = way(Place("active", "pausing", "paused"), lambda place: place.task_state is None, Circumstances(member))
    assert [(step.action, step.end) for step in waiting] == [(None, "paused")]


def server(**fields: object) -> Server:
    usual = {"vm_state": "active", "task_state": None, "host": "h", "power_state": 1, "launched_at": "then"}
    return Server(id="s", name="s", project_id="p", user_id="u", created_at="", updated_at="", **{**usual, **fields})


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({}, Place("active")),
        ({"task_state": "pausing"}, Place("active", "pausing")),
        ({"locked_by": "owner"}, Place("active", locked=True)),
        ({"host": None}, Place("active", on_host=False)),
        ({"launched_at": None}, Place("active", launched=False)),
        ({"vm_state": "stopped"}, Place("stopped", off=True)),
        ({"vm_state": "resized", "old_vm_state": "stopped"}, Place("resized", off=True)),
        ({"vm_state": "resized", "power_state": 4}, Place("resized", off=True)),
        ({"vm_state": "resized", "old_vm_state": "active"}, Place("resized")),
        ({"vm_state": "paused", "power_state": 4}, Place("paused")),
    ],
)
def test_where_a_server_stands(fields, place):
    assert place_of(server(**fields), OWNER) == place
    assert place_of(server(**fields), OWNER, "active", True) == place._replace(becomes="active", host_down=True)


@pytest.mark.parametrize(
    ("action", "place", "accepted"),
    [
        ("stop", Place("active"), True),
        ("stop", Place("paused"), False),
        ("stop", Place("active", "pausing"), False),
        ("stop", Place("active", locked=True), False),
        ("lock", Place("active", locked=True), True),
        ("stop", Place("active", on_host=False), False),
        ("pause", Place("active", on_host=False), True),
        ("pause", Place("active", launched=False), False),
        ("delete", Place("active", launched=False), True),
        ("resize", Place("active", host_down=True), False),
        ("resize", Place("active"), True),
        ("evacuate", Place("active", host_down=True), True),
        ("evacuate", Place("active"), False),
    ],
)
def test_what_is_accepted_where(action, place, accepted):
    assert accepted_at(ACTIONS[action], place) is accepted


def test_gentle_ways_are_preferred_to_rough_ones():
    assert names(Place("paused"), "active") == "unpause"  # not a hard reboot
    assert names(Place("active"), "resized", everybody) == "resize"  # no migration of an administrator's
    assert names(Place("resized"), "active") == "confirm-resize"  # what was asked for is not taken back
    assert names(Place("stopped", off=True), "rescued") == "rescue"
    assert names(Place("error"), "active", lambda row: row.name in ("rebuild", "hard-reboot")) == "hard-reboot"


def test_rest():
    assert rests_in(Place("active"), "active")
    assert not rests_in(Place("active", "pausing"), "active")
    assert not rests_in(Place("paused"), "active")


def test_what_an_action_needs():
    assert needs(ACTIONS["rebuild"]) == ["active", "error", "stopped"]
    assert needs(ACTIONS["lock"]) == []


def test_what_is_accepted_in_a_state_or_during_a_task():
    always = {row.name for row in plan.accepted_in("deleted")}
    assert {"delete", "lock", "reset-state"} <= always
    assert not {"create", "reset-network", "stop", "start"} & always
    assert {"unpause", "shelve", "hard-reboot"} <= {row.name for row in plan.accepted_in("paused")} - always
    during = {row.name for row in plan.accepted_during("pausing")}
    assert {"delete", "hard-reboot", "lock"} <= during
    assert not {"create", "stop", "reboot"} & during
    assert len(during) < len(ACTIONS) - 20


def reaching(start: Place, wanted, may=everybody) -> str:
    """The actions of the way to a place that is described."""
    return " ".join(step.action.name if step.action else "wait" for step in way(start, wanted, Circumstances(may)))


def test_a_guest_stays_off_through_a_resize():
    assert reaching(Place("stopped", off=True), lambda place: place.vm_state == "resized" and place.off) == "resize"
    assert reaching(Place("active"), lambda place: place.vm_state == "resized" and place.off) == "stop resize"
    on = reaching(Place("stopped", off=True), lambda place: place.vm_state == "resized" and not place.off)
    assert on == "start resize"
    assert reaching(Place("active"), lambda place: place.off) == "stop"


def test_unlocking_leaves_the_task_alone():
    busy = Place("active", "powering-off", "stopped", locked=True)
    assert reaching(busy, lambda place: not place.locked and place.task_state == "powering-off") == "unlock"
    assert reaching(busy, lambda place: not place.locked and place.becomes == "stopped") == "unlock"
    assert reaching(busy, lambda place: place.task_state is None) == "wait"
    assert names(Place("active", None, "stopped"), "stopped") == "stop"


def test_who_has_a_host():
    assert reaching(Place("shelved_offloaded", on_host=False), lambda place: place.on_host) == "unshelve"
    assert reaching(Place("active"), lambda place: not place.on_host) == "shelve"
    assert reaching(Place("building", "spawning", "active", on_host=False), lambda place: place.on_host) == "wait"


def test_who_has_run():
    building = Place("building", "spawning", "active", launched=False)
    assert reaching(building, lambda place: place.launched and place.vm_state == "active") == "wait"
    failed = way(Place("error", launched=False), lambda place: place.launched, Circumstances(everybody))
    assert failed is None


def test_what_a_dead_host_does_not_delay():
    dead = Place("active", host_down=True)
    assert names(dead, "deleted") == "delete"
    assert names(dead, "error", everybody) == "reset-state"
    for_good = names(dead._replace(vm_state="soft-delete"), "deleted", lambda row: row.name == "force-delete")
    assert for_good == "force-delete"
