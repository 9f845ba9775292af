"""Servers of images that define devices: images of servers that boot from volumes, and their block devices."""

from __future__ import annotations

import json

import pytest

from novasim.records import Volume, VolumeSnapshot
from tests import each_case
from tests.play import Play

FIELDS = {
    *("source_type", "destination_type", "guest_format", "device_type", "disk_bus", "boot_index", "device_name"),
    *("delete_on_termination", "snapshot_id", "volume_id", "volume_size", "image_id", "no_device", "tag"),
    *("volume_type", "encrypted", "encryption_secret_uuid", "encryption_format", "encryption_options"),
}


@pytest.fixture
def play():
    play = Play()
    swap = {"id": "swap", "name": "swap", "ram": 512, "vcpus": 1, "disk": 1, "swap": 64, "OS-FLV-EXT-DATA:ephemeral": 1}
    assert play.ask("POST", "/flavors", {"flavor": swap}, "admin").code == 200
    return play


def on_volume(play, **fields):
    device = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0}
    return device | {"volume_size": 1} | fields


def blank(**fields):
    return {"source_type": "blank", "destination_type": "volume", "boot_index": -1, "volume_size": 2} | fields


def build(play, *devices, flavor="1", image="", **more):
    return play.create("bfv", flavor, imageRef=image, block_device_mapping_v2=list(devices), **more)


def build_image(play, server, name="i"):
    answer = play.act(server, "createImage", {"name": name})
    assert answer.code == 202, answer
    return answer.body["image_id"]


def devices_of(play, image):
    view = play.ask("GET", f"/v2/images/{image}", service="image").body
    return json.loads(view["block_device_mapping"])


def from_image(play, image, flavor="1", **more):
    body = {"name": "copy", "flavorRef": flavor, "imageRef": image, "networks": [{"uuid": play.network}]}
    answer = play.ask("POST", "/servers", {"server": body | more})
    assert answer.code == 202, answer
    return answer.body["server"]["id"]


def attached(play, server):
    return play.ask("GET", f"/servers/{server}/os-volume_attachments").body["volumeAttachments"]


def refusal(answer, code=400):
    assert answer.code == code, answer
    return next(iter(answer.body.values()))["message"]


class TestImage:
    def test_it_describes_every_volume(self, play):
        server = build(play, on_volume(play, delete_on_termination=True), blank(device_name="/dev/vdf"))
        root, data = devices_of(play, build_image(play, server))
        assert set(root) == set(data) == FIELDS
        snapshots = {snapshot.id: snapshot for snapshot in play.all(VolumeSnapshot)}
        assert (snapshots[root["snapshot_id"]].size, snapshots[data["snapshot_id"]].size) == (1, 2)
        assert (root["boot_index"], root["delete_on_termination"], root["device_name"]) == (0, True, "/dev/vda")
        assert (data["boot_index"], data["delete_on_termination"], data["device_name"]) == (-1, False, "/dev/vdf")

    def test_local_disks_come_first(self, play):
        server = build(play, on_volume(play), flavor="swap")
        listed = devices_of(play, build_image(play, server))
        assert [(each["source_type"], each["destination_type"]) for each in listed] == [
            ("blank", "local"),
            ("blank", "local"),
            ("snapshot", "volume"),
        ]

    def test_it_has_no_bytes(self, play):
        view = play.ask("GET", f"/v2/images/{build_image(play, build(play, on_volume(play)))}", service="image").body
        assert (view["status"], view["size"], view["bdm_v2"]) == ("active", 0, "True")
        assert view["root_device_name"] == "/dev/vda"
        assert "image_type" not in view

    def test_the_image_and_its_snapshots_belong_to_the_requester(self, play):
        server = build(play, on_volume(play))
        image = play.act(server, "createImage", {"name": "i"}, who="admin").body["image_id"]
        project = play.callers["admin"].project_id
        assert play.ask("GET", f"/v2/images/{image}", who="admin", service="image").body["owner"] == project
        assert [snapshot.project_id for snapshot in play.all(VolumeSnapshot)] == [project]

    def test_the_task_state_does_not_change(self):
        play = Play("manual")
        server = build(play, on_volume(play))
        play.advance(60)
        image = build_image(play, server)
        assert play.state(server) == ("ACTIVE", None)
        assert play.ask("GET", f"/v2/images/{image}", service="image").body["status"] == "active"

    @pytest.mark.parametrize(
        ("limits", "words"),
        [
            ({"snapshots": 1}, "Quota exceeded for resources: snapshots"),
            ({"gigabytes": 5}, "Requested 3G, quota is 5G and 3G has been consumed."),
            ({"snapshots_standard": 1}, "Maximum number of snapshots allowed (1) exceeded"),
            (
                {"gigabytes_standard": 5},
                "exceeds allowed gigabytes_standard quota. Requested 3G, quota is 5G and 3G has been consumed.",
            ),
        ],
    )
    def test_the_quotas_have_room_for_a_snapshot_of_each_volume(self, play, limits, words):
        server = build(play, on_volume(play), blank())
        project = play.callers["demo"].project_id
        path = f"/v3/{play.callers['admin'].project_id}/os-quota-sets/{project}"
        assert play.ask("PUT", path, {"quota_set": limits}, "admin", service="volume").code == 200
        assert refusal(play.act(server, "createImage", {"name": "i"}), 403).endswith(words)
        assert play.all(VolumeSnapshot) == []


