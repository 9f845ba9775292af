"""The planner, by ways that a person would go: copied from the documents' words, never from the table."""

from __future__ import annotations

from functools import partial

import pytest

from novasim.lifecycle import plan
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import Circumstances, Place
from novasim.records import Caller, Server

OWNER = Caller("u", "p", ("reader", "member"))
ADMIN = Caller("a", "q", ("reader", "member", "admin"))
ADMINS = {"migrate", "live-migrate", "evacuate", "reset-state", "shelve-offload"}
MEMBER = Circumstances(lambda action: action.name not in ADMINS)
ANYBODY = Circumstances(lambda action: True)


def way(place: Place, goal: str, circumstances: Circumstances = MEMBER) -> list[tuple[str, str]] | None:
    steps = plan.way(place, partial(rests, goal), circumstances)
    return None if steps is None else [(step.action.name if step.action else "wait", step.end) for step in steps]


def rests(goal: str, place: Place) -> bool:
    return plan.rests_in(place, goal)


# where a server is, where it shall be, what to ask for
WAYS = [
    ("active", "active", []),
    ("active", "stopped", [("stop", "stopped")]),
    ("stopped", "active", [("start", "active")]),
    ("paused", "active", [("unpause", "active")]),
    ("paused", "stopped", [("unpause", "active"), ("stop", "stopped")]),
    ("suspended", "paused", [("resume", "active"), ("pause", "paused")]),
    ("rescued", "active", [("unrescue", "active")]),
    ("rescued", "suspended", [("unrescue", "active"), ("suspend", "suspended")]),
    ("resized", "active", [("confirm-resize", "active")]),
    ("active", "resized", [("resize", "resized")]),
    ("active", "shelved_offloaded", [("shelve", "shelved_offloaded")]),
    ("shelved_offloaded", "stopped", [("unshelve", "active"), ("stop", "stopped")]),
    ("error", "active", [("hard-reboot", "active")]),
    ("error", "stopped", [("stop", "stopped")]),
    ("error", "rescued", [("rescue", "rescued")]),
    ("soft-delete", "active", [("restore", "active")]),
    ("active", "deleted", [("delete", "deleted")]),
    ("soft-delete", "deleted", [("delete", "deleted")]),
]


@pytest.mark.parametrize(("start", "goal", "steps"), WAYS)
def test_the_shortest_and_gentlest_way(start, goal, steps):
    place = Place(start, off=start == "stopped", on_host=start != "shelved_offloaded")
    assert way(place, goal) == steps


@pytest.mark.parametrize("goal", ["shelved", "soft-delete", "error", "building"])
def test_what_options_and_rights_keep_away(goal):
    assert way(Place("active"), goal) is None


def test_options_open_other_ways():
    kept = MEMBER._replace(offloads=False)
    assert way(Place("active"), "shelved", kept) == [("shelve", "shelved")]
    assert way(Place("shelved"), "stopped", kept) == [("unshelve", "active"), ("stop", "stopped")]
    soft = MEMBER._replace(soft_deletes=True)
    assert way(Place("active"), "soft-delete", soft) == [("delete", "soft-delete")]
    assert way(Place("active"), "deleted", soft) == [("force-delete", "deleted")]


def test_what_never_ran_is_never_soft_deleted():
    soft = MEMBER._replace(soft_deletes=True)
    for place in (Place("error", launched=False, on_host=False), Place("shelved_offloaded", on_host=False),
                  Place("active", host_down=True)):  # fmt: skip
        assert way(place, "deleted", soft) == [("delete", "deleted")]
    assert way(Place("error", launched=False, on_host=False), "active") is None


def test_a_stopped_server_stays_stopped_through_a_resize():
    stopped = Place("stopped", off=True)
    assert way(stopped, "resized") == [("resize", "resized")]
    assert way(Place("resized", off=True), "stopped") == [("confirm-resize", "stopped")]
    assert way(Place("resized", off=True), "active") == [("confirm-resize", "stopped"), ("start", "active")]
    assert plan.ends_at(ACTIONS["rebuild"], stopped, MEMBER) == ("stopped",)
    assert plan.ends_at(ACTIONS["rebuild"], Place("error"), MEMBER) == ("active",)
    assert plan.ends_at(ACTIONS["lock"], stopped, MEMBER) == ()


def test_administrators_set_states_only_as_a_last_resort():
    assert way(Place("active"), "error", ANYBODY) == [("reset-state", "error")]
    assert way(Place("error"), "active", ANYBODY) == [("hard-reboot", "active")]
    assert way(Place("paused"), "stopped", ANYBODY) == [("unpause", "active"), ("stop", "stopped")]
    assert way(Place("shelved"), "shelved_offloaded", ANYBODY) == [("shelve-offload", "shelved_offloaded")]
    assert way(Place("active"), "resized", ANYBODY) == [("resize", "resized")]


def test_a_lock_is_lifted_first_where_it_matters():
    locked = Place("active", locked=True)
    assert way(locked, "paused") == [("unlock", "active"), ("pause", "paused")]
    assert way(locked, "active") == []
    assert way(locked, "resized", Circumstances(lambda action: action.name == "migrate")) == [("migrate", "resized")]
    assert way(locked, "paused", Circumstances(lambda action: action.name != "unlock")) is None


