"""Block devices of a create request: what Nova refuses, and what it reserves."""

from __future__ import annotations

import pytest

from tests.play import Play

GIB = 1024**3
BOOT_SEQUENCE = "Boot sequence for the instance and image/block device mapping combination is not valid."


@pytest.fixture
def play():
    return Play("manual")


def volume(play, **fields):
    body = {"volume": {"size": 1, **fields}}
    path = f"/v3/{play.callers['demo'].project_id}/volumes"
    return play.ask("POST", path, body, service="volume").body["volume"]["id"]


def bootable(play):
    return volume(play, imageRef=play.image)


def status(play, id):
    path = f"/v3/{play.callers['demo'].project_id}/volumes/{id}"
    found = play.ask("GET", path, service="volume").body["volume"]
    return found["status"], len(found["attachments"])


def image(play, name):
    return play.find_id("image", "/v2/images", "images", name)


def local(image):
    return {"uuid": image, "source_type": "image", "destination_type": "local", "boot_index": 0}


def from_volume(id, **fields):
    return {"uuid": id, "source_type": "volume", "destination_type": "volume", "boot_index": -1, **fields}


def request(play, devices, image_ref="", flavor="1", minor=96, who="demo", **more):
    server = {"name": "n", "flavorRef": flavor, "networks": [{"uuid": play.network}], **more}
    server |= {"imageRef": image_ref, "block_device_mapping_v2": devices}
    return play.ask("POST", "/servers", {"server": server}, who, minor)


def refusal(answer, code=400):
    assert answer.code == code, answer
    return next(iter(answer.body.values()))["message"]


class TestForm:
    def test_an_image_on_a_local_disk_needs_an_image_reference(self, play):
        assert "Mapping image to local is not supported." in refusal(request(play, [local(play.image)]))

    @pytest.mark.parametrize("index", [-1, None, 1])
    def test_and_boot_index_0(self, play, index):
        device = local(play.image) | {"boot_index": index}
        assert "Mapping image to local" in refusal(request(play, [device], play.image))

    @pytest.mark.parametrize("destination", ["local", "volume"])
    def test_a_blank_device_has_no_source(self, play, destination):
        blank = {"source_type": "blank", "destination_type": destination, "uuid": volume(play), "volume_size": 1}
        assert "Invalid device UUID." in refusal(request(play, [local(play.image), blank], play.image))

    @pytest.mark.parametrize("source", ["image", "volume", "snapshot"])
    def test_any_other_device_has_one(self, play, source):
        device = {"source_type": source, "destination_type": "volume", "boot_index": -1, "volume_size": 1}
        assert "Missing device UUID." in refusal(request(play, [local(play.image), device], play.image))

    def test_a_volume_type_is_for_new_volumes(self, play):
        devices = [local(play.image), from_volume(volume(play), volume_type="standard")]
        assert "Specifying volume type to existing volume" in refusal(request(play, devices, play.image))

    def test_a_volume_type_is_not_for_local_disks(self, play):
        blank = {"source_type": "blank", "destination_type": "local", "volume_type": "standard", "boot_index": -1}
        assert "destination_type=local is not supported" in refusal(
            request(play, [local(play.image), blank], play.image)
        )

    def test_an_unknown_volume_type(self, play):
        blank = {"source_type": "blank", "destination_type": "volume", "volume_size": 1, "volume_type": "none"}
        message = refusal(request(play, [local(play.image), blank], play.image))
        assert message == "Volume type none could not be found."

    def test_both_versions_of_the_mapping(self, play):
        legacy = [{"volume_id": volume(play), "device_name": "vdb"}]
        answer = request(play, [local(play.image)], play.image, block_device_mapping=legacy)
        assert "Using different block_device_mapping syntaxes" in refusal(answer)


