"""The predefined fault no-valid-host in each action that needs a host."""

from __future__ import annotations

import pytest

from novasim.control.faults import SCHEDULING_PHASES, add_fault, list_faults
from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Allocation


@pytest.mark.parametrize(
    ("action", "key", "arguments"),
    [("resize", "resize", {"flavorRef": "2"}), ("migrate", "migrate", None)],
)
def test_no_valid_host_for_a_move(play, web1, action, key, arguments):
    add_fault(play.cloud, name="no-valid-host", action=action)
    before = play.server(web1).host
    assert play.act(web1, key, arguments, "admin").code == 202
    play.advance(120)
    assert (play.state(web1), play.server(web1).host) == (("ACTIVE", None), before)
    assert play.server(web1).fault["message"].startswith("No valid host was found.")
    assert [fault["triggered"] for fault in list_faults(play.cloud)] == [1]
    assert [held.consumer for held in play.all(Allocation)] == [web1]


@pytest.mark.parametrize("action", SCHEDULING_PHASES)
def test_no_valid_host_has_a_phase_in_each_action_that_needs_a_host(play, action):
    assert add_fault(play.cloud, name="no-valid-host", action=action)["phase"] in ACTIONS[action].shown_task_states


@pytest.mark.parametrize(
    ("name", "action", "message"),
    [
        ("no-valid-host", "reboot", "cannot occur in reboot, only in create, resize, migrate, unshelve, evacuate."),
        ("spawn", "reboot", "The fault 'spawn' cannot occur in reboot, only in create, unshelve."),
    ],
)
def test_refusal_names_the_actions_that_have_the_fault(play, name, action, message):
    with pytest.raises(UsageError, match=message):
        add_fault(play.cloud, name=name, action=action)