def test_a_task_that_ends_is_waited_for():
    building = Place("building", "spawning", "active", on_host=False, launched=False)
    assert way(building, "active") == [("wait", "active")]
    assert way(building, "stopped") == [("wait", "active"), ("stop", "stopped")]
    assert way(building, "deleted") == [("delete", "deleted")]
    locked = Place("active", "rebooting", "active", locked=True)
    assert way(locked, "paused") in (
        [("wait", "active"), ("unlock", "active"), ("pause", "paused")],
        [("unlock", "active"), ("wait", "active"), ("pause", "paused")],
    )


def test_a_task_that_hangs_is_not():
    assert way(Place("active", "pausing"), "active") == [("hard-reboot", "active")]
    assert way(Place("active", "resize_prep"), "active") is None
    assert way(Place("active", "resize_prep"), "active", ANYBODY) == [("reset-state", "active")]


def test_nothing_waits_for_a_dead_host_that_need_not():
    dead = Place("active", host_down=True)
    assert way(dead, "stopped") is None
    assert way(dead, "stopped", ANYBODY) == [("evacuate", "stopped")]
    assert way(dead, "paused", ANYBODY) == [("evacuate", "stopped"), ("start", "active"), ("pause", "paused")]
    assert way(Place("error", host_down=True), "active", ANYBODY) == [("evacuate", "active")]
    assert way(Place("active"), "stopped", Circumstances(lambda action: action.name == "evacuate")) is None
    assert way(Place("active", host_down=True), "deleted") == [("delete", "deleted")]


def test_what_is_gone_goes_nowhere():
    assert way(Place("deleted"), "active", ANYBODY) is None
    assert way(Place("deleted"), "deleted") == []


@pytest.mark.parametrize(
    ("name", "place", "accepted"),
    [
        ("stop", Place("active"), True), ("stop", Place("stopped"), False), ("stop", Place("active", "pausing"), False),
        ("stop", Place("active", locked=True), False), ("stop", Place("active", on_host=False), False),
        ("stop", Place("active", launched=False), False), ("create-image", Place("active", locked=True), True),
        ("pause", Place("active", on_host=False), True), ("delete", Place("error", launched=False), True),
        ("evacuate", Place("active"), False), ("evacuate", Place("active", host_down=True), True),
        ("resize", Place("active", host_down=True), False), ("migrate", Place("stopped", host_down=True), False),
        ("stop", Place("active", host_down=True), True), ("hard-reboot", Place("active", "rebooting"), True),
    ],
)  # fmt: skip
def test_where_an_action_is_accepted(name, place, accepted):
    assert plan.accepted_at(ACTIONS[name], place) is accepted


def test_a_goal_is_a_state_without_a_task():
    assert plan.rests_in(Place("active"), "active")
    assert not plan.rests_in(Place("active", "pausing", "paused"), "active")
    assert not plan.rests_in(Place("active"), "paused")


def server(**facts: object) -> Server:
    usual = {"vm_state": "active", "task_state": None, "host": "host1", "power_state": 1,
             "launched_at": "2026-01-01T00:00:00.000000Z"}  # fmt: skip
    return Server(id="s", name="s", project_id="p", user_id="u", created_at="", updated_at="", **(usual | facts))


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({}, Place("active")),
        ({"task_state": "pausing"}, Place("active", "pausing")),
        ({"vm_state": "stopped", "power_state": 4}, Place("stopped", off=True)),
        ({"vm_state": "resized", "old_vm_state": "stopped"}, Place("resized", off=True)),
        ({"vm_state": "resized", "old_vm_state": "active"}, Place("resized")),
        ({"vm_state": "resized", "old_vm_state": "active", "power_state": 4}, Place("resized", off=True)),
        ({"vm_state": "error", "power_state": 4}, Place("error")),
        ({"vm_state": "shelved_offloaded", "power_state": 4, "host": None}, Place("shelved_offloaded", on_host=False)),
        ({"vm_state": "error", "host": None, "launched_at": None}, Place("error", on_host=False, launched=False)),
        ({"locked_by": "owner"}, Place("active", locked=True)),
    ],
)
def test_where_a_server_stands(facts, place):
    assert plan.place_of(server(**facts), OWNER) == place
    assert plan.place_of(server(**facts), OWNER, "paused", True) == place._replace(becomes="paused", host_down=True)


def test_administrators_find_no_lock():
    assert plan.place_of(server(locked_by="admin"), ADMIN) == Place("active")


def test_what_is_accepted_in_a_state_and_during_a_task():
    names = {action.name for action in plan.accepted_in("paused")}
    assert {"unpause", "lock", "delete", "live-migrate"} <= names
    assert not names & {"create", "reset-network", "pause", "stop", "resize"}
    names = {action.name for action in plan.accepted_during("pausing")}
    assert {"hard-reboot", "delete", "console-url"} <= names and not names & {"create", "stop", "pause"}


def test_what_an_action_needs():
    assert plan.needs(ACTIONS["resize"]) == ["active", "stopped"]
    assert plan.needs(ACTIONS["lock"]) == []