class TestBootOrder:
    @pytest.mark.parametrize("index", [-1, None, 1])
    @pytest.mark.parametrize("with_image", [True, False])
    def test_something_must_boot(self, play, index, with_image):
        device = from_volume(bootable(play), boot_index=index)
        assert BOOT_SEQUENCE in refusal(request(play, [device], play.image if with_image else ""))

    @pytest.mark.parametrize("indexes", [(0, 0), (0, 2)])
    def test_boot_indexes_are_0_1_2(self, play, indexes):
        devices = [from_volume(bootable(play), boot_index=index) for index in indexes]
        assert BOOT_SEQUENCE in refusal(request(play, devices))

    def test_a_second_device_may_boot(self, play):
        devices = [from_volume(bootable(play), boot_index=index) for index in (0, 1)]
        assert request(play, devices).code == 202

    def test_in_the_first_version_vda_boots(self, play):
        for name, code in (("vda", 202), ("/dev/vda", 202), ("vdb", 400), (None, 400)):
            raw = {"volume_id": bootable(play)} | ({"device_name": name} if name else {})
            body = {"name": "n", "flavorRef": "1", "networks": "none", "block_device_mapping": [raw]}
            assert play.ask("POST", "/servers", {"server": body}).code == code, name

    def test_the_root_device_of_an_image_is_taken(self, play):
        devices = [local(play.image), from_volume(volume(play), device_name="vda")]
        assert "same device name as the root device vda" in refusal(request(play, devices, play.image))


class TestBootDisk:
    def test_not_bootable(self, play):
        id = volume(play)
        assert refusal(request(play, [from_volume(id, boot_index=0)])) == f"Block Device {id} is not bootable."

    def test_smaller_than_the_image_asks_for(self, play):
        device = {"uuid": image(play, "debian-12"), "source_type": "image", "destination_type": "volume"}
        device |= {"boot_index": 0, "volume_size": 2}
        message = refusal(request(play, [device], flavor="2"))
        assert message.startswith("Volume is smaller than the minimum size specified in image metadata.")
        assert f"Volume size is {2 * GIB} bytes, minimum size is {4 * GIB} bytes." in message
        assert request(play, [device | {"volume_size": 4}], flavor="2").code == 202

    def test_too_little_memory(self, play):
        device = {"uuid": image(play, "ubuntu-24.04"), "source_type": "image", "destination_type": "volume"}
        device |= {"boot_index": 0, "volume_size": 5}
        assert refusal(request(play, [device])) == "Flavor's memory is too small for requested image."

    def test_too_little_memory_for_the_image_behind_a_volume(self, play):
        id = volume(play, imageRef=image(play, "ubuntu-24.04"), size=5)
        assert "memory is too small" in refusal(request(play, [from_volume(id, boot_index=0)]))

    def test_a_flavor_without_disk_is_for_volumes(self, play):
        flavor = {"name": "z", "id": "z", "ram": 512, "vcpus": 1, "disk": 0}
        play.ask("POST", "/flavors", {"flavor": flavor}, "admin")
        message = "Only volume-backed servers are allowed for flavors with zero disk."
        assert refusal(request(play, [], play.image, flavor="z"), 403) == message
        assert request(play, [], play.image, flavor="z", who="admin", networks="none").code == 202
        assert request(play, [from_volume(bootable(play), boot_index=0)], flavor="z").code == 202

    def test_certificates_are_not_for_volumes(self, play):
        devices = [from_volume(bootable(play), boot_index=0)]
        answer = request(play, devices, trusted_image_certificates=["c"])
        assert "not supported when booting from volume" in refusal(answer)


class TestVolumes:
    @pytest.mark.parametrize("counts", [{"min_count": 2}, {"max_count": 2}])
    @pytest.mark.parametrize("boots", [True, False])
    def test_not_for_several_servers(self, play, counts, boots):
        devices = [from_volume(bootable(play), boot_index=0)]
        if not boots:
            devices = [local(play.image), from_volume(volume(play))]
        message = refusal(request(play, devices, "" if boots else play.image, **counts))
        assert message == "Cannot attach one or more volumes to multiple instances"

    @pytest.mark.parametrize("boots", [True, False])
    def test_multiattach_volumes_need_2_60(self, play, boots):
        id = volume(play, multiattach=True, **({"imageRef": play.image} if boots else {}))
        devices = [from_volume(id, boot_index=0)] if boots else [local(play.image), from_volume(id)]
        answer = request(play, devices, "" if boots else play.image, minor=59)
        assert "only supported starting with compute API version 2.60" in refusal(answer)
        assert request(play, devices, "" if boots else play.image, minor=60).code == 202


