"""Host aggregates and availability zones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.play import Play


class Admin(Play):
    """A cloud as its administrator sees it."""

    def send(self, method: str, path: str = "", body=None, minor: int = 96):
        return self.ask(method, f"/os-aggregates{path}", body, "admin", minor)

    def create_aggregate(self, name: str = "a", zone: str | None = None) -> int:
        body = {"name": name} | ({"availability_zone": zone} if zone else {})
        return self.send("POST", body={"aggregate": body}).body["aggregate"]["id"]

    def run_action(self, id: int, key: str, **arguments):
        return self.send("POST", f"/{id}/action", {key: arguments})


def test_an_aggregate_is_created_shown_changed_and_deleted():
    play = Admin()
    assert play.create_aggregate("a", "az1") == 1
    assert play.send("POST", body={"aggregate": {"name": "a"}}).code == 409
    assert play.send("PUT", "/1", {"aggregate": {"name": "b"}}).body["aggregate"]["name"] == "b"
    assert play.run_action(1, "set_metadata", metadata={"ssd": "true", "old": "x"}).code == 200
    seen = play.run_action(1, "set_metadata", metadata={"old": None}).body["aggregate"]
    assert seen["metadata"] == {"availability_zone": "az1", "ssd": "true"}
    assert seen["availability_zone"] == "az1"
    assert play.send("DELETE", "/1").code == 200
    assert play.send("GET", "/1").code == 404
    assert play.create_aggregate("c") == 2


def test_hosts_are_added_and_removed():
    play = Admin()
    play.create_aggregate()
    assert play.run_action(1, "add_host", host="host1").body["aggregate"]["hosts"] == ["host1"]
    assert play.run_action(1, "add_host", host="host1").code == 409
    assert play.run_action(1, "add_host", host="nowhere").code == 404
    refused = play.send("DELETE", "/1")
    assert (refused.code, "is not empty" in refused.body["badRequest"]["message"]) == (400, True)
    assert play.run_action(1, "remove_host", host="host2").code == 404
    assert play.run_action(1, "remove_host", host="host1").body["aggregate"]["hosts"] == []
    assert play.run_action(9, "add_host", host="host1").code == 404


def test_a_host_cannot_be_in_two_zones():
    play = Admin()
    play.create_aggregate("a", "az1")
    play.create_aggregate("b", "az2")
    play.create_aggregate("c")
    play.run_action(1, "add_host", host="host1")
    assert play.run_action(2, "add_host", host="host1").code == 409
    assert play.run_action(3, "add_host", host="host1").code == 200
    assert play.run_action(3, "set_metadata", metadata={"availability_zone": "az3"}).code == 400
    assert play.run_action(3, "set_metadata", metadata={"availability_zone": "az1"}).code == 200


def test_a_host_with_servers_cannot_change_its_zone():
    play = Admin()
    play.create_aggregate("a", "az1")
    play.run_action(1, "add_host", host="host1")
    server = play.create(availability_zone="az1")
    assert play.server(server).host == "host1"
    assert play.send("PUT", "/1", {"aggregate": {"availability_zone": "az2"}}).code == 400
    assert play.run_action(1, "remove_host", host="host1").code == 409
    play.ask("DELETE", f"/servers/{server}")
    assert play.send("PUT", "/1", {"aggregate": {"availability_zone": "az2"}}).code == 200
    assert (
        play.ask(
            "POST",
            "/servers",
            {
                "server": {
                    "name": "x",
                    "flavorRef": "1",
                    "imageRef": play.image,
                    "networks": "none",
                    "availability_zone": "az1",
                }
            },
        ).code
        == 400
    )
    assert play.run_action(1, "remove_host", host="host1").code == 200


def test_a_zone_without_a_name_is_refused():
    play = Admin()
    play.create_aggregate()
    assert play.send("PUT", "/1", {"aggregate": {"availability_zone": None}}).code == 400
    assert play.run_action(1, "set_metadata", metadata={"availability_zone": None}).code == 400


def test_malformed_and_unknown_values_are_refused():
    play = Admin()
    assert play.send("GET", "/name").code == 400
    assert play.run_action(1, "explode").code == 400
    assert play.send("POST", body={"aggregate": {}}).code == 400
    assert play.send("POST", "/1/images", {"cache": []}, 80).code == 404
    play.create_aggregate()
    image = {"id": play.image}
    assert play.send("POST", "/1/images", {"cache": [image]}).code == 202
    assert play.send("POST", "/1/images", {"cache": [image, image]}).code == 400


@pytest.mark.parametrize("path", ["", "/1"])
def test_members_cannot_see_aggregates(path: str):
    assert Admin().ask("GET", f"/os-aggregates{path}").code == 403


@pytest.mark.parametrize("folder", ["", "v2.41/", "v2.81/"])
def test_keys_are_those_of_novas_samples(shared: Path, folder: str):
    minor = int(folder[3:-1] or 1) if folder else 1
    play = Admin()
    made = play.send("POST", body={"aggregate": {"name": "name", "availability_zone": "london"}}, minor=minor).body
    answers = {
        "aggregate-post": made,
        "aggregates-get": play.send("GET", "/1", minor=minor).body,
        "aggregate-update-post": play.send("PUT", "/1", {"aggregate": {"name": "newname"}}, minor).body,
        "aggregates-metadata-post": play.send(
            "POST", "/1/action", {"set_metadata": {"metadata": {"key": "value"}}}, minor
        ).body,
    }
    for name, answer in answers.items():
        file = shared / f"nova-facts/api-samples/os-aggregates/{folder}{name}-resp.json"
        assert set(answer["aggregate"]) == set(json.loads(file.read_text())["aggregate"]), name


def test_a_host_with_servers_keeps_its_zone():
    play = Admin()
    play.create_aggregate("a", "az1")
    play.create_aggregate("b", "az2")
    play.run_action(1, "add_host", host="host1")
    play.create(availability_zone="az1")
    reason = (
        "Reason: The host cannot be removed from the aggregate as the availability zone of the host would change from "
        "'{}' to '{}' but the host already has 1 instance(s)."
    )
    for id, before, after in ((1, "az1", None), (2, "az2", "az1")):  # also of an aggregate that does not have the host
        refused = play.run_action(id, "remove_host", host="host1")
        assert refused.code == 409
        assert reason.format(before, after) in refused.body["conflictingRequest"]["message"]
    assert play.run_action(2, "remove_host", host="host2").code == 404


def test_only_another_name_changes_the_stored_time_of_an_update():
    play = Admin()
    play.create_aggregate("a", "az1")
    assert play.run_action(1, "set_metadata", metadata={"a": "b"}).body["aggregate"]["updated_at"]
    assert play.send("GET", "/1").body["aggregate"]["updated_at"] is None
    play.send("PUT", "/1", {"aggregate": {"name": "b"}})
    assert play.send("GET", "/1").body["aggregate"]["updated_at"]


def test_a_negative_number_is_not_found():
    play = Admin()
    for method, path, body in (
        ("GET", "/-1", None),
        ("DELETE", "/-1", None),
        ("PUT", "/-1", {"aggregate": {"name": "b"}}),
        ("POST", "/-1/action", {"add_host": {"host": "host1"}}),
        ("POST", "/-1/action", {"set_metadata": {"metadata": {}}}),
        ("POST", "/-1/images", {"cache": [{"id": play.image}]}),
    ):
        answer = play.send(method, path, body)
        assert (answer.code, answer.body["itemNotFound"]["message"]) == (404, "Aggregate -1 could not be found.")


def test_only_images_that_exist_are_cached():
    play = Admin()
    play.create_aggregate()
    unknown = "00000000-0000-4000-8000-000000000000"
    assert play.send("POST", "/1/images", {"cache": [{"id": play.image}]}).code == 202
    assert play.send("POST", "/1/images", {"cache": [{"id": play.image}, {"id": unknown}]}).code == 400


def test_disabled_hosts_are_not_listed_in_zones():
    play = Admin()
    play.create_aggregate("a", "az1")
    play.run_action(1, "add_host", host="host1")
    service = play.ask("GET", "/os-services", who="admin", host="host1").body["services"][0]["id"]
    play.ask("PUT", f"/os-services/{service}", {"status": "disabled"}, "admin")
    zones = play.ask("GET", "/os-availability-zone/detail", who="admin").body["availabilityZoneInfo"]
    assert [(zone["zoneName"], zone["zoneState"]["available"]) for zone in zones] == [
        ("internal", True),
        ("nova", True),
        ("az1", False),
    ]
    assert sorted(zones[1]["hosts"]) == ["host2", "host3"] and zones[2]["hosts"] is None


def test_zones_are_listed_and_details_need_an_administrator(play):
    zones = play.ask("GET", "/os-availability-zone").body["availabilityZoneInfo"]
    assert zones == [{"zoneName": "nova", "zoneState": {"available": True}, "hosts": None}]
    assert play.ask("GET", "/os-availability-zone/detail").code == 403
    detail = play.ask("GET", "/os-availability-zone/detail", who="admin").body["availabilityZoneInfo"]
    assert [zone["zoneName"] for zone in detail] == ["internal", "nova"]
