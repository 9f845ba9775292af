"""Volumes of builds that a host aborts: limits of the volume service, and the same volume twice."""

from __future__ import annotations

import pytest

from novasim.records import Attachment, Volume
from tests.play import Play


@pytest.fixture
def play():
    return Play()


def new_volume(play, **fields):
    body = {"volume": {"size": 1, **fields}}
    return play.ask("POST", f"/v3/{play.callers['demo'].project_id}/volumes", body, service="volume").body["volume"][
        "id"
    ]


def set_quota(play, **limits):
    project = play.callers["demo"].project_id
    path = f"/v3/{play.callers['admin'].project_id}/os-quota-sets/{project}"
    assert play.ask("PUT", path, {"quota_set": limits}, "admin", service="volume").code == 200


def on_volume(play, size=1, **fields):
    device = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0}
    return device | {"volume_size": size} | fields


def blank(size=1, **fields):
    return {"source_type": "blank", "destination_type": "volume", "boot_index": -1, "volume_size": size} | fields


def build(play, *devices, flavor="2"):
    return play.create(imageRef="", block_device_mapping_v2=list(devices), flavor=flavor)


def fault(play, server):
    view = play.ask("GET", f"/servers/{server}").body["server"]
    assert view["status"] == "ERROR", view
    return view["fault"]["message"]


@pytest.mark.parametrize(
    ("limits", "size", "reason"),
    [
        ({"volumes": 1}, 1, "VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota 'volumes'."),
        ({"gigabytes": 3}, 3, "Requested 3G, quota is 3G and 1G has been consumed."),
        ({"per_volume_gigabytes": 2}, 3, "Requested volume size 3G is larger than maximum allowed limit 2G."),
    ],
)
def test_a_limit_of_the_volume_service_aborts_the_build(play, limits, size, reason):
    kept = new_volume(play)
    set_quota(play, **limits)
    server = build(play, on_volume(play, size))
    assert fault(play, server).startswith(f"Build of instance {server} aborted: ")
    assert fault(play, server).endswith(reason)
    assert [volume.id for volume in play.all(Volume)] == [kept]


def test_each_volume_of_the_request_counts(play):
    set_quota(play, volumes=2)
    server = build(play, on_volume(play, delete_on_termination=True), blank(delete_on_termination=True), blank())
    assert "Maximum number of volumes allowed (2)" in fault(play, server)
    assert play.all(Volume) == []


def test_a_data_volume_smaller_than_its_image_aborts_the_build(play):
    debian = play.find_id("image", "/v2/images", "images", "debian-12")
    server = build(play, on_volume(play), on_volume(play, 2, uuid=debian, boot_index=-1))
    reason = "Invalid input received: Volume size 2GB cannot be smaller than the image minDisk size 4GB."
    assert fault(play, server) == f"Build of instance {server} aborted: Invalid input received: {reason}"


def test_a_volume_smaller_than_its_snapshot_aborts_the_build(play):
    path = f"/v3/{play.callers['demo'].project_id}/snapshots"
    body = {"snapshot": {"volume_id": new_volume(play, size=3)}}
    snapshot = play.ask("POST", path, body, service="volume").body["snapshot"]["id"]
    data = {"uuid": snapshot, "source_type": "snapshot", "destination_type": "volume", "volume_size": 2}
    server = build(play, on_volume(play), data | {"boot_index": -1})
    assert "Volume size '2'GB cannot be smaller than the snapshot size 3GB." in fault(play, server)


class TestTheSameVolumeTwice:
    @pytest.fixture
    def server(self, play):
        data = {"uuid": new_volume(play), "source_type": "volume", "destination_type": "volume", "boot_index": -1}
        return build(play, on_volume(play, delete_on_termination=True), data, dict(data))

    def test_aborts_the_build(self, play, server):
        assert "is already connected with attachment" in fault(play, server)

    def test_the_volume_is_free_and_the_new_one_is_gone(self, play, server):
        assert [(each.status, each.attachments, each.reserved) for each in play.all(Volume)] == [("available", [], [])]

    def test_the_server_still_lists_it_and_so_no_other_server_gets_it(self, play, server):
        (volume,) = play.all(Volume)
        listed = play.ask("GET", f"/servers/{server}/os-volume_attachments").body["volumeAttachments"]
        assert [each["volumeId"] for each in listed] == [volume.id, volume.id]
        body = {"volumeAttachment": {"volumeId": volume.id}}
        path = f"/servers/{play.create('web2')}/os-volume_attachments"
        assert play.ask("POST", path, body).code == 400
        play.ask("DELETE", f"/servers/{server}")
        assert play.all(Attachment) == []
        assert play.ask("POST", path, body).code == 200


def test_a_source_that_is_deleted_before_the_build_aborts_it():
    """Source: nova/virt/block_device.py, DriverVolSnapshotBlockDevice and DriverVolImageBlockDevice."""
    play = Play("manual")
    volume, project = new_volume(play), play.callers["demo"].project_id
    play.advance(5)
    body = {"snapshot": {"volume_id": volume}}
    snapshot = play.ask("POST", f"/v3/{project}/snapshots", body, service="volume").body["snapshot"]["id"]
    play.advance(5)
    data = {"source_type": "snapshot", "destination_type": "volume", "boot_index": -1, "uuid": snapshot}
    root = {"source_type": "image", "destination_type": "local", "boot_index": 0, "uuid": play.image}
    first, second = build(play, on_volume(play)), play.create(block_device_mapping_v2=[root, data])
    assert play.ask("DELETE", f"/v3/{project}/snapshots/{snapshot}", service="volume").code == 202
    play.advance(0.4)
    assert play.ask("DELETE", f"/v2/images/{play.image}", who="admin", service="image").code == 204
    play.advance(20)
    assert fault(play, first) == f"Build of instance {first} aborted: Image {play.image} could not be found."
    assert fault(play, second) == f"Build of instance {second} aborted: Snapshot {snapshot} could not be found."
    assert [each.id for each in play.all(Volume)] == [volume]


def test_only_a_blank_volume_has_a_name(play):
    server = build(play, on_volume(play), blank())
    names = [(volume.name, volume.description) for volume in play.all(Volume)]
    assert sorted(names) == [("", ""), (f"{server}-blank-vol", "")]
