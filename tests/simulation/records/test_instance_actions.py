"""The instance-action log: entries, their events, the hosts of events, errors."""

from __future__ import annotations

import pytest

from novasim.lifecycle.action import Phase
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Caller, InstanceAction, Migration, Server
from novasim.simulation.instance_actions import (
    drop_events,
    entry_id,
    finish_events,
    record_action,
    record_external_event,
    start_events,
)
from tests.play import Play

CALLER = Caller("a", "q", ("member",))
SERVER = Server(
    id="s", name="s", project_id="p", user_id="u", created_at="", updated_at="", flavor={"disk": 1}, host="host1"
)
# Where the events of moves happen: nova/compute/manager.py runs them on the source or on the destination.
HOSTS = """
    compute_prep_resize                         destination
    compute_resize_instance                     source
    compute_finish_resize                       destination
    compute_confirm_resize                      source
    compute_revert_resize                       destination
    compute_finish_revert_resize                source
    compute_check_can_live_migrate_destination  destination
    compute_check_can_live_migrate_source       source
    compute_pre_live_migration                  destination
    compute_live_migration                      source
    compute_post_live_migration_at_destination  destination
    compute_stop_instance                       host1
    conductor_migrate_server                    controller
"""


@pytest.fixture
def world():
    with Play().cloud.writing() as world:
        yield world


def entry_of(world) -> InstanceAction:
    entry = world.tx.get(InstanceAction, entry_id("s", world.request_id))
    assert entry is not None
    return entry


def test_the_entry_of_an_accepted_action(world):
    record_action(world, ACTIONS["stop"], SERVER, CALLER)
    entry = entry_of(world)
    assert (entry.server_id, entry.request_id, entry.action, entry.message) == ("s", world.request_id, "stop", None)
    assert (entry.user_id, entry.project_id, entry.events) == ("a", "q", [])
    assert entry.start_time == entry.updated_at == world.time


def test_actions_without_a_name_in_the_log_have_no_entry(world):
    record_action(world, ACTIONS["console-log"], SERVER, CALLER)
    assert world.tx.query(InstanceAction) == []


def test_an_event_starts_and_finishes(world):
    record_action(world, ACTIONS["stop"], SERVER, CALLER)
    start_events(world, SERVER, world.request_id, Phase("x", events=("compute_stop_instance",)))
    event = {
        "event": "compute_stop_instance",
        "start_time": world.time,
        "finish_time": None,
        "result": None,
        "traceback": None,
        "details": None,
        "host": "host1",
    }
    assert entry_of(world).events == [event]
    world.now += 5
    finish_events(world, SERVER, world.request_id)
    assert entry_of(world).events == [event | {"finish_time": world.time, "result": "Success"}]
    assert (entry_of(world).message, entry_of(world).updated_at) == (None, world.time)


def test_an_event_fails(world):
    record_external_event(world, "extend_volume", "compute_extend_volume", SERVER, CALLER, "No room.")
    entry = entry_of(world)
    (event,) = entry.events
    assert (entry.action, entry.message, event["event"]) == ("extend_volume", "Error", "compute_extend_volume")
    assert (event["result"], event["details"]) == ("Error", "No room.")
    assert event["traceback"] == "Traceback of compute_extend_volume (simulated)\nTaskFailed: No room.\n"


def test_only_the_events_with_a_name_finish(world):
    record_action(world, ACTIONS["stop"], SERVER, CALLER)
    start_events(world, SERVER, world.request_id, Phase("x", events=("a", "b")))
    finish_events(world, SERVER, world.request_id, name="b")
    assert [event["result"] for event in entry_of(world).events] == [None, "Success"]
    finish_events(world, SERVER, world.request_id, error="Lost.")
    assert [event["result"] for event in entry_of(world).events] == ["Error", "Success"]


def test_of_an_event_that_starts_again_the_first_one_finishes(world):
    record_action(world, ACTIONS["create"], SERVER, CALLER)
    for _ in range(2):
        start_events(world, SERVER, world.request_id, Phase("x", events=("compute_build",)))
    finish_events(world, SERVER, world.request_id)
    first, second = entry_of(world).events
    assert (first["result"], first["finish_time"]) == ("Success", world.time)
    assert second["result"] is None


def test_events_without_a_host_remain(world):
    for events, without_host, left in ((("a", "b", "c"), 1, ["a"]), (("a", "b"), 2, ["a", "b"]), (("a",), 0, ["a"])):
        record_action(world, ACTIONS["resize"], SERVER, CALLER)
        phase = Phase("x", events=events, events_without_host=without_host)
        start_events(world, SERVER, world.request_id, phase)
        drop_events(world, SERVER, world.request_id, phase)
        assert [event["event"] for event in entry_of(world).events] == left


def test_a_request_without_an_entry_has_no_events(world):
    phase = Phase("x", events=("a", "b"), events_without_host=1)
    start_events(world, SERVER, "req-x", phase)
    drop_events(world, SERVER, "req-x", phase)
    finish_events(world, SERVER, "req-x")
    assert world.tx.query(InstanceAction) == []


@pytest.mark.parametrize(("name", "host"), [line.split() for line in HOSTS.strip().splitlines()])
def test_the_host_of_an_event(world, name, host):
    for number, target in ((1, "old"), (2, "destination")):
        world.tx.put(Migration(id=f"m{number}", server_id="s", number=number, source_host="source", dest_host=target))
    record_action(world, ACTIONS["resize"], SERVER, CALLER)
    start_events(world, SERVER, world.request_id, Phase("x", events=(name,)))
    finish_events(world, SERVER, world.request_id)
    assert entry_of(world).events[0]["host"] == host
