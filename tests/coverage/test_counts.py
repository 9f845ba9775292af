"""The counts of coverage agree with a counter that reads the hand-written specification, not the action table."""

from __future__ import annotations

import random

import pytest

from novasim.errors import NovaFault
from novasim.teach.coverage.items import TITLES, all_items
from tests.spec.test_actions import ALLOW_TASK, NEED_HOST, ROWS

STATUS = {
    "active": "ACTIVE",
    "building": "BUILD",
    "paused": "PAUSED",
    "suspended": "SUSPENDED",
    "stopped": "SHUTOFF",
    "rescued": "RESCUE",
    "resized": "VERIFY_RESIZE",
    "soft-delete": "SOFT_DELETED",
    "error": "ERROR",
    "shelved": "SHELVED",
    "shelved_offloaded": "SHELVED_OFFLOADED",
}
STATES = {name: set(STATUS) if states == "any" else set(states.split(",")) for name, states, *_ in ROWS}
LOCKED = {name for name, _, lock, *_ in ROWS if lock != "free"}
BUSY = {name for name, *_ in ROWS if name not in ALLOW_TASK} | {
    "hard-reboot",  # refused during most tasks, and accepted during those that may be stuck
    *(name for name in NEED_HOST if name.startswith("console-url")),  # refused during a migration and a deletion
}


def expected_state_refusals() -> set[tuple[str, str]]:
    """The actions and statuses that the specification refuses."""
    pairs = {(name, state) for name, states in STATES.items() for state in set(STATUS) - states}
    return {(name, STATUS[state]) for name, state in pairs if not (name in NEED_HOST and state == "shelved_offloaded")}


def found(dimension: str) -> set[str]:
    return {item.action for item in all_items() if item.dimension == dimension}


def test_actions_and_locks():
    assert found("actions") == {name for name, *_ in ROWS}
    assert found("refusals.lock") == LOCKED


def test_refusals_by_state():
    items = {(item.action, item.source) for item in all_items() if item.dimension == "refusals.state"}
    assert items == expected_state_refusals()


def test_refusals_by_microversion():
    expected = {(row[0], f"before 2.{row[6]}") for row in ROWS if row[6] != "1"}
    expected |= {(row[0], f"after 2.{row[7]}") for row in ROWS if row[7] != "104"}
    assert {(each.action, each.detail) for each in all_items() if each.dimension == "refusals.microversion"} == expected


def test_moves_begin_in_the_documented_states_and_end_in_the_documented_one():
    moves = {(item.action, item.source, item.target) for item in all_items() if item.dimension == "moves"}
    for name, states, _, _, _, end, *_ in ROWS:
        if states == "any" or end == "=":
            continue
        expected = {(name, STATUS[state], STATUS[end]) for state in states.split(",") if state != end}
        other_ends = {"confirm-resize", "revert-resize", "evacuate", "rebuild", "shelve"}  # a stopped server stays off
        assert expected == {move for move in moves if move[0] == name} or name in other_ends


def test_no_item_is_counted_twice_and_every_dimension_has_a_title():
    assert len(set(all_items())) == len(all_items())
    assert {item.dimension for item in all_items()} == set(TITLES)


PLAIN = sorted(
    """
    start stop pause unpause suspend resume lock unlock confirm-resize revert-resize unrescue shelve unshelve
    crash-dump restore shelve-offload console-log rescue
    """.split()
)


@pytest.mark.parametrize("seed", range(4))
def test_a_walk_is_counted_as_the_specification_says(recorded, seed):
    """A walk of 60 requests: what the answers and the statuses show is what coverage has met."""
    choice = random.Random(seed)
    server = recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    by_admin = recorded.admin.servers.list(all_tenants="1")[0]
    refused, moved, locked = set(), set(), set()
    for _ in range(60):
        name, before = choice.choice([*PLAIN, "resize"]), server.status
        who = by_admin if name == "shelve-offload" else server
        is_locked = who is server and server.details["locked"]
        try:
            who.resize(choice.choice(["m1.small", "m1.medium"])) if name == "resize" else who.act(name)
        except NovaFault as fault:
            if is_locked and name in LOCKED:
                locked.add(name)
            elif fault.http == 409 and (name, before) in expected_state_refusals():
                refused.add((name, before))
            continue
        if server.status != before:
            moved.add((name, before, server.status))
    assert {item.action for item in recorded.met("refusals.lock")} == locked
    assert {(item.action, item.source) for item in recorded.met("refusals.state")} == refused
    moves = {(item.action, item.source, item.target) for item in recorded.met("moves")}
    assert moves == moved | {("create", "-", "BUILD"), ("create", "BUILD", "ACTIVE")}
    assert moved


def test_what_each_kind_of_refusal_is_counted_as(recorded):
    server = recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    for request in (
        server.start,
        server.migrate,
        lambda: server.resize("m1.tiny"),
        lambda: recorded.demo.request("PUT", f"/servers/{server.id}/tags/a", version="2.25"),
        lambda: recorded.demo.request("POST", f"/servers/{server.id}/action", {"addFixedIp": {"networkId": "x"}}),
        server.reset_network,
    ):
        with pytest.raises(NovaFault):
            request()
    found = {str(each.item) for each in recorded.coverage().select("refusals", "met")}
    assert found == {
        "start in ACTIVE",
        "migrate without the role for it",
        "resize: flavor_differs",
        "tag-add before 2.26",
        "add-fixed-ip after 2.43",
    }
    assert "reset-network" in {item.action for item in recorded.met("actions")}


def test_a_failure_on_the_way_is_no_move(recorded):
    recorded.demo.faults.add("spawn")
    recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    assert {str(item) for item in recorded.met("failures")} == {"create that fails, from BUILD"}
    assert {str(item) for item in recorded.met("moves")} == {"create from - to BUILD"}


def test_a_failed_rebuild_has_not_kept_the_status(recorded):
    server = recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    recorded.demo.faults.add("broken", "fail", action="rebuild")
    server.rebuild("cirros")
    assert {str(item) for item in recorded.met("failures")} == {"rebuild that fails, from ACTIVE"}
    assert recorded.met("stays") == set()