class TestServerOfTheImage:
    @pytest.fixture
    def image(self, play):
        return build_image(play, build(play, on_volume(play), blank(device_name="/dev/vdf")))

    def test_it_has_new_volumes_from_the_snapshots(self, play, image):
        server = from_image(play, image)
        volumes = {volume.id: volume for volume in play.all(Volume)}
        new = [volumes[each["volumeId"]] for each in attached(play, server)]
        assert {volume.snapshot_id for volume in new} == {snapshot.id for snapshot in play.all(VolumeSnapshot)}
        assert [each["device"] for each in attached(play, server)] == ["/dev/vda", "/dev/vdf"]
        assert play.ask("GET", f"/servers/{server}").body["server"]["image"]["id"] == image

    def test_a_local_disk_of_the_request_gives_way_to_the_root_of_the_image(self, play, image):
        local = {"uuid": image, "source_type": "image", "destination_type": "local", "boot_index": 0}
        assert len(attached(play, from_image(play, image, block_device_mapping_v2=[local]))) == 2

    def test_a_device_with_the_same_name_replaces_one_of_the_image(self, play, image):
        server = from_image(play, image, block_device_mapping_v2=[blank(device_name="/dev/vdf", volume_size=7)])
        sizes = {volume.id: volume.size for volume in play.all(Volume)}
        assert [sizes[each["volumeId"]] for each in attached(play, server)] == [7, 1]

    def test_no_device_removes_one_of_the_image(self, play, image):
        removed = {"device_name": "/dev/vdf", "no_device": True, "source_type": "blank"}
        assert len(attached(play, from_image(play, image, block_device_mapping_v2=[removed]))) == 1

    def test_the_first_version_of_the_mapping_boots_from_the_image_too(self, play, image):
        path = f"/v3/{play.callers['demo'].project_id}/volumes"
        data = play.ask("POST", path, {"volume": {"size": 1}}, service="volume").body["volume"]["id"]
        mapping = [{"volume_id": data, "device_name": "vdg"}]
        server = from_image(play, image, block_device_mapping=mapping)
        assert {each["device"] for each in attached(play, server)} == {"/dev/vda", "/dev/vdf", "/dev/vdg"}

    def test_it_is_no_rescue_image(self, play, image):
        answer = play.act(play.create(), "rescue", {"rescue_image_ref": image})
        assert refusal(answer) == f"Requested rescue image '{image}' is not supported"


class TestNames:
    def test_local_disks_are_named_before_volumes(self, play):
        server = build(play, on_volume(play), blank(), flavor="swap")
        assert [each["device"] for each in attached(play, server)] == ["/dev/vda", "/dev/vdd"]

    def test_no_two_disks_are_at_one_name(self, play):
        server = build(play, on_volume(play), blank(device_name="/dev/vdc"), blank(device_name="vdc"), blank())
        assert [each["device"] for each in attached(play, server)] == ["/dev/vda", "/dev/vdc", "/dev/vdb", "/dev/vdd"]

    def test_the_image_names_the_root_device(self, play):
        image = play.act(play.create("source"), "createImage", {"name": "i"}).body["image_id"]
        patch = [{"op": "add", "path": "/root_device_name", "value": "/dev/sdx"}]
        assert play.ask("PATCH", f"/v2/images/{image}", patch, service="image").code == 200
        view = play.ask("GET", f"/servers/{from_image(play, image)}", who="admin").body["server"]
        assert view["OS-EXT-SRV-ATTR:root_device_name"] == "/dev/sdx"


