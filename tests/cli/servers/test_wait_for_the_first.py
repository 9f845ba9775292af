"""`wait` for several statuses, and for any of several servers."""

from __future__ import annotations

import pytest

from tests.cli.test_waiting import NEW, manual, real

__all__ = ["manual", "real"]  # fixtures


@pytest.fixture
def two(real):
    real("create web1 web2 --flavor m1.tiny --image cirros --wait -q")
    return real


def test_the_first_of_several_statuses_ends_the_wait(two):
    two("stop web1")
    assert two("wait web1 --for ERROR,shutoff").stdout == "web1 is SHUTOFF.\n"
    assert two("wait web1 web2 --for SHUTOFF,ACTIVE -f value -c name -c status").stdout == "web1 SHUTOFF\nweb2 ACTIVE\n"
    two("delete web2")
    assert two("wait web2 --for ERROR,deleted").stdout == "web2 is deleted.\n"
    assert two("wait web2 --for ERROR,deleted").stdout == "web2 is deleted.\n"  # it was deleted before


def test_error_is_a_goal_among_others(two):
    two("--as admin reset-state web1")
    assert two("wait web1 --for ACTIVE,ERROR").stdout == "web1 is ERROR.\n"
    two("wait web1 --for ACTIVE,SHUTOFF", 8)


def test_one_goal_prints_nothing(two):
    assert two("wait web1 web2").stdout == ""


def test_any_server_ends_the_wait(two):
    two("stop web2")
    assert two("wait --any web1 web2 --for SHUTOFF").stdout == "web2 is SHUTOFF.\n"
    assert two("wait --any --all --for SHUTOFF -q").stdout.split() == two.ids("list --name web2")
    late = two("wait --any web1 web2 --for ERROR,PAUSED --timeout 5", 7)
    reasons = "web1 is still ACTIVE, not ERROR or PAUSED; web2 is still SHUTOFF, not ERROR or PAUSED"
    assert late.stderr == f"novasim: Timed out after 5 s: {reasons}.\n"


def test_any_fails_if_all_fail(two):
    two("--as admin reset-state web1")
    assert two("wait --any web1 web2").stdout == "web2 is ACTIVE.\n"
    two("--as admin reset-state web2")
    failed = two("wait --any web1 web2", 8)
    assert failed.stdout == "" and "web1 went to ERROR" in failed.stderr and "web2 went to ERROR" in failed.stderr


def test_a_missing_name_is_an_error_also_with_any(two):
    assert two("wait --any web1 missing", 3).stdout == "web1 is ACTIVE.\n"


def test_a_manual_clock_and_wrong_goals_are_refused_as_before(manual):
    manual(NEW)
    problem = "web1 is still BUILD, not ACTIVE or ERROR, and the clock is manual."
    assert manual("wait web1 --for ACTIVE,ERROR", 7).stderr.startswith(f"novasim: {problem}")
    assert "'ACTVE'" in manual("wait web1 --for ERROR,ACTVE", 2).stderr
    manual("wait web1 --for ACTIVE,", 2)
