"""W4, W5 and W6: volume-backed servers, what Cinder shows, preconditions of attach, detach and update."""

from __future__ import annotations

import pytest

from tests.cases.public.world import Cases, refusal


@pytest.fixture
def play():
    return Cases()


def make_flavor(play, **fields):
    body = {"name": "f", "id": "f", "ram": 512, "vcpus": 1, "disk": 1, **fields}
    assert play.ask("POST", "/flavors", {"flavor": body}, "admin").code == 200
    return "f"


def volume_quota(play, **limits):
    project = play.callers["admin"].project_id
    path = f"/v3/{project}/os-quota-sets/{play.project}"
    assert play.ask("PUT", path, {"quota_set": limits}, "admin", 71, service="volume").code == 200


class TestW4:
    def test_create_image_makes_snapshots(self, play):
        server = play.bfv()
        image = play.act(server, "createImage", {"name": "i1"}).body["image_id"]
        (snapshot,) = play.cinder("GET", "/snapshots").body["snapshots"]
        assert snapshot["name"] == "snapshot for i1"
        other = play.server_of(imageRef=image)
        assert play.state(other) == ("ACTIVE", None)
        (attached,) = play.ask("GET", f"/servers/{other}/os-volume_attachments").body["volumeAttachments"]
        assert play.shown(attached["volumeId"])["snapshot_id"] == snapshot["id"]

    def test_create_image_takes_all_volumes(self, play):
        server, data = play.bfv(), play.volume()
        assert play.attach(server, data).code == 200
        assert play.act(server, "createImage", {"name": "i1"}).code == 202
        assert len(play.cinder("GET", "/snapshots").body["snapshots"]) == 2

    @pytest.mark.parametrize("minor", [87, 96])
    def test_rescue_without_the_properties(self, play, minor):
        answer = play.act(play.bfv(), "rescue", {}, minor=minor)
        assert "Cannot rescue a volume-backed instance" in refusal(answer, 400)

    def test_rebuild_with_an_image_that_is_too_large(self, play):
        answer = play.act(play.bfv("2"), "rebuild", {"imageRef": play.deb}, minor=93)
        assert "Volume is smaller than the minimum size" in refusal(answer, 400)

    def test_rebuild_writes_the_image_and_its_record(self, play):
        server = play.bfv("2", 5)
        assert play.act(server, "rebuild", {"imageRef": play.deb}, minor=93).code == 202
        (attached,) = play.ask("GET", f"/servers/{server}/os-volume_attachments").body["volumeAttachments"]
        assert play.shown(attached["volumeId"])["volume_image_metadata"]["image_name"] == "debian-12"
        answer = play.act(server, "rebuild", {"imageRef": play.image}, minor=92)
        assert "Unable to rebuild with a different image" in refusal(answer, 400)
        assert play.act(server, "rebuild", {"imageRef": play.deb}, minor=92).code == 202

    def test_a_flavor_without_a_disk(self, play):
        flavor = make_flavor(play, disk=0)
        text = "Only volume-backed servers are allowed for flavors with zero disk."
        assert text in refusal(play.ask_for_server(flavorRef=flavor), 403)
        assert play.bfv(flavor)

    def test_a_build_over_the_volume_quota(self, play):
        play.volume()
        volume_quota(play, volumes=1)
        server = play.bfv()
        assert play.fault(server).startswith(f"Build of instance {server} aborted: ")
        assert len(play.cinder("GET", "/volumes").body["volumes"]) == 1

    def test_a_build_over_the_quota_of_gigabytes(self, play):
        play.volume()
        volume_quota(play, gigabytes=2)
        server = play.bfv(size=2)
        assert play.fault(server).startswith(f"Build of instance {server} aborted: ")
        assert len(play.cinder("GET", "/volumes").body["volumes"]) == 1


