"""The explanation of why the scheduler removes a host."""

from __future__ import annotations

import pytest

from novasim.control import hosts
from novasim.simulation.options import FILTERS
from tests.play import Play
from tests.simulation.scheduling.test_extra_specs import aggregate_of, flavor_with
from tests.simulation.scheduling.test_scheduler_hints import group, made


@pytest.fixture
def play():
    return Play()


def test_disabled_hosts_show_their_reason():
    play = Play()
    service = play.ask("GET", "/os-services", who="admin", host="host1").body["services"][0]["id"]
    change = {"status": "disabled", "disabled_reason": "new disk"}
    assert play.ask("PUT", f"/os-services/{service}", change, "admin").code == 200
    why = {each.host: each.why for each in hosts.explain_flavor(play.cloud, "1")}
    assert why == {"host1": "its service is disabled: new disk", "host2": "", "host3": ""}


def test_hosts_that_do_not_match_the_hints():
    play = Play()
    apart = group(play, "anti-affinity")
    for name in "abc":
        assert made(play, name, group=apart)
    first = play.ask("GET", "/servers", name="a").body["servers"][0]["id"]
    told = {each.why for each in hosts.explain_server(play.cloud, first)}
    assert told == {"the server is already on this host", "it does not match the scheduler hints: group"}


def test_hosts_in_another_zone():
    play = Play()
    for name, host in (("y", "host1"), ("z", "host3")):
        zone = {"aggregate": {"name": name, "availability_zone": name}}
        number = play.ask("POST", "/os-aggregates", zone, "admin").body["aggregate"]["id"]
        play.ask("POST", f"/os-aggregates/{number}/action", {"add_host": {"host": host}}, "admin")
    pinned = play.create(availability_zone="y")
    told = {each.host: each.why for each in hosts.explain_server(play.cloud, pinned)}
    assert told["host3"] == "it is in zone z, not in y"


class TestExplanation:
    def test_each_host_has_its_reason(self):
        play = Play(enabled_filters=list(FILTERS))
        aggregate_of(play, "host3", ssd="true")
        hosts.change_host(play.cloud, "host1", up=False)
        found = hosts.explain_flavor(play.cloud, flavor_with(play, **{"aggregate_instance_extra_specs:ssd": "true"}))
        assert [tuple(each) for each in found] == [
            ("host1", "ComputeFilter", "it is down", None),
            ("host2", "AggregateInstanceExtraSpecsFilter", "its aggregates lack ssd true", None),
            ("host3", "", "", 1),
        ]

    def test_a_server_is_explained_as_if_it_were_migrated(self, play):
        server = play.create()
        found = {each.host: each for each in hosts.explain_server(play.cloud, server)}
        assert found["host1"].why == "the server is already on this host"
        assert sorted(each.rank for each in found.values() if each.rank) == [1, 2]

    def test_full_hosts_show_free_and_needed_resources(self, play):
        play.ask("POST", "/flavors", {"flavor": {"name": "g", "id": "g", "ram": 70000, "vcpus": 1, "disk": 1}}, "admin")
        found = hosts.explain_flavor(play.cloud, "g")
        assert {each.why for each in found} == {"65024 of 65024 MiB of RAM are free, 70000 are needed"}