class TestImageOfTheVolume:
    def property_image(self, play, **properties):
        image = play.act(play.create("source"), "createImage", {"name": "i"}).body["image_id"]
        body = [{"op": "add", "path": f"/{name}", "value": value} for name, value in properties.items()]
        assert play.ask("PATCH", f"/v2/images/{image}", body, service="image").code == 200
        return image

    def volume_of(self, play, image):
        path = f"/v3/{play.callers['demo'].project_id}/volumes"
        body = {"volume": {"size": 1, "imageRef": image}}
        return play.ask("POST", path, body, service="volume").body["volume"]["id"]

    def root(self, volume, **fields):
        return {"uuid": volume, "source_type": "volume", "destination_type": "volume", "boot_index": 0} | fields

    def test_its_properties_are_kept_and_hold_without_the_image(self, play):
        image = self.property_image(play, hw_rescue_device="disk", hw_rescue_bus="virtio")
        volume = self.volume_of(play, image)
        assert play.ask("DELETE", f"/v2/images/{image}", service="image").code == 204
        server = build(play, self.root(volume))
        assert play.act(server, "rescue", {}).code == 200

    def test_an_impossible_property_is_refused(self, play):
        volume = self.volume_of(play, play.image)
        path = f"/v3/{play.callers['demo'].project_id}/volumes/{volume}/action"
        metadata = {"metadata": {"hw_disk_bus": "nonsense"}}
        assert play.ask("POST", path, {"os-set_image_metadata": metadata}, service="volume").code == 200
        body = {"name": "n", "flavorRef": "1", "imageRef": "", "networks": "none"}
        answer = play.ask("POST", "/servers", {"server": body | {"block_device_mapping_v2": [self.root(volume)]}})
        assert refusal(answer) == "Invalid image metadata. Error: Field value nonsense is invalid"

    def test_a_local_disk_is_as_large_as_the_volume(self, play):
        volume = self.volume_of(play, play.image)
        path = f"/v3/{play.callers['demo'].project_id}/volumes/{volume}/action"
        assert play.ask("POST", path, {"os-extend": {"new_size": 2}}, service="volume").code == 202
        body = {"name": "n", "flavorRef": "1", "imageRef": "", "networks": "none"}
        devices = [self.root(volume, destination_type="local")]
        answer = play.ask("POST", "/servers", {"server": body | {"block_device_mapping_v2": devices}})
        assert refusal(answer).startswith("Flavor's disk is too small for requested image.")


MAPPING = {"source_type": "snapshot", "destination_type": "volume", "boot_index": 0, "snapshot_id": "x"}
ODD = [
    *(({"volume_size": size}, "Invalid volume_size.") for size in (["1"], [], "x", -1, 10**30, 1.5)),
    *(({"boot_index": index}, "Boot index is invalid.") for index in ("x", {"a": 1}, [])),
    *(({"device_name": name}, "Device name empty or too long.") for name in ("", 5, ["vda"])),
    ({"device_name": "v da"}, "Device name contains spaces."),
    *(({name: [1]}, "Some fields are invalid.") for name in ("snapshot_id", "virtual_name", "tag", "guest_format")),
]
ODD_CURRENT = [
    *(({"source_type": source}, "Some fields are invalid.") for source in (None, [], "x")),
    ({"destination_type": "x"}, "Some fields are invalid."),
    ({"snapshot_id": None}, "Missing device UUID."),
]


@each_case("fields, message, version", [(*case, v) for v in ("", "1") for case in ODD + (ODD_CURRENT if v else [])])
def test_devices_of_an_image_that_are_not_possible(fields, message, version):
    """Anybody can write these properties. Source: nova/block_device.py, BlockDeviceDict._validate."""
    play = Play()
    mapping = json.dumps([{**MAPPING, **fields}, 5])
    values = {"block_device_mapping": mapping, "bdm_v2": version}
    changes = [{"op": "add", "path": f"/{name}", "value": value} for name, value in values.items()]
    assert play.ask("PATCH", f"/v2/images/{play.image}", changes, "admin", service="image").code == 200
    body = {"name": "n", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
    assert refusal(play.ask("POST", "/servers", {"server": body})) == f"Block Device Mapping is Invalid: {message}"


@each_case("mapping", ["-1", "true", '"x"', "{", "{}"])
def test_a_mapping_that_is_no_list_defines_no_devices(mapping):
    play = Play()
    changes = [{"op": "add", "path": "/block_device_mapping", "value": mapping}]
    assert play.ask("PATCH", f"/v2/images/{play.image}", changes, "admin", service="image").code == 200
    assert play.state(play.create()) == ("ACTIVE", None)
