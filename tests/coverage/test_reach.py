"""What a script uses, and what is out of its reach."""

from __future__ import annotations

import pytest

from novasim.errors import UsageError
from novasim.teach.coverage.summary import Share, find_shortfalls, parse_thresholds


def reasons(recorded) -> dict[str, str]:
    """Why an item is out of reach, by dimension and words."""
    return {f"{each.item.dimension} {each.item}": each.reason for each in recorded.coverage().results if each.reason}


def states(recorded) -> dict[str, str]:
    return {f"{each.item.dimension} {each.item}": each.state for each in recorded.coverage().results}


def test_a_role_that_no_caller_has(recorded):
    recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    found = reasons(recorded)
    assert found["actions evacuate"] == "no caller with the role admin"
    assert found["refusals.role stop without the role for it"] == "no caller without the role member"
    assert "refusals.role evacuate without the role for it" not in found
    recorded.admin.servers.create("web2", "m1.tiny", "cirros")
    assert "actions evacuate" not in reasons(recorded)


@pytest.mark.parametrize(
    ("option", "item"),
    [
        ("reclaim_instance_interval", "moves restore from SOFT_DELETED to ACTIVE"),
        ("reclaim_instance_interval", "actions restore"),
        ("shelved_offload_time", "moves shelve from ACTIVE to SHELVED"),
        ("shelved_offload_time", "refusals.state stop in SHELVED"),
    ],
)
def test_an_option_that_is_off(recorded, option, item):
    recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    assert reasons(recorded)[item] == f"the option {option} is not set"
    recorded.demo.config.set(option, "3600")
    assert item not in reasons(recorded)


def test_a_microversion_that_no_request_has(recorded):
    server = recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    item = "refusals.microversion tag-add before 2.26"
    assert reasons(recorded)[item] == "no request before 2.26"
    recorded.demo.request("POST", f"/servers/{server.id}/action", {"lock": None}, version="2.1")
    assert item not in reasons(recorded)


def test_only_what_a_script_uses_is_missing(recorded):
    server = recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    server.stop()
    server.resize("m1.small")
    found = states(recorded)
    assert found["moves stop from ACTIVE to SHUTOFF"] == "met"
    assert found["refusals.state stop in VERIFY_RESIZE"] == "missing"
    assert found["moves resize from ACTIVE to VERIFY_RESIZE"] == "missing"
    assert found["refusals.state stop in RESCUE"] == "unused"
    assert found["moves pause from ACTIVE to PAUSED"] == "unused"


def test_percentages_are_rounded_down():
    assert Share(44, 45).percent == 97
    assert not Share(44, 45).reaches(97.8)
    assert Share(9, 10).reaches(90)
    assert Share(0, 0).percent == 100


def test_thresholds(recorded):
    server = recorded.demo.servers.create("web1", "m1.tiny", "cirros")
    server.pause()
    coverage = recorded.coverage()
    assert find_shortfalls(coverage, parse_thresholds("actions=3, moves=6")) == []
    assert find_shortfalls(coverage, parse_thresholds("moves=6.7")) == ["moves: 3 of 45 (6 %), and 6.7 % are required"]
    assert find_shortfalls(coverage, parse_thresholds("moves.used=100,refusals=0")) == []


@pytest.mark.parametrize("text", ["", "moves", "moves=", "moves=x", "moves=101", "moves=-1", "moves=nan", "turns=5"])
def test_invalid_thresholds(text):
    with pytest.raises(UsageError):
        parse_thresholds(text)
