"""The edges of the graph agree with Nova's documents and with the action table."""

from __future__ import annotations

import pytest

from novasim.lifecycle.actions import ACTIONS
from novasim.teach.graph.edges import (
    ANY,
    NOWHERE,
    all_edges,
    edges_of_action,
    privileged_role,
    resting_statuses,
    transitional_statuses,
)
from tests import each_case

# Copied by hand from the API reference and the recorded matrices: action, sources, targets.
MOVES = """
    create          -                                      BUILD
    create          BUILD                                  ACTIVE
    start           SHUTOFF                                ACTIVE
    stop            ACTIVE,ERROR                           SHUTOFF
    hard-reboot     ERROR,PAUSED,SHUTOFF,SUSPENDED         ACTIVE
    pause           ACTIVE                                 PAUSED
    unpause         PAUSED                                 ACTIVE
    suspend         ACTIVE                                 SUSPENDED
    resume          SUSPENDED                              ACTIVE
    resize          ACTIVE,SHUTOFF                         VERIFY_RESIZE
    migrate         ACTIVE,SHUTOFF                         VERIFY_RESIZE
    confirm-resize  VERIFY_RESIZE                          ACTIVE,SHUTOFF
    revert-resize   VERIFY_RESIZE                          ACTIVE,SHUTOFF
    rebuild         ERROR                                  ACTIVE
    evacuate        ERROR                                  ACTIVE
    evacuate        ACTIVE                                 SHUTOFF
    rescue          ACTIVE,ERROR,SHUTOFF                   RESCUE
    unrescue        RESCUE                                 ACTIVE
    shelve          ACTIVE,PAUSED,SHUTOFF,SUSPENDED        SHELVED,SHELVED_OFFLOADED
    shelve-offload  SHELVED                                SHELVED_OFFLOADED
    unshelve        SHELVED,SHELVED_OFFLOADED              ACTIVE
    restore         SOFT_DELETED                           ACTIVE
    delete          any                                    DELETED,SOFT_DELETED
    force-delete    any                                    DELETED
    reset-state     any                                    ACTIVE,ERROR
"""
LINES = [line.split() for line in MOVES.strip().splitlines()]


def test_edges_between_statuses():
    expected = {
        (action, ANY if source == "any" else source, target)
        for action, sources, targets in LINES
        for source in sources.split(",")
        for target in targets.split(",")
    }
    assert {(edge.action, edge.source, edge.target) for edge in all_edges() if not edge.keeps_status} == expected


@each_case("action", sorted(ACTIONS))
def test_every_action_has_an_edge_from_each_status_that_accepts_it(action):
    sources = {edge.source for edge in all_edges() if edge.action == action}
    accepted = ACTIONS[action].vm_states
    assert len(sources) == (len(accepted) if accepted else 2 if action == "create" else 1)


def test_edges_end_at_resting_statuses():
    at_rest = """
        ACTIVE BUILD DELETED ERROR PAUSED RESCUE SHELVED SHELVED_OFFLOADED SHUTOFF SOFT_DELETED SUSPENDED VERIFY_RESIZE
    """
    assert set(resting_statuses()) == set(at_rest.split())
    ends = {end for edge in all_edges() for end in (edge.source, edge.target)}
    assert ends == {*resting_statuses(), ANY, NOWHERE}
    assert set(transitional_statuses()) == set(
        "HARD_REBOOT MIGRATING PASSWORD REBOOT REBUILD RESIZE REVERT_RESIZE".split()
    )


def test_edges_follow_the_action_table():
    row = ACTIONS["pause"]._replace(name="freeze", ends="suspended")
    assert [(edge.action, edge.source, edge.target) for edge in edges_of_action(row)] == [
        ("freeze", "ACTIVE", "SUSPENDED")
    ]


@each_case(
    ("action", "role"),
    [
        ("start", ""),
        ("create", ""),
        ("reset-network", ""),
        ("migrate", "manager"),
        ("live-migrate", "manager"),
        ("evacuate", "admin"),
        ("reset-state", "admin"),
        ("shelve-offload", "admin"),
        ("diagnostics", "admin"),
    ],
)
def test_the_role_of_an_edge(action, role):
    assert privileged_role(ACTIONS[action]) == role


@pytest.mark.parametrize(
    ("action", "source", "statuses"),
    [
        ("resize", "ACTIVE", ("RESIZE",)),
        ("resize", "SHUTOFF", ("RESIZE",)),
        ("live-migrate", "PAUSED", ("MIGRATING",)),
        ("hard-reboot", "ACTIVE", ("HARD_REBOOT",)),
        ("hard-reboot", "PAUSED", ()),
        ("pause", "ACTIVE", ()),
        ("rebuild", "ERROR", ("REBUILD",)),
        ("revert-resize", "VERIFY_RESIZE", ("REVERT_RESIZE",)),
    ],
)
def test_transitional_statuses_of_an_edge(action, source, statuses):
    found = [edge.through for edge in all_edges() if (edge.action, edge.source) == (action, source)]
    assert set(found) == {statuses}


@pytest.mark.parametrize(
    ("action", "fails"),
    [
        ("suspend", True),
        ("resize", True),
        ("pause", False),
        ("stop", False),
        ("restore", True),
        ("shelve", False),
    ],
)
def test_which_edges_may_fail(action, fails):
    assert {edge.may_fail for edge in all_edges() if edge.action == action} == {fails}
