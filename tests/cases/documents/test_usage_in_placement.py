"""Quota usage counted in Placement. Source: nova/conf/quota.py, count_usage_from_placement."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play(count_usage_from_placement=True)


def count_used(play):
    used = play.ask("GET", "/limits").body["limits"]["absolute"]
    return used["totalInstancesUsed"], used["totalCoresUsed"], used["totalRAMUsed"]


def test_a_resize_counts_on_both_hosts_until_it_is_confirmed(play):
    id = play.create()
    play.act(id, "resize", {"flavorRef": "2"})
    assert count_used(play) == (1, 2, 512 + 2048)
    play.act(id, "confirmResize")
    assert count_used(play) == (1, 1, 2048)


def test_a_server_without_a_host_uses_no_cores(play):
    id = play.create(flavor="5")
    for service in play.ask("GET", "/os-services", who="admin", binary="nova-compute").body["services"]:
        play.ask("PUT", f"/os-services/{service['id']}", {"status": "disabled"}, who="admin")
    failed = play.create(flavor="5")
    assert play.state(failed)[0] == "ERROR"
    assert count_used(play) == (2, 8, 16384)
    play.act(id, "shelve")
    assert count_used(play) == (2, 0, 0)


@pytest.mark.parametrize(("counts_in_placement", "code"), [(True, 403), (False, 202)])
def test_unshelve_of_an_offloaded_server_needs_quota(counts_in_placement, code):
    play = Play(count_usage_from_placement=counts_in_placement)
    id, project = play.create(flavor="2"), play.callers["demo"].project_id
    play.act(id, "shelve")
    quota = {"quota_set": {"ram": 1024, "force": True}}
    assert play.ask("PUT", f"/os-quota-sets/{project}", quota, "admin").code == 200
    answer = play.act(id, "unshelve")
    assert answer.code == code
    if code == 403:
        assert answer.body["forbidden"]["message"].startswith("Quota exceeded for ram")
