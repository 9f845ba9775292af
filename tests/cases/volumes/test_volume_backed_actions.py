"""Actions on servers that boot from a volume: rescue, rebuild and createImage."""

from __future__ import annotations

import json

import pytest

from tests.play import Play

RESCUE = {"hw_rescue_device": "disk", "hw_rescue_bus": "virtio"}
REASON = "cannot be rescued: Cannot rescue a volume-backed instance"


@pytest.fixture
def play():
    return Play()


def create_bfv(play, name="bfv", image=None, size=1, flavor="2", extra=()):
    root = {
        "uuid": image or play.image,
        "source_type": "image",
        "destination_type": "volume",
        "boot_index": 0,
        "volume_size": size,
    }
    body = {
        "name": name,
        "flavorRef": flavor,
        "imageRef": "",
        "networks": [{"uuid": play.network}],
        "block_device_mapping_v2": [root, *extra],
    }
    answer = play.ask("POST", "/servers", {"server": body})
    assert answer.code == 202, answer
    return answer.body["server"]["id"]


def find_image(play, name):
    return play.find_id("image", "/v2/images", "images", name)


def build_image(play, **attributes):
    image = play.act(play.create("source"), "createImage", {"name": "i"}).body["image_id"]
    body = [{"op": "add", "path": f"/{name}", "value": value} for name, value in attributes.items()]
    assert play.ask("PATCH", f"/v2/images/{image}", body, service="image").code == 200
    return image


def message_of(answer):
    return next(iter(answer.body.values()))["message"]


def volumes_of(play, server):
    project = play.callers["demo"].project_id
    listed = play.ask("GET", f"/v3/{project}/volumes/detail", service="volume").body["volumes"]
    return [each for each in listed if any(at["server_id"] == server for at in each["attachments"])]


class TestRescue:
    @pytest.mark.parametrize("minor", [86, 87, 96])
    def test_an_image_without_the_properties_is_refused(self, play, minor):
        answer = play.act(create_bfv(play), "rescue", {}, minor=minor)
        assert answer.code == 400
        assert REASON in message_of(answer)

    @pytest.mark.parametrize("name", list(RESCUE))
    def test_one_property_is_not_enough(self, play, name):
        server = create_bfv(play, image=build_image(play, **{name: RESCUE[name]}))
        assert play.act(server, "rescue", {}).code == 400

    @pytest.mark.parametrize(("minor", "code"), [(86, 400), (87, 200)])
    def test_the_image_of_the_volume_has_both(self, play, minor, code):
        server = create_bfv(play, image=build_image(play, **RESCUE))
        assert play.act(server, "rescue", {}, minor=minor).code == code

    @pytest.mark.parametrize(("minor", "code"), [(86, 400), (87, 200)])
    def test_the_rescue_image_has_both(self, play, minor, code):
        arguments = {"rescue_image_ref": build_image(play, **RESCUE)}
        assert play.act(create_bfv(play), "rescue", arguments, minor=minor).code == code

    def test_the_rescue_image_decides(self, play):
        server = create_bfv(play, image=build_image(play, **RESCUE))
        assert play.act(server, "rescue", {"rescue_image_ref": play.image}).code == 400

    def test_a_locked_server_is_a_conflict_first(self, play):
        server = create_bfv(play)
        play.act(server, "lock", who="admin")
        assert play.act(server, "rescue", {}).code == 409


class TestRebuild:
    def test_an_image_larger_than_the_volume_is_refused(self, play):
        answer = play.act(create_bfv(play), "rebuild", {"imageRef": find_image(play, "debian-12")}, minor=93)
        assert answer.code == 400
        assert "Volume is smaller than the minimum size specified in image metadata." in message_of(answer)

    def test_the_record_of_the_volume_follows(self, play):
        server, debian = create_bfv(play, size=5), find_image(play, "debian-12")
        assert play.act(server, "rebuild", {"imageRef": debian}, minor=93).code == 202
        [volume] = volumes_of(play, server)
        assert volume["volume_image_metadata"]["image_name"] == "debian-12"
        assert play.state(server) == ("ACTIVE", None)
        answer = play.act(server, "rebuild", {"imageRef": play.image}, minor=92)
        assert answer.code == 400
        assert "Unable to rebuild with a different image for a volume-backed server." in message_of(answer)
        assert play.act(server, "rebuild", {"imageRef": debian}, minor=92).code == 202

    def test_a_host_that_does_not_suit_the_image_leaves_the_volume(self, play):
        server = create_bfv(play, size=5)
        play.act(server, "rebuild", {"imageRef": build_image(play, hw_architecture="aarch64")}, minor=93)
        [volume] = volumes_of(play, server)
        assert play.state(server) == ("ERROR", None)
        assert volume["volume_image_metadata"]["image_name"] == "cirros"
        assert play.server(server).image_id == ""


class TestCreateImage:
    def create_image(self, play, server, **metadata):
        answer = play.act(server, "createImage", {"name": "i1", "metadata": metadata})
        return play.ask("GET", f"/v2/images/{answer.body['image_id']}", service="image").body

    def list_snapshots(self, play):
        project = play.callers["demo"].project_id
        return play.ask("GET", f"/v3/{project}/snapshots/detail", service="volume").body["snapshots"]

    def test_the_image_refers_to_a_snapshot_of_each_volume(self, play):
        blank = {"source_type": "blank", "destination_type": "volume", "boot_index": -1, "volume_size": 2}
        image = self.create_image(play, create_bfv(play, flavor="1", extra=[blank]), color="red")
        snapshots = self.list_snapshots(play)
        assert [each["name"] for each in snapshots] == ["snapshot for i1"] * 2
        assert (image["size"], image["status"], image["bdm_v2"], image["color"]) == (0, "active", "True", "red")
        mapping = json.loads(image["block_device_mapping"])
        assert {each["snapshot_id"] for each in mapping} == {each["id"] for each in snapshots}
        assert sorted(each["boot_index"] for each in mapping) == [-1, 0]

    def test_a_server_of_the_image_boots_from_a_new_volume(self, play):
        image = self.create_image(play, create_bfv(play, flavor="1"))
        server = play.create("second", imageRef=image["id"])
        assert play.state(server) == ("ACTIVE", None)
        [volume] = volumes_of(play, server)
        assert volume["snapshot_id"] == self.list_snapshots(play)[0]["id"]

    def test_the_snapshot_quota_is_checked_first(self, play):
        project = play.callers["demo"].project_id
        body = {"quota_set": {"snapshots": 0}}
        path = f"/v3/{play.callers['admin'].project_id}/os-quota-sets/{project}"
        assert play.ask("PUT", path, body, "admin", service="volume").code == 200
        answer = play.act(create_bfv(play), "createImage", {"name": "i1"})
        assert (answer.code, message_of(answer)) == (403, "Quota exceeded for resources: snapshots")
        assert self.list_snapshots(play) == []
