"""Volumes attached to a server. Source: Nova's API reference and samples."""

from __future__ import annotations

import pytest

from tests.api.compute.servers.client import NOWHERE, ServerWithVolumes


@pytest.fixture
def play():
    return ServerWithVolumes()


def test_keys_of_an_attachment_depend_on_the_microversion(play):
    volume = play.volume()
    assert play.attach(volume, device="/dev/vdd", tag="data").body == {
        "volumeAttachment": {
            "device": "/dev/vdd",
            "id": volume,
            "serverId": play.web,
            "volumeId": volume,
            "tag": "data",
            "delete_on_termination": False,
        }
    }
    path = f"/servers/{play.web}/os-volume_attachments/{volume}"
    keys = {minor: set(play.ask("GET", path, minor=minor).body["volumeAttachment"]) for minor in (69, 70, 79, 89)}
    assert keys[69] == {"device", "id", "serverId", "volumeId"}
    assert keys[70] == keys[69] | {"tag"}
    assert keys[79] == keys[70] | {"delete_on_termination"}
    assert keys[89] == keys[79] - {"id"} | {"attachment_id", "bdm_uuid"}
    assert play.ask("GET", f"/servers/{play.web}/os-volume_attachments/{NOWHERE}").code == 404
    assert play.attach(play.volume(), minor=101).code == 202


def test_the_list_is_paged_by_offset_and_limit(play):
    volumes = [play.volume() for _ in range(3)]
    for volume in volumes:
        play.attach(volume)
    assert [one["volumeId"] for one in play.attached()] == volumes
    assert [one["device"] for one in play.attached()] == ["/dev/vdb", "/dev/vdc", "/dev/vdd"]
    assert [one["volumeId"] for one in play.attached(offset="1", limit="1")] == volumes[1:2]
    assert [one["volumeId"] for one in play.attached(offset="1")] == volumes[1:]
    assert [one["volumeId"] for one in play.attached(limit="0")] == volumes
    for bad in ({"limit": "x"}, {"limit": "-1"}, {"offset": "x"}):
        assert play.ask("GET", f"/servers/{play.web}/os-volume_attachments", **bad).code == 400


def test_unavailable_volumes_are_refused(play):
    assert play.attach(NOWHERE).code == 404
    assert play.attach(play.volume("other")).code == 404
    broken = play.volume()
    path = f"/v3/{play.callers['admin'].project_id}/volumes/{broken}/action"
    play.ask("POST", path, {"os-reset_status": {"status": "error"}}, "admin", service="volume")
    assert play.attach(broken).code == 400
    assert play.attached() == []


def test_multiattach_volumes_are_shared_from_2_60(play):
    second, shared = play.create("web2"), play.volume(multiattach=True)
    assert play.attach(shared).code == 200
    assert play.attach(shared).code == 400
    assert play.attach(shared, second, minor=59).code == 400
    assert play.attach(shared, second, minor=60).code == 200
    assert play.ask("DELETE", f"/servers/{second}/os-volume_attachments/{shared}").code == 202
    assert play.volume_status(shared) == "in-use"


def test_delete_on_termination_changes_from_2_85(play):
    volume = play.volume()
    play.attach(volume)
    assert play.replace(volume, volume, delete_on_termination=True).code == 202
    assert play.attached()[0]["delete_on_termination"] is True
    assert play.replace(volume, volume, minor=84).code == 403
    assert play.replace(NOWHERE, NOWHERE, delete_on_termination=True).code == 404
    play.ask("DELETE", f"/servers/{play.web}")
    assert play.ask("GET", f"/v3/{play.project}/volumes/{volume}", service="volume").code == 404


def test_only_administrators_may_request_a_swap(play):
    old, new = play.volume(), play.volume(size=2)
    play.attach(old)
    assert play.replace(old, new).code == 403
    assert play.replace(old, new, "admin").code == play.replace(old, old, "admin", 84).code == 409


def test_the_root_volume_cannot_be_detached(play):
    root = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0, "volume_size": 1}
    body = {"name": "v", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [root]}
    server = play.ask("POST", "/servers", {"server": body}).body["server"]["id"]
    (volume,) = play.ask("GET", f"/servers/{server}").body["server"]["os-extended-volumes:volumes_attached"]
    path = f"/servers/{server}/os-volume_attachments/{volume['id']}"
    refusal = play.ask("DELETE", path)
    assert (refusal.code, refusal.body["badRequest"]["message"]) == (400, "Cannot detach a root device volume")