class TestReservation:
    def test_from_the_answer_on(self, play):
        root, data = bootable(play), volume(play)
        server = request(play, [from_volume(root, boot_index=0), from_volume(data)]).body["server"]["id"]
        assert (status(play, root), status(play, data)) == (("reserved", 0), ("reserved", 0))
        assert "Invalid volume" in refusal(request(play, [from_volume(root, boot_index=0)]))
        path = f"/v3/{play.callers['demo'].project_id}/volumes/{root}"
        assert play.ask("DELETE", path, service="volume").code == 400
        play.advance(60)
        assert (status(play, root), status(play, data)) == (("in-use", 1), ("in-use", 1))
        play.ask("DELETE", f"/servers/{server}")
        play.advance(60)
        assert (status(play, root), status(play, data)) == (("available", 0), ("available", 0))

    def test_without_a_host_until_the_server_is_deleted(self, play):
        flavor = {"name": "big", "id": "big", "ram": 512, "vcpus": 1000, "disk": 1}
        play.ask("POST", "/flavors", {"flavor": flavor}, "admin")
        play.ask("PUT", f"/os-quota-sets/{play.callers['demo'].project_id}", {"quota_set": {"cores": -1}}, "admin")
        root, data = bootable(play), volume(play)
        server = request(play, [from_volume(root, boot_index=0), from_volume(data)], flavor="big").body["server"]["id"]
        play.advance(60)
        assert play.state(server)[0] == "ERROR"
        assert (status(play, root), status(play, data)) == (("reserved", 0), ("reserved", 0))
        listed = play.ask("GET", f"/servers/{server}/os-volume_attachments").body["volumeAttachments"]
        assert {each["volumeId"] for each in listed} == {root, data}
        play.ask("DELETE", f"/servers/{server}")
        play.advance(60)
        assert (status(play, root), status(play, data)) == (("available", 0), ("available", 0))

    def test_deleted_while_it_waits_for_its_build(self, play):
        root = bootable(play)
        server = request(play, [from_volume(root, boot_index=0)]).body["server"]["id"]
        play.ask("DELETE", f"/servers/{server}")
        play.advance(60)
        assert status(play, root) == ("available", 0)

    def test_a_refused_request_reserves_nothing(self, play):
        data = volume(play)
        refusal(request(play, [local(play.image), from_volume(data), from_volume("x" * 8)], play.image))
        assert status(play, data) == ("available", 0)


class TestShelvedServers:
    @pytest.mark.parametrize("offload_time", [0, -1])
    def test_volumes_stay_reserved(self, offload_time):
        play = Play("instant", shelved_offload_time=offload_time)
        data = volume(play)
        server = request(play, [local(play.image), from_volume(data)], play.image).body["server"]["id"]
        play.act(server, "shelve")
        assert status(play, data) == (("reserved", 0) if offload_time == 0 else ("in-use", 1))
        if offload_time:
            play.act(server, "shelveOffload", who="admin")
            assert status(play, data) == ("reserved", 0)
        play.act(server, "unshelve")
        assert (play.state(server)[0], status(play, data)) == ("ACTIVE", ("in-use", 1))


class TestRootDeviceName:
    def name(self, play, server):
        view = play.ask("GET", f"/servers/{server}", who="admin").body["server"]
        return view["OS-EXT-SRV-ATTR:root_device_name"]

    @pytest.mark.parametrize(("device", "name"), [({}, "/dev/vda"), ({"device_name": "/dev/vdc"}, "/dev/vdc")])
    def test_set_by_the_build(self, play, device, name):
        server = request(play, [from_volume(bootable(play), boot_index=0, **device)]).body["server"]["id"]
        assert self.name(play, server) is None
        play.advance(60)
        assert self.name(play, server) == name
