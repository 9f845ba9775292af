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

    @pytest.mark.parametrize(
        ("change", "why"), [({"forced_down": True}, "it is forced down"), ({"up": False}, "it is down")]
    )
    def test_services_that_are_down(self, play, change, why):
        if "forced_down" in change:
            body = {"host": "host1", "binary": "nova-compute", "forced_down": True}
            assert play.ask("PUT", "/os-services/force-down", body, "admin", minor=52).code == 200
        else:
            hosts.change_host(play.cloud, "host1", **change)
        assert hosts.explain_flavor(play.cloud, "1")[0].why == why

    def test_hosts_of_a_cell_that_is_down(self, play):
        hosts.change_host(play.cloud, "host2", cell_down=True)
        found = hosts.explain_flavor(play.cloud, "1")[1]
        assert (found.removed_by, found.why, found.rank) == ("Cell", "its cell cannot be reached", None)

    def test_hosts_without_a_capability(self, play):
        found = hosts.explain_flavor(play.cloud, flavor_with(play, **{"capabilities:hypervisor_type": "Xen"}))
        assert {each.removed_by for each in found} == {"ComputeCapabilitiesFilter"}
        assert {each.why for each in found} == {"it lacks hypervisor_type Xen"}

    def test_hosts_that_do_not_match_the_image(self, play):
        body = {"name": "arm", "disk_format": "qcow2", "container_format": "bare", "hw_architecture": "aarch64"}
        image = play.ask("POST", "/v2/images", body | {"hw_vm_mode": "xen"}, service="image").body["id"]
        play.ask("PUT", f"/v2/images/{image}/file", "content", service="image")
        found = hosts.explain_server(play.cloud, play.create(imageRef=image))
        assert {each.removed_by for each in found} == {"ImagePropertiesFilter"}
        assert {each.why for each in found} == {"the image requires architecture aarch64, mode xen"}

    def test_every_shortage_is_shown(self, play):
        body = {"name": "g", "id": "g", "ram": 70000, "vcpus": 300, "disk": 2000}
        play.ask("POST", "/flavors", {"flavor": body}, "admin")
        why = hosts.explain_flavor(play.cloud, "g")[0].why.split("; ")
        assert [" ".join(each.split()[3:]) for each in why] == [
            "vCPUs are free, 300 are needed",
            "MiB of RAM are free, 70000 are needed",
            "GiB of disk are free, 2000 are needed",
        ]

    def test_a_disabled_host_without_a_reason(self, play):
        body = {"host": "host1", "binary": "nova-compute"}
        assert play.ask("PUT", "/os-services/disable", body, "admin", minor=52).code == 200
        assert hosts.explain_flavor(play.cloud, "1")[0].why == "its service is disabled"

    def test_used_resources_are_not_free(self, play):
        for id, ram, vcpus in (("g", 65024, 1), ("v", 64, 17)):
            body = {"name": id, "id": id, "ram": ram, "vcpus": vcpus, "disk": 1}
            play.ask("POST", "/flavors", {"flavor": body}, "admin")
        home = play.server(play.create()).host
        found = {each.host: each.why for each in hosts.explain_flavor(play.cloud, "g")}
        shortage = "64512 of 65024 MiB of RAM are free, 65024 are needed"
        assert found == {"host1": "", "host2": "", "host3": ""} | {home: shortage}
        found = {each.host: each.why for each in hosts.explain_flavor(play.cloud, "v")}
        assert set(found.values()) == {"one server can have 16 vCPUs, 17 are needed"}
