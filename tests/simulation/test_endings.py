"""The end state of each action in the simulation matches the action table."""

from __future__ import annotations

import pytest

from novasim.lifecycle import states
from novasim.lifecycle.actions import ACTIONS, find_action
from novasim.records import Server
from tests import each_case
from tests.play import Play

ADMINS = ("reset-state", "shelve-offload", "migrate", "evacuate")
RESIZE = ("resize", {"flavorRef": "2"})
STOP = ("os-stop", None)


def act(play: Play, id: str, key: str, arguments: object, minor: int = 96) -> str:
    """The vm_state after an action; DELETE is a key of its own."""
    if key == "DELETE":
        answer = play.ask("DELETE", f"/servers/{id}")
    else:
        who = "admin" if find_action(key, arguments).name in ADMINS else "demo"
        answer = play.act(id, key, arguments, who, minor)
    assert answer.code < 300, (key, answer)
    return next(server.vm_state for server in play.all(Server) if server.id == id)


CASES = [
    ("delete", [], ("DELETE", None), {}, "deleted"),
    ("delete", [STOP], ("DELETE", None), {"reclaim_instance_interval": 60}, "soft-delete"),
    ("force-delete", [("DELETE", None)], ("forceDelete", None), {"reclaim_instance_interval": 60}, "deleted"),
    ("restore", [STOP, ("DELETE", None)], ("restore", None), {"reclaim_instance_interval": 60}, "active"),
    ("confirm-resize", [RESIZE], ("confirmResize", None), {}, "active"),
    ("confirm-resize", [STOP, RESIZE], ("confirmResize", None), {}, "stopped"),
    ("revert-resize", [RESIZE], ("revertResize", None), {}, "active"),
    ("revert-resize", [STOP, RESIZE], ("revertResize", None), {}, "stopped"),
    ("rebuild", [STOP], ("rebuild", {"imageRef": ""}), {}, "stopped"),
    ("rebuild", [("os-resetState", {"state": "error"})], ("rebuild", {"imageRef": ""}), {}, "active"),
    ("shelve", [("pause", None)], ("shelve", None), {"shelved_offload_time": 0}, "shelved_offloaded"),
    ("shelve", [("suspend", None)], ("shelve", None), {"shelved_offload_time": -1}, "shelved"),
    ("unshelve", [STOP, ("shelve", None)], ("unshelve", None), {"shelved_offload_time": -1}, "active"),
    ("reset-state", [STOP], ("os-resetState", {"state": "active"}), {}, "active"),
    ("reset-state", [], ("os-resetState", {"state": "error"}), {}, "error"),
    ("hard-reboot", [STOP], ("reboot", {"type": "HARD"}), {}, "active"),
    ("stop", [("os-resetState", {"state": "error"})], STOP, {}, "stopped"),
]


# restore and reset-state leave the guest as it is in recordings of Nova.
WITHOUT_EFFECT_ON_GUEST = ("delete", "force-delete", "restore", "reset-state")
# What the driver reports of a guest that a task has left in this state.
POWER = {
    "active": states.RUNNING,
    "stopped": states.SHUTDOWN,
    "shelved": states.SHUTDOWN,
    "shelved_offloaded": states.SHUTDOWN,
}


@each_case(("name", "before", "last", "options", "end"), CASES)
def test_end_state_matches_the_table(name, before, last, options, end):
    play = Play(**options)
    id = play.create()
    state = "active"
    for key, arguments in before:
        state = act(play, id, key, arguments)
    key, arguments = last
    assert act(play, id, key, {"imageRef": play.image} if key == "rebuild" else arguments) == end
    assert end in ACTIONS[name].end_states(state)


@each_case(("before", "last", "options", "end"), [case[1:] for case in CASES if case[0] not in WITHOUT_EFFECT_ON_GUEST])
def test_guest_is_on_or_off_as_the_state_says(before, last, options, end):
    play = Play(**options)
    id = play.create()
    for key, arguments in [*before, last]:
        act(play, id, key, {"imageRef": play.image} if key == "rebuild" else arguments)
    assert play.server(id).power_state == POWER[end]


@pytest.mark.parametrize(
    ("before", "minor", "end"),
    [
        ([], 94, "active"),
        ([], 95, "stopped"),
        ([STOP], 94, "stopped"),
        ([("os-resetState", {"state": "error"})], 95, "active"),
    ],
)
def test_end_state_of_an_evacuation_matches_the_table(before, minor, end):
    play = Play()
    id = play.create()
    state = "active"
    for key, arguments in before:
        state = act(play, id, key, arguments)
    host = next(server.host for server in play.all(Server) if server.id == id)
    services = play.ask("GET", "/os-services", who="admin").body["services"]
    service = next(each["id"] for each in services if (each["host"], each["binary"]) == (host, "nova-compute"))
    assert play.ask("PUT", f"/os-services/{service}", {"forced_down": True}, "admin").code == 200
    assert act(play, id, "evacuate", {}, minor) == end
    assert end in ACTIONS["evacuate"].end_states(state)