class TestW5:
    @pytest.mark.parametrize("offload", [0, -1])
    def test_a_shelved_server_reserves_its_volume(self, offload):
        play = Cases(shelved_offload_time=offload)
        server, volume = play.create(), play.volume()
        assert play.attach(server, volume).code == 200
        assert play.act(server, "shelve").code == 202
        if offload:
            assert play.status(volume) == "in-use"
            assert play.act(server, "shelveOffload", who="admin").code == 202
        shown = play.shown(volume)
        assert (shown["status"], shown["attachments"]) == ("reserved", [])
        assert play.act(server, "unshelve").code == 202
        assert play.status(volume) == "in-use"

    def test_a_server_without_a_host_keeps_its_reservations(self, play):
        play.set_hosts("host1", "host2", "host3", disabled=True)
        root, data = play.volume(bootable=True), play.volume()
        one = play.server_of(imageRef="", block_device_mapping_v2=[play.vol(root, boot_index=0)])
        two = play.server_of(block_device_mapping_v2=[play.local(), play.vol(data)])
        assert (play.state(one)[0], play.status(root), play.status(data)) == ("ERROR", "reserved", "reserved")
        listed = play.ask("GET", f"/servers/{two}/os-volume_attachments").body["volumeAttachments"]
        assert [each["volumeId"] for each in listed] == [data]
        for server in (one, two):
            assert play.ask("DELETE", f"/servers/{server}").code == 204
        assert (play.status(root), play.status(data)) == ("available", "available")

    def test_a_multiattach_volume_of_an_offloaded_server(self, play):
        text = "Attaching multiattach volumes is not supported for shelved-offloaded instances."
        assert text in refusal(play.attach(play.off(), play.volume(multiattach=True)), 400)

    def test_multiattach_before_2_60(self, play):
        text = "Multiattach volumes are only supported starting with compute API version 2.60."
        multi = play.volume(multiattach=True, bootable=True)
        assert text in refusal(play.attach(play.create(), multi, minor=59), 400)
        for device, image in ((play.vol(multi, boot_index=0), ""), (play.vol(multi), play.image)):
            devices = [device] if not image else [play.local(), device]
            answer = play.ask_for_server(59, imageRef=image, block_device_mapping_v2=devices)
            assert text in refusal(answer, 400)


class TestW6:
    @pytest.fixture
    def attached(self, play):
        server, volume = play.create(), play.volume()
        assert play.attach(server, volume).code == 200
        return server, volume

    def test_detach_while_the_host_is_down(self, play, attached):
        server, volume = attached
        play.set_hosts("host1", "host2", "host3", up=False)
        assert refusal(play.detach(server, volume), 409) == "Service is unavailable at this time."
        assert play.status(volume) == "in-use"

    @pytest.mark.parametrize("status", ["error", "maintenance", "attaching", "available", "reserved", "detaching"])
    def test_detach_a_volume_that_is_not_in_use(self, play, attached, status):
        server, volume = attached
        path = f"/volumes/{volume}/action"
        assert play.cinder("POST", path, {"os-reset_status": {"status": status}}, "admin").code == 202
        assert "Invalid volume" in refusal(play.detach(server, volume), 400)
        assert "status must be 'in-use'" in refusal(play.act(server, "rescue", {}), 409)
        assert "status must be 'in-use'" in refusal(play.act(server, "rebuild", {"imageRef": play.image}), 400)

    @pytest.mark.parametrize("device", ["/dev/vdb", "/dev/vda"])
    def test_a_device_name_in_use(self, play, device):
        server = play.create()
        assert play.attach(server, play.volume(), device="/dev/vdb").code == 200
        answer = play.attach(server, play.volume(), device=device)
        assert answer.code == 409 or answer.body["volumeAttachment"]["device"] != device
        listed = play.ask("GET", f"/servers/{server}/os-volume_attachments").body["volumeAttachments"]
        names = [each["device"] for each in listed]
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize(
        ("field", "value"), [("device", "/dev/vdz"), ("tag", "x"), ("id", "1" * 8 + "-1111-4111-8111-" + "1" * 12)]
    )
    def test_an_update_of_what_cannot_change(self, play, attached, field, value):
        server, volume = attached
        body = {"volumeAttachment": {"volumeId": volume, "delete_on_termination": True, field: value}}
        answer = play.ask("PUT", f"/servers/{server}/os-volume_attachments/{volume}", body, minor=85)
        assert refusal(answer, 400) == f"The {field} property is not mutable"

    def test_a_swap_of_a_volume_that_is_not_migrating(self, play, attached):
        server, volume = attached
        body = {"volumeAttachment": {"volumeId": play.volume()}}
        answer = play.ask("PUT", f"/servers/{server}/os-volume_attachments/{volume}", body, "admin", 84)
        assert "is not migrating" in refusal(answer, 409)
        listed = play.ask("GET", f"/servers/{server}/os-volume_attachments").body["volumeAttachments"]
        assert [each["volumeId"] for each in listed] == [volume]
