"""Zones and hosts of a create request: zone:host:node, host and hypervisor_hostname (2.74), and the pinned zone."""

from __future__ import annotations

import pytest

from novasim.control import hosts
from tests.play import Play

NOT_AVAILABLE = "The requested availability zone is not available"


@pytest.fixture
def play():
    """host1 is in zone z; host2 and host3 are in the default zone."""
    play = Play(weight_classes=[])
    zone = {"aggregate": {"name": "z", "availability_zone": "z"}}
    number = play.ask("POST", "/os-aggregates", zone, "admin").body["aggregate"]["id"]
    play.ask("POST", f"/os-aggregates/{number}/action", {"add_host": {"host": "host1"}}, "admin")
    return play


def create(play, who="admin", minor=96, **fields):
    body = {"name": "a", "flavorRef": "1", "imageRef": play.image, "networks": [{"uuid": play.network}], **fields}
    return play.ask("POST", "/servers", {"server": body}, who, minor)


def built(play, **fields):
    answer = create(play, **fields)
    assert answer.code == 202, answer
    return play.server(answer.body["server"]["id"])


@pytest.mark.parametrize(
    ("zone", "host", "pinned"),
    [
        ("z", "host1", "z"),
        ("z:", "host1", "z"),
        ("nova", "host1", "nova"),  # the default zone has no aggregate, so every host will do
        ("internal", "host1", "internal"),  # so it is with the zone of the controller
        (":host2", "host2", None),
        ("z:host1", "host1", "z"),
        ("nova:host2", "host2", "nova"),
        ("nova:host1", "host1", None),  # the zone of the host counts, not the requested one
        ("z:host2", "host2", None),
        ("z:host1:host1", "host1", "z"),
        ("::host1", "host1", None),
        ("z::host2", "host2", None),
        ("nowhere:", "host1", "nowhere"),  # a zone before a colon is not checked
    ],
)
def test_host_and_pinned_zone(play, zone, host, pinned):
    server = built(play, availability_zone=zone)
    assert (server.host, server.pinned_availability_zone) == (host, pinned)


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        ("nowhere", NOT_AVAILABLE),
        ("a:b:c:d", "Invalid input received: Unable to parse availability_zone"),
        (":::host1", "Invalid input received: Unable to parse availability_zone"),
    ],
)
def test_zones_that_are_refused(play, zone, message):
    answer = create(play, availability_zone=zone)
    assert (answer.code, answer.body["badRequest"]["message"]) == (400, message)


def test_a_zone_without_an_enabled_host_is_refused(play):
    play.disable_host("host1")
    assert create(play, availability_zone="z").code == 400
    assert create(play, availability_zone="z:").code == 202


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        (":nowhere", "No valid host was found. No such host - host: nowhere node: None "),
        (":host1:host2", "No valid host was found. No such host - host: host1 node: host2 "),
        ("::nowhere", "No valid host was found. No such host - host: None node: nowhere "),
    ],
)
def test_a_forced_host_that_does_not_exist(play, zone, message):
    assert built(play, availability_zone=zone).fault["message"] == message


@pytest.mark.parametrize("is_full", [False, True])
def test_placement_filters_a_forced_host(play, is_full):
    if is_full:
        hosts.change_host(play.cloud, "host2", reserved_ram_mb=65536)
    else:
        play.disable_host("host2")
    assert built(play, availability_zone=":host2").fault["message"] == "No valid host was found. "


def test_filters_do_not_look_at_a_forced_host(play):
    play.ask("POST", "/flavors", {"flavor": {"name": "f", "id": "f", "ram": 64, "vcpus": 1, "disk": 1}}, "admin")
    specs = {"extra_specs": {"capabilities:hypervisor_type": "VMware"}}
    play.ask("POST", "/flavors/f/os-extra_specs", specs, "admin", 85)
    assert built(play, flavorRef="f").vm_state == "error"
    assert built(play, flavorRef="f", availability_zone=":host2").vm_state == "active"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"host": "nowhere"}, "Compute host nowhere could not be found."),
        ({"hypervisor_hostname": "nowhere"}, "Compute host nowhere could not be found."),
        ({"host": "host1", "hypervisor_hostname": "host2"}, "Compute host host1 could not be found."),
        ({"host": "host1", "availability_zone": "nowhere"}, NOT_AVAILABLE),
        (
            {"host": "host1", "availability_zone": ":host1"},
            "One mechanism with host and/or hypervisor_hostname and another mechanism with zone:host:node are mutually "
            "exclusive.",
        ),
    ],
)
def test_requested_hosts_that_are_refused(play, fields, message):
    answer = create(play, **fields)
    assert (answer.code, answer.body["badRequest"]["message"]) == (400, message)


@pytest.mark.parametrize("fields", [{"host": "host3"}, {"hypervisor_hostname": "host3"}])
def test_a_requested_host_has_to_pass_the_filters(play, fields):
    assert built(play, **fields).host == "host3"
    assert built(play, **fields, availability_zone="z").fault["message"] == "No valid host was found. "
    service = play.ask("GET", "/os-services", who="admin", host="host3").body["services"][0]["id"]
    play.ask("PUT", f"/os-services/{service}", {"forced_down": True}, "admin")
    message = "No valid host was found. There are not enough hosts available."
    assert built(play, **fields).fault["message"] == message


def test_the_quota_comes_after_the_zone_and_before_the_volumes(play):
    play.ask("PUT", f"/os-quota-sets/{play.callers['admin'].project_id}", {"quota_set": {"instances": 0}}, "admin")
    assert create(play, availability_zone="nowhere").code == 400
    assert create(play, host="nowhere").code == 400
    assert create(play, availability_zone="internal").code == 403
    assert create(play, availability_zone=":nowhere").code == 403
